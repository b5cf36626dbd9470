package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"example.org/conform/harness/coordinator"
)

// The variables by which the processes of a run know their role.
const (
	// SocketVariable holds the address of the run's coordinator; it is set for Ginkgo's runner and for the workers.
	SocketVariable = "CONFORM_RUN_SOCKET"
	// RunnerVariable is set for Ginkgo's runner alone, and holds its arguments.
	RunnerVariable = "CONFORM_RUN_GINKGO"
)

const (
	// grace is how long an interrupted run may take to clean up before it is killed.
	grace = 40 * time.Second
	// compiled is the file name by which Ginkgo takes our executable for a suite that is compiled already.
	compiled = "conform.test"
)

// work has Ginkgo work through the checks, and returns when every process has ended.
func (r *Run) work(ctx context.Context) (err error) {
	listener, err := coordinator.Listen(r.state)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, listener.Close()) }()
	if err := os.Symlink(r.options.Executable, filepath.Join(listener.Dir(), compiled)); err != nil {
		return fmt.Errorf("linking the executable for Ginkgo: %w", err)
	}
	seed := r.options.Seed
	if seed == 0 {
		seed = time.Now().UnixNano()
	}
	var output bytes.Buffer
	runner := exec.Command(r.options.Executable)
	runner.Dir = listener.Dir()
	runner.Stdout, runner.Stderr = &output, &output
	runner.Env = append(os.Environ(), SocketVariable+"="+listener.Address(),
		fmt.Sprintf("%s=%d %d", RunnerVariable, r.options.Procs, seed))
	// A group of its own: the terminal's interrupt reaches the command alone, which passes it on once.
	runner.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := runner.Start(); err != nil {
		return fmt.Errorf("starting Ginkgo's runner: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- runner.Wait() }()
	select {
	case <-ended:
	case <-ctx.Done():
		_ = syscall.Kill(-runner.Process.Pid, syscall.SIGINT)
		select {
		case <-ended:
		case <-time.After(grace):
			_ = syscall.Kill(-runner.Process.Pid, syscall.SIGKILL)
			<-ended
		}
		return nil
	}
	// Ginkgo's exit code says that something failed, which the results say better. What they cannot say is that
	// workers died.
	if lost := r.unfinished(); lost > 0 {
		return fmt.Errorf("%d checks were lost with the process that ran them; its last words: %s", lost, tail(r.Scrub(output.String())))
	}
	return nil
}

func (r *Run) unfinished() int {
	done := map[string]bool{}
	for _, result := range r.state.Results() {
		done[fmt.Sprint(result.Run, result.Check.ID)] = true
	}
	lost := 0
	for i, p := range r.planned {
		if r.problems[i] != nil {
			continue
		}
		for _, d := range p.Plan.Run {
			if !done[fmt.Sprint(i, d.ID)] {
				lost++
			}
		}
	}
	return lost
}

// tail is the end of a process's output, on one line.
func tail(s string) string {
	const most = 2000
	if len(s) > most {
		s = "…" + s[len(s)-most:]
	}
	return string(bytes.Join(bytes.Fields([]byte(s)), []byte(" ")))
}
