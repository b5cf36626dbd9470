package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"example.org/conform/harness/verdict"
)

var (
	realServers = flag.String("real", "", "servers of TestRealServers, separated by commas; all for all")
	realDir     = flag.String("real-dir", "", "where TestRealServers installs them; empty for a folder in the user's cache")
)

// examples has a folder for each of them, with its contract, its target and what is expected of it.
const examples = "../../openapi/examples"

// realExpected is what a server that nobody here wrote is known to keep and to break.
type realExpected struct {
	Verdict string `yaml:"verdict"`
	// Found are the requirements that it breaks, and Sometimes those that it breaks now and then.
	Found     []string `yaml:"found"`
	Sometimes []string `yaml:"sometimes"`
	// Only selects checks, where all would take too long.
	Only string `yaml:"only"`
}

// realRun is one of them, while it is judged.
type realRun struct {
	realServer
	installed, home string // its program, and what it writes
	port            int
	password        string
}

func (r *realRun) url() string { return fmt.Sprintf("http://127.0.0.1:%d", r.port) }

// TestRealServers is make real: servers that nobody here wrote are installed, started on this machine's own address, judged, and ended.
func TestRealServers(t *testing.T) {
	if *realServers == "" {
		t.Skip("-real says which servers: make real")
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	t.Cleanup(stop)
	chosen := strings.Split(*realServers, ",")
	for _, name := range chosen {
		if name != "all" && !slices.ContainsFunc(knownServers, func(s realServer) bool { return s.name == name }) {
			t.Errorf("no server %q is known here", name)
		}
	}
	for _, s := range knownServers {
		named := slices.Contains(chosen, s.name)
		if !named && !slices.Contains(chosen, "all") {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(s.tool); err != nil {
				fmt.Printf("%s: not judged: %s is missing; install it (apt-get install %s)\n", s.name, s.tool, s.debian)
				if named {
					t.Fail()
				}
				return
			}
			r := realRun{realServer: s, home: t.TempDir(), password: rand.Text()}
			if err := r.judged(ctx, t); err != nil {
				fmt.Printf("%s: %v\n", s.name, err)
				t.Fail()
			}
		})
	}
}

// judged installs it, starts it, has it judged, and says what differs from what is expected.
func (r *realRun) judged(ctx context.Context, t *testing.T) error {
	var want realExpected
	if err := readExpected(filepath.Join(examples, r.name, "expected.yaml"), &want); err != nil {
		return err
	}
	if err := r.installOnce(ctx); err != nil {
		return fmt.Errorf("install: %w", err)
	}
	end, err := r.started(ctx)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	defer end()
	begun := time.Now()
	out := filepath.Join(r.home, "reports")
	args := []string{
		"run", "--target-file", filepath.Join(examples, r.name, "target.yaml"), "--contract", filepath.Join(examples, r.name, r.name+".yaml"), "--out", out,
	}
	if want.Only != "" {
		args = append(args, "--label-filter", want.Only)
	}
	cmd := r.command(ctx, conformBinary(t), args...)
	cmd.Dir = ""
	cmd.Env = append(cmd.Env, "CONFORM_URL="+r.url())
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	data, missing := os.ReadFile(filepath.Join(out, "report.json"))
	var report verdict.Report
	if missing != nil || json.Unmarshal(data, &report) != nil || len(report.Runs) != 1 {
		return fmt.Errorf("no report (%v): %s", err, said)
	}
	lines, differs := want.against(report.Runs[0])
	fmt.Printf("%s %s: %s, in %.0f s\n%s", r.name, r.version, report.Runs[0].Verdict, time.Since(begun).Seconds(), lines)
	if differs {
		return fmt.Errorf("differs from openapi/examples/%s/expected.yaml:\n%s", r.name, said)
	}
	return nil
}

func readExpected(file string, into *realExpected) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return yaml.UnmarshalWithOptions(text, into, yaml.Strict())
}

// against says what was found, and whether anything else was expected.
func (e realExpected) against(run verdict.Run) (lines string, differs bool) {
	var text strings.Builder
	differs = string(run.Verdict) != e.Verdict
	if differs {
		fmt.Fprintf(&text, "  EXPECTED %s; %s\n", e.Verdict, run.Reason)
	}
	seen := map[string]bool{}
	for _, c := range run.Checks {
		id := c.Requirements[0]
		if !c.Broken() || seen[id] {
			continue
		}
		seen[id] = true
		fmt.Fprintf(&text, "  %-8s %-44s %s\n", c.Status, id, c.Title)
		if !slices.Contains(e.Found, id) && !slices.Contains(e.Sometimes, id) {
			differs = true
			fmt.Fprintf(&text, "  NOT EXPECTED: %s\n", id)
		}
	}
	for _, id := range e.Found {
		if !seen[id] {
			differs = true
			fmt.Fprintf(&text, "  EXPECTED %s, and not found\n", id)
		}
	}
	return text.String(), differs
}

// installOnce installs it where it is not yet, whole or not at all.
func (r *realRun) installOnce(ctx context.Context) error {
	dir := *realDir
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		dir = filepath.Join(cache, "conform-real")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	r.installed = filepath.Join(dir, r.name+"-"+r.version)
	if r.install == nil {
		return nil
	}
	if _, err := os.Stat(r.installed); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(dir, r.name+"-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	args := r.install(fresh)
	cmd := r.command(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = fresh, append(os.Environ(), "GOBIN="+fresh)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, said)
	}
	return os.Rename(fresh, r.installed)
}

// command runs a program in a group of its own, so that a signal from the terminal comes to this process alone, which ends the program.
func (r *realRun) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = r.home, append(os.Environ(), "CONFORM_PASSWORD="+r.password)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// started starts it, and returns what ends it, when it answers and has its account.
func (r *realRun) started(ctx context.Context) (end func(), err error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.port = free.Addr().(*net.TCPAddr).Port
	_ = free.Close()
	args, err := r.configure(ctx, r)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithCancel(ctx)
	cmd := r.command(within, args[0], args[1:]...)
	log, err := os.Create(filepath.Join(r.home, "server.log"))
	if err != nil {
		cancel()
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	end = func() {
		cancel()
		<-ended
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it has started itself
		_ = log.Close()
	}
	if err = r.answers(ctx, ended); err == nil && r.setUp != nil {
		err = r.setUp(ctx, r)
	}
	if err != nil {
		end()
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%w\n%.4000s", err, said)
	}
	return end, nil
}

// slowest is the longest that one of them may take to start, on a machine that does other things too.
const slowest = 2 * time.Minute

// answers waits until it answers anything.
func (r *realRun) answers(ctx context.Context, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url()+"/", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			return answer.Body.Close()
		}
		select {
		case <-ended:
			return errors.New("it ended by itself")
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
