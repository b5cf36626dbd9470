package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// running is a run that is under way, and holds what lives for minutes.
type running struct {
	*exec.Cmd
	server               *reference.Server
	file, out, temporary string
	printed              string        // file of what it prints
	held                 chan struct{} // closed, no end of a session or a token is answered any more
}

// start starts a run at a server, and returns when it has made some.
func start(t *testing.T) *running {
	t.Helper()
	lives := reference.Lifetimes{Session: 10 * time.Minute, Token: 11 * time.Minute}
	dir := t.TempDir()
	r := &running{
		server: serve(t, reference.Options{Profile: "adaxes-2025.1", Lifetimes: lives}), held: make(chan struct{}),
		out: filepath.Join(dir, "out"), printed: filepath.Join(dir, "printed"), temporary: t.TempDir(),
	}
	r.file = reachedThrough(t, r.server, func(w http.ResponseWriter, request *http.Request, pass http.Handler) {
		select {
		case <-r.held:
			if request.Method == http.MethodDelete {
				<-request.Context().Done()
				return
			}
		default:
		}
		pass.ServeHTTP(w, request)
	})
	printed, err := os.Create(r.printed)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = printed.Close() }()
	r.Cmd = exec.Command(conformBinary(t), "run", "--target-file", r.file, "--out", r.out)
	r.Env, r.Stdout, r.Stderr = []string{"TMPDIR=" + r.temporary}, printed, printed
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Process.Kill() })
	waitFor(t, func() bool {
		sessions, tokens := r.server.Live()
		return sessions > 0 && tokens > 4 && len(r.server.Requests()) > 500
	})
	return r
}

func (r *running) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := r.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// wait waits for the end of the run, with an exit code, and returns what it has printed.
func (r *running) wait(t *testing.T, code int) string {
	t.Helper()
	var exit *exec.ExitError
	if err := r.Wait(); err != nil && !errors.As(err, &exit) || r.ProcessState.ExitCode() != code {
		t.Errorf("%v, exit code %d, want %d:\n%s", err, r.ProcessState.ExitCode(), code, read(t, r.printed))
	}
	return read(t, r.printed)
}

// interrupted sends a signal, and waits until the run says that it has seen it.
func (r *running) interrupted(t *testing.T, s syscall.Signal) {
	t.Helper()
	close(r.held)
	r.signal(t, s)
	waitFor(t, func() bool { return strings.Contains(read(t, r.printed), "conform: interrupted: ") })
}

// A second signal gives up on ending what the run has made, and on nothing else: the reports are written, and name what is left.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	for _, second := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		r := start(t)
		r.interrupted(t, syscall.SIGINT)
		r.signal(t, second)
		output := r.wait(t, verdict.ExitIncomplete)
		report, err := reports.Read(filepath.Join(r.out, "report.json"))
		if err != nil {
			t.Fatalf("%v:\n%s", err, output)
		}
		if run := report.Runs[0]; report.Complete || run.Totals.Passed == 0 || len(run.LeftBehind) == 0 || run.Totals.Failed > 0 {
			t.Errorf("complete %v, %+v, left behind: %v", report.Complete, run.Totals, run.LeftBehind)
		}
	}
}
