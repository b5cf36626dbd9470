package container_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"example.org/conform/harness/container"
)

// roleVariable makes this executable play a part in a test of its own instead of running the tests.
const roleVariable = "CONFORM_CONTAINER_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		os.Exit(guarded(func() int { return play(role) }))
	}
	os.Exit(guarded(m.Run))
}

// guard knows the engines that are open, for a signal to close them, and the executable under test.
var guard = struct {
	sync.Mutex
	engines []*container.Engine
	folder  string
}{}

// guarded runs until the end or a signal, and leaves no container, network or image behind either way.
func guarded(run func() int) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		if err := closeAll(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(130)
	}()
	code := run()
	if err := closeAll(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func closeAll() error {
	guard.Lock()
	defer guard.Unlock()
	var errs []error
	for _, e := range guard.engines {
		errs = append(errs, e.Close())
	}
	if guard.folder != "" {
		errs = append(errs, os.RemoveAll(guard.folder))
	}
	return errors.Join(errs...)
}

// open is container.Open, with the engine known to the guard.
func open(ctx context.Context) (*container.Engine, error) {
	e, err := container.Open(ctx)
	if err != nil {
		return nil, err
	}
	guard.Lock()
	defer guard.Unlock()
	guard.engines = append(guard.engines, e)
	return e, nil
}

// engine opens an engine for one test, which fails if anything of it is left at its end. Without an engine on this
// machine the test is skipped; where CI says so, the machine must have one.
func engine(t *testing.T) *container.Engine {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: a container takes seconds to start")
	}
	e, err := open(t.Context())
	require(t, err)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		left, err := container.Leftovers(context.Background(), container.Label+"="+e.ID())
		if err != nil || len(left) > 0 {
			t.Errorf("left in the container engine: %q, error %v", left, err)
		}
	})
	return e
}

// require skips the test when something that it needs is not on this machine, and fails it when that is CI's.
func require(t *testing.T, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("CI must be able to run this: %v", err)
	default:
		t.Skip(err)
	}
}

// program requires a program of this machine.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	require(t, err)
	return path
}

// command is the command under test, one static executable, built once.
var command = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "conform-container-test-")
	if err != nil {
		return "", err
	}
	guard.Lock()
	guard.folder = folder
	guard.Unlock()
	executable := filepath.Join(folder, "conform")
	build := exec.Command("go", "build", "-trimpath", "-o", executable, "./cmd/conform")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the command: %w: %s", err, output)
	}
	return executable, nil
})

func built(t *testing.T) string {
	t.Helper()
	executable, err := command()
	if err != nil {
		t.Fatal(err)
	}
	return executable
}

// images is the engine that holds the images which tests share; it is closed after the last test.
var images = sync.OnceValues(func() (*container.Engine, error) { return open(context.Background()) })

var buildReference = sync.OnceValues(func() (string, error) {
	executable, err := command()
	if err != nil {
		return "", err
	}
	e, err := images()
	if err != nil {
		return "", err
	}
	return e.BuildReference(context.Background(), executable)
})

// referenceImage is the image of the reference servers.
func referenceImage(t *testing.T) string {
	t.Helper()
	image, err := buildReference()
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// single fails the test unless the text is one line that holds all the parts.
func single(t *testing.T, text string, parts ...string) {
	t.Helper()
	text = strings.TrimSpace(text)
	if strings.Contains(text, "\n") {
		t.Errorf("more than one line: %s", text)
	}
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}
