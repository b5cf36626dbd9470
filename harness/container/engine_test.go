package container

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// Label is on everything that an Engine makes; its value names the Engine.
const Label = "org.example.conform.engine"

// The deadlines of what an engine is asked to do. They are for an engine that hangs: a busy one keeps well within them.
const (
	buildTime = 3 * time.Minute
	makeTime  = 2 * time.Minute
	readyTime = 2 * time.Minute
	closeTime = 2 * time.Minute
)

// ErrClosed is returned for what is asked of an Engine after Close.
var ErrClosed = errors.New("the container engine is closed")

// Engine makes images, networks and containers, and takes all of them away again. It is safe for concurrent use.
type Engine struct {
	provider *testcontainers.DockerProvider
	api      client.APIClient
	id       string
	host     string // on which published ports are reached

	mu       sync.Mutex
	closed   bool
	underway sync.WaitGroup
	ctx      context.Context // ends when Close begins
	cancel   context.CancelFunc
}

// Open finds the engine. Where none can be used the error is an *Unavailable, within AnswerTime. What engines of
// processes that have gone left behind is removed. The caller ends it with Close.
func Open(ctx context.Context) (*Engine, error) {
	if err := Detect(ctx, Host()); err != nil {
		return nil, err
	}
	if err := configure(); err != nil {
		return nil, err
	}
	provider, err := testcontainers.NewDockerProvider(testcontainers.WithLogger(log.NewNoopLogger()))
	if err != nil {
		return nil, fmt.Errorf("opening the container engine: %w", err)
	}
	e := &Engine{provider: provider, api: provider.Client(), id: strings.ToLower(rand.Text()[:12]), host: "127.0.0.1"}
	if host := os.Getenv(hostVariable); host != "" {
		e.host = host
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	if err := e.sweepStale(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("removing what an earlier process left: %w", err), provider.Close())
	}
	return e, nil
}

// hostVariable names the address of published ports, for an engine on another machine or seen from within a container.
const hostVariable = "TESTCONTAINERS_HOST_OVERRIDE"

// configure sets what testcontainers takes from the environment alone: no reaper, since its image would have to be
// pulled, and no guess at the address of published ports, which goes wrong where a machine looks like a container.
var configure = sync.OnceValue(func() error {
	log.SetDefault(log.NewNoopLogger())
	if err := os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true"); err != nil {
		return fmt.Errorf("turning off the reaper: %w", err)
	}
	return nil
})

// ID is the value of Label on everything that the engine makes.
func (e *Engine) ID() string { return e.id }

// labels are what marks something as this engine's.
func (e *Engine) labels() map[string]string {
	return map[string]string{Label: e.id, ownerLabel: owner()}
}

// begin enters an operation. Its context ends with the caller's, with the engine, and after the time.
func (e *Engine) begin(ctx context.Context, limit time.Duration) (context.Context, func(), error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, nil, ErrClosed
	}
	e.underway.Add(1)
	ctx, cancel := context.WithTimeout(ctx, limit)
	stop := context.AfterFunc(e.ctx, cancel)
	return ctx, func() {
		stop()
		cancel()
		e.underway.Done()
	}, nil
}

// whole is a context for a step that must not be left half done: it outlives its parent, but not the time.
func whole(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}

// Close ends what is under way, and removes every container, network and image of the engine. The error names what
// could not be removed. Closing again does nothing.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	e.mu.Unlock()
	e.cancel()
	e.underway.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return errors.Join(remove(ctx, e.api, Label+"="+e.id), e.provider.Close())
}
