package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// binaryDir holds the command that the tests run; TestMain removes it.
var binaryDir string

func TestMain(m *testing.M) {
	code := 1
	defer func() { os.Exit(code) }()
	dir, err := os.MkdirTemp("", "conform-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binaryDir = dir
	// Most of these tests wait, for a process or for time to pass: more of them than there are processors go on beside each other, unless
	// the command line says how many.
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set(strconv.Itoa(2 * runtime.GOMAXPROCS(0))) // a number is one
	}
	code = m.Run()
	for _, end := range ends {
		end()
	}
}

var (
	endsMu sync.Mutex
	ends   []func()
)

// atEnd has something done when all tests are over.
func atEnd(do func()) {
	endsMu.Lock()
	defer endsMu.Unlock()
	ends = append(ends, do)
}

var buildOnce = sync.OnceValues(func() (string, error) {
	name := filepath.Join(binaryDir, "conform")
	cmd := exec.Command("go", "build", "-trimpath", "-o", name, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the command: %w: %s", err, output)
	}
	return name, nil
})

// conformBinary builds the command, once for all tests, and returns its path.
func conformBinary(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the command is built and run hundreds of times")
	}
	name, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// outcome is what one call of the command came to.
type outcome struct {
	code           int
	stdout, stderr string
	took           time.Duration
	report         *verdict.Report // nil when it left none
	dir            string          // the folder that it worked in, its home and its place for temporary files too
}

// conform runs the command with its reports in a folder of the test, and without the caller's credentials.
func conform(t testing.TB, env []string, args ...string) outcome {
	t.Helper()
	return within(t, `exec "$@"`, env, args...)
}

// within is conform in surroundings that a script for a shell makes, of which "$@" is the command.
func within(t testing.TB, script string, env []string, args ...string) outcome {
	t.Helper()
	binary := conformBinary(t) // which the first to ask waits for, however long that takes
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	dir := t.TempDir()
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", script, "sh", binary}, args...)...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir}, env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	started := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("conform %v: %v: %s", args, err, stderr.String())
	}
	o := outcome{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), took: time.Since(started), dir: dir}
	if data, err := os.ReadFile(filepath.Join(dir, "reports/run/report.json")); err == nil {
		o.report = &verdict.Report{}
		if err := json.Unmarshal(data, o.report); err != nil {
			t.Fatalf("reading the report: %v", err)
		}
	}
	return o
}

// serve starts a reference server for the test.
func serve(t testing.TB, o reference.Options) *reference.Server {
	t.Helper()
	s, err := reference.Serve(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// describe writes the target file of a server.
func describe(t testing.TB, s *reference.Server) string {
	t.Helper()
	data, err := s.Target().MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "target.yaml", string(data))
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
