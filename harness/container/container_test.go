package container

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	containertypes "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// Container is one that was started. The caller ends it with End, or leaves that to the engine's Close.
type Container struct {
	engine *Engine
	made   testcontainers.Container
}

// ID is the engine's name for the container.
func (c *Container) ID() string { return c.made.GetContainerID() }

// Address is the host:port at which a published port is reached from this machine.
func (c *Container) Address(ctx context.Context, port int) (string, error) {
	seen, err := c.made.Inspect(ctx)
	if err != nil {
		return "", fmt.Errorf("asking for the address of port %d: %w", port, err)
	}
	for inside, bindings := range seen.NetworkSettings.Ports {
		if int(inside.Num()) == port && len(bindings) > 0 {
			return net.JoinHostPort(c.engine.host, bindings[0].HostPort), nil
		}
	}
	return "", fmt.Errorf("the container publishes no port %d", port)
}

// Read returns a file of the container.
func (c *Container) Read(ctx context.Context, name string) (content []byte, err error) {
	file, err := c.made.CopyFileFromContainer(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s from the container: %w", name, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if content, err = io.ReadAll(file); err != nil {
		return nil, fmt.Errorf("reading %s from the container: %w", name, err)
	}
	return content, nil
}

// Output is what the container has printed so far.
func (c *Container) Output(ctx context.Context) (stdout, stderr string, err error) {
	stream, err := c.engine.api.ContainerLogs(ctx, c.ID(), client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
	if err != nil {
		return "", "", fmt.Errorf("reading what the container printed: %w", err)
	}
	defer func() { err = errors.Join(err, stream.Close()) }()
	var out, errOut bytes.Buffer
	if _, err := stdcopy.StdCopy(&out, &errOut, stream); err != nil {
		return "", "", fmt.Errorf("reading what the container printed: %w", err)
	}
	return out.String(), errOut.String(), nil
}

// Await waits until the container prints the text, or has printed it. The error of a container that ends first has
// its last words.
func (c *Container) Await(ctx context.Context, text string) error {
	ctx, end, err := c.engine.begin(ctx, readyTime)
	if err != nil {
		return err
	}
	defer end()
	return c.await(ctx, text)
}

func (c *Container) await(ctx context.Context, text string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.engine.api.ContainerLogs(ctx, c.ID(), client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true, Follow: true})
	if err != nil {
		return fmt.Errorf("following what the container prints: %w", err)
	}
	// The stream ends with the container, or with ctx.
	defer func() { _ = stream.Close() }()
	seen := &watcher{text: text}
	_, err = stdcopy.StdCopy(seen, seen, stream)
	switch {
	case seen.found:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("the container did not print %q in time", text)
	case err != nil:
		return fmt.Errorf("following what the container prints: %w", err)
	}
	code, err := c.Wait(ctx)
	if err != nil {
		return err
	}
	return fmt.Errorf("the container ended with code %d: %s", code, seen.last())
}

// watcher reads until the text has come.
type watcher struct {
	text  string
	found bool
	seen  bytes.Buffer
}

// errFound ends the copying.
var errFound = errors.New("found")

func (w *watcher) Write(p []byte) (int, error) {
	w.seen.Write(p)
	if w.found = bytes.Contains(w.seen.Bytes(), []byte(w.text)); w.found {
		return 0, errFound
	}
	return len(p), nil
}

// last is the last line that was printed.
func (w *watcher) last() string {
	lines := strings.Split(strings.TrimSpace(w.seen.String()), "\n")
	return lines[len(lines)-1]
}

// Wait waits until the container has ended, and returns its exit code.
func (c *Container) Wait(ctx context.Context) (int, error) {
	result := c.engine.api.ContainerWait(ctx, c.ID(), client.ContainerWaitOptions{Condition: containertypes.WaitConditionNotRunning})
	select {
	case err := <-result.Error:
		return 0, fmt.Errorf("waiting for the container to end: %w", err)
	case ended := <-result.Result:
		return int(ended.StatusCode), nil
	}
}

// Stop asks the container to end (SIGTERM), kills it after the grace, and returns its exit code.
func (c *Container) Stop(ctx context.Context, grace time.Duration) (int, error) {
	if err := c.made.Stop(ctx, &grace); err != nil {
		return 0, fmt.Errorf("stopping the container: %w", err)
	}
	return c.Wait(ctx)
}

// End removes the container, running or not. It does so even when ctx has ended.
func (c *Container) End(ctx context.Context) error {
	ctx, cancel := whole(ctx, makeTime)
	defer cancel()
	return found{kind: "container", id: c.ID(), name: c.ID()}.remove(ctx, c.engine.api)
}
