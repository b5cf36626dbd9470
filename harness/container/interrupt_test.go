package container_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"example.org/conform/harness/container"
)

// play is what this executable does in a role.
func play(role string) int {
	var err error
	switch role {
	case "hold":
		err = hold()
	case "detect":
		err = container.Detect(context.Background(), container.Host())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// hold has a container, a network and an image, says so with the name of its engine, and waits to be ended.
func hold() error {
	ctx := context.Background()
	e, err := open(ctx)
	if err != nil {
		return err
	}
	image, err := e.BuildReference(ctx, os.Getenv("CONFORM"))
	if err != nil {
		return err
	}
	network, err := e.Network(ctx, false)
	if err != nil {
		return err
	}
	if _, err := e.Reference(ctx, container.ReferenceOptions{Image: image, Profile: "adaxes-2025.1", Network: network}); err != nil {
		return err
	}
	fmt.Println(e.ID())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// holding starts this executable in the role "hold", and returns it and the name of its engine.
func holding(t *testing.T) (cmd *exec.Cmd, id string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(self)
	cmd.Env = append(os.Environ(), roleVariable+"=hold", "CONFORM="+built(t))
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // closed with the test: what it holds does not outlive it
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err, cmd.Wait())
	}
	id = strings.TrimSpace(line)
	if left := leftovers(t, id); len(left) != 3 {
		t.Fatalf("it holds %q: not a container, a network and an image", left)
	}
	return cmd, id
}

func leftovers(t *testing.T, id string) []string {
	t.Helper()
	left, err := container.Leftovers(context.Background(), container.Label+"="+id)
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func TestInterruptLeavesNothing(t *testing.T) {
	t.Parallel()
	engine(t)
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd, id := holding(t)
		if err := cmd.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // its code says that it was interrupted
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("after %s: exit code %d", sent, code)
		}
		if left := leftovers(t, id); len(left) > 0 {
			t.Errorf("after %s: %q", sent, left)
		}
	}
}

func TestNextEngineRemovesWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	engine(t)
	cmd, id := holding(t)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	engine(t)
	if left := leftovers(t, id); len(left) > 0 {
		t.Errorf("%q", left)
	}
}
