package container

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/moby/moby/client"
)

// AnswerTime is how long an engine may take to say that it is there.
const AnswerTime = 5 * time.Second

// Unavailable says in one line why no engine can be used, and what to do about it.
type Unavailable struct {
	Host   string
	Reason string
	Remedy string
	cause  error
}

func (u *Unavailable) Error() string {
	return fmt.Sprintf("no container engine at %s: %s; %s", u.Host, u.Reason, u.Remedy)
}

// Unwrap returns what the attempt to reach the engine came to.
func (u *Unavailable) Unwrap() error { return u.cause }

// Host is the address of the engine: DOCKER_HOST, or the system's own socket.
func Host() string {
	if host := os.Getenv(client.EnvOverrideHost); host != "" {
		return host
	}
	return client.DefaultDockerHost
}

// Detect asks the engine at the host whether it is there. It returns within AnswerTime; the error is an *Unavailable.
func Detect(ctx context.Context, host string) error {
	ctx, cancel := context.WithTimeout(ctx, AnswerTime)
	defer cancel()
	unavailable := func(err error) error {
		reason, remedy := explain(ctx, err)
		return &Unavailable{Host: host, Reason: reason, Remedy: remedy, cause: err}
	}
	api, err := client.New(client.FromEnv, client.WithHost(host))
	if err != nil {
		return unavailable(err)
	}
	defer func() { _ = api.Close() }()
	if _, err := api.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		return unavailable(err)
	}
	return nil
}

// explain puts an engine's silence into words.
func explain(ctx context.Context, err error) (reason, remedy string) {
	text := err.Error()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", AnswerTime), "restart the engine, or point DOCKER_HOST at another"
	case errors.Is(ctx.Err(), context.Canceled):
		return "interrupted", "try again"
	case errors.Is(err, fs.ErrPermission), strings.Contains(text, "permission denied"):
		return "this user may not use it", "join the group that owns the socket (usually docker), or run as root"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), strings.Contains(text, "Cannot connect"),
		strings.Contains(text, "failed to connect"):
		return "nothing listens there", "install docker.io and start dockerd, or set DOCKER_HOST"
	}
	return oneLine(text), "mend the engine, or point DOCKER_HOST at another"
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
