package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.org/conform/harness/verdict"
)

// serving is a server that judges its clients.
type serving struct {
	cmd           *exec.Cmd
	url, verdict  string
	password, out string
}

func serveJudging(t *testing.T, args ...string) *serving {
	t.Helper()
	return judgesClients(t, append([]string{"--profile", "aria-operations-8"}, args...)...)
}

// judgesClients is serveJudging of whatever is given.
func judgesClients(t *testing.T, args ...string) *serving {
	t.Helper()
	s := &serving{out: filepath.Join(t.TempDir(), "reports"), password: "Open-42-sesame"}
	s.cmd = exec.Command(conformBinary(t), append([]string{"serve", "--username", "admin", "--judge", "--out", s.out}, args...)...)
	s.cmd.Env = append(os.Environ(), "CONFORM_PASSWORD="+s.password)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() }) // where the test has not seen it end
	lines := bufio.NewScanner(out)
	lines.Scan()
	s.url = lines.Text()
	lines.Scan()
	s.verdict = strings.TrimPrefix(lines.Text(), "verdict ")
	go func() {
		for lines.Scan() { // so that nothing waits to be read
		}
	}()
	return s
}

// ended is the exit code.
func (s *serving) ended(t *testing.T) int {
	t.Helper()
	err := s.cmd.Wait()
	if failed, is := errors.AsType[*exec.ExitError](err); is {
		return failed.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

func (s *serving) report(t *testing.T) verdict.Run {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.out, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report verdict.Report
	if err := json.Unmarshal(data, &report); err != nil || len(report.Runs) != 1 {
		t.Fatalf("%v, %d runs", err, len(report.Runs))
	}
	if strings.Contains(string(data), s.password) {
		t.Error("the report holds the password")
	}
	return report.Runs[0]
}

func (s *serving) acquire(t *testing.T, body string) { s.post(t, "/api/auth/token/acquire", body) }

func (s *serving) post(t *testing.T, path, body string) {
	t.Helper()
	resp, err := http.Post(s.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func TestServeJudgesItsClients(t *testing.T) {
	t.Parallel()
	good := `{"username": "admin", "password": "Open-42-sesame"}`
	for name, of := range map[string]struct {
		bodies []string
		code   int
		end    func(*serving)
		want   verdict.Outcome
	}{
		"nothing came":              {nil, 3, interrupted, verdict.Incomplete},
		"interrupted":               {[]string{good}, 0, interrupted, verdict.Conformant},
		"a body that lacks a name":  {[]string{good, `{"password": "Open-42-sesame"}`}, 1, interrupted, verdict.Nonconformant},
		"asked for at its address":  {[]string{good}, 0, askedFor, verdict.Conformant},
		"single quotes, asked for ": {[]string{good, "{'username': 'admin', 'password': 'Open-42-sesame'}"}, 1, askedFor, verdict.Nonconformant},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveJudging(t, "--weather", "off")
			for _, body := range of.bodies {
				s.acquire(t, body)
			}
			of.end(s)
			if code := s.ended(t); code != of.code {
				t.Errorf("exit code %d, want %d", code, of.code)
			}
			if run := s.report(t); run.Verdict != of.want || run.Catalogue == "" {
				t.Errorf("%s (%s) by %q, want %s", run.Verdict, run.Reason, run.Catalogue, of.want)
			}
		})
	}
}

func interrupted(s *serving) { _ = s.cmd.Process.Signal(syscall.SIGINT) }

func askedFor(s *serving) {
	if resp, err := http.Get(s.verdict); err == nil {
		_ = resp.Body.Close()
	}
}

func TestServeServesForAWhile(t *testing.T) {
	t.Parallel()
	s := serveJudging(t, "--for", "50ms", "--weather", "7")
	if code := s.ended(t); code != 3 {
		t.Errorf("exit code %d", code)
	}
	if run := s.report(t); len(run.Weather) == 0 || !strings.Contains(run.Weather[0], "seed 7") {
		t.Errorf("the weather: %q", run.Weather)
	}
}

func TestJudgingWantsItsFlags(t *testing.T) {
	t.Parallel()
	for flag, says := range map[string]string{"--for=5m": "--for is for --judge", "--weather=rain": "--weather: give on, off, or a seed", "--out=x": "--out is for --judge"} {
		o := conform(t, nil, "serve", "--profile", "bluecat-9.5", flag)
		if o.code != 2 || !strings.Contains(o.stderr, says) {
			t.Errorf("%s: %d: %s", flag, o.code, o.stderr)
		}
	}
}

// A player of any contract judges its clients too, by what the contract itself asks of them; no report offers to waive what a client breaks.
func TestServeJudgesClientsOfAContract(t *testing.T) {
	t.Parallel()
	s := judgesClients(t, "--contract", filepath.Join(repository(t), "suites/examples/door/door-1.yaml"), "--weather", "off")
	for _, body := range []string{`{"name": "admin", "password": "Open-42-sesame"}`, `{"password": "Open-42-sesame"}`} {
		s.post(t, "/login", body)
	}
	interrupted(s)
	if code, run := s.ended(t), s.report(t); code != verdict.ExitNonconformant || run.Verdict != verdict.Nonconformant {
		t.Errorf("exit code %d, %s (%s)", code, run.Verdict, run.Reason)
	}
	if summary := read(t, filepath.Join(s.out, "summary.md")); strings.Contains(summary, "waive a failure") {
		t.Errorf("the summary offers waivers:\n%s", summary)
	}
}
