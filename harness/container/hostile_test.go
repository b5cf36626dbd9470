package container_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.org/conform/harness/container"
)

// socket listens where an engine could, and answers nothing.
func socket(t *testing.T) string {
	t.Helper()
	// The name of a socket has 108 bytes at most, fewer than the name of a test's folder may have.
	folder, err := os.MkdirTemp("", "engine-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	name := filepath.Join(folder, "s")
	listener, err := net.Listen("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return name
}

func TestEngineThatIsNotThere(t *testing.T) {
	t.Parallel()
	err := container.Detect(t.Context(), "unix://"+filepath.Join(t.TempDir(), "none.sock"))
	var unavailable *container.Unavailable
	if !errors.As(err, &unavailable) {
		t.Fatalf("%v", err)
	}
	single(t, err.Error(), "nothing listens there", "dockerd")
}

func TestEngineThatHangs(t *testing.T) {
	t.Parallel()
	err := container.Detect(t.Context(), "unix://"+socket(t))
	var unavailable *container.Unavailable
	if !errors.As(err, &unavailable) {
		t.Fatalf("%v", err)
	}
	single(t, err.Error(), "no answer within "+container.AnswerTime.String(), "restart")
}

func TestEngineWithoutPermission(t *testing.T) {
	t.Parallel()
	name := socket(t)
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		single(t, container.Detect(t.Context(), "unix://"+name).Error(), "this user may not use it", "join the group")
		return
	}
	// Permissions do not bind root: somebody else has to try.
	folder := filepath.Dir(name)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(folder, "other")
	if err := errors.Join(os.WriteFile(other, content, 0o755), os.Chmod(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), other)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), roleVariable+"=detect", "DOCKER_HOST=unix://"+name)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	output, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatal("a socket that nobody may open was opened")
	}
	single(t, string(output), "this user may not use it", "join the group")
}

func TestPortThatIsTaken(t *testing.T) {
	t.Parallel()
	e := engine(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	taken := listener.Addr().(*net.TCPAddr).Port
	image := referenceImage(t)
	_, err = e.Reference(t.Context(), container.ReferenceOptions{Image: image, Profile: "adaxes-2025.1", Port: taken})
	if err == nil {
		t.Fatal("two listen on one port")
	}
	single(t, err.Error(), "is taken", "leave the choice to the engine")
	noContainer(t, e)
}

func TestServerThatEndsAtOnce(t *testing.T) {
	t.Parallel()
	e := engine(t)
	_, err := e.Reference(t.Context(), container.ReferenceOptions{Image: referenceImage(t), Profile: "nobody-1.0"})
	if err == nil {
		t.Fatal("a server of an unknown profile started")
	}
	single(t, err.Error(), "ended with code 2", `no reference server for the profile "nobody-1.0"`)
	noContainer(t, e)
}

func TestImageThatCannotBeBuilt(t *testing.T) {
	t.Parallel()
	e := engine(t)
	if _, err := e.BuildReference(t.Context(), filepath.Join(t.TempDir(), "conform")); err == nil {
		t.Error("an image was built from an executable that is not there")
	} else {
		single(t, err.Error(), "laying out an image", "no such file")
	}
	var root container.Root
	if err := root.File("/file", 0o644, nil); err != nil {
		t.Fatal(err)
	}
	_, err := e.Build(t.Context(), container.Image{Root: &root, User: "65532\nNOSUCHINSTRUCTION"})
	if err == nil {
		t.Fatal("an image was built from nonsense")
	}
	single(t, err.Error(), "building an image", "NOSUCHINSTRUCTION")
	if left := leftovers(t, e.ID()); len(left) > 0 {
		t.Errorf("left by a build that failed: %q", left)
	}
}

func TestImageThatIsNotThereIsNotPulled(t *testing.T) {
	t.Parallel()
	_, err := engine(t).Start(t.Context(), container.Request{Image: "conform.invalid/none:1"})
	if err == nil {
		t.Fatal("an image that nobody has was started")
	}
	single(t, err.Error(), `the engine has no image "conform.invalid/none:1"`)
}

func TestClosedEngine(t *testing.T) {
	t.Parallel()
	e := engine(t)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Network(t.Context(), false); !errors.Is(err, container.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestCallerThatGivesUp(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := referenceImage(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Reference(ctx, container.ReferenceOptions{Image: image, Profile: "adaxes-2025.1"}); err == nil {
		t.Error("a container was started for somebody who had gone")
	}
	noContainer(t, e)
}

func noContainer(t *testing.T, e *container.Engine) {
	t.Helper()
	for _, left := range leftovers(t, e.ID()) {
		if strings.HasPrefix(left, "container") {
			t.Errorf("left: %s", left)
		}
	}
}
