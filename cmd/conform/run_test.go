package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/suites"
	"example.org/conform/suites/runner"
)

func TestEmbeddedServersConform(t *testing.T) {
	t.Parallel()
	o := embedded(t)
	if o.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	if got, want := len(o.report.Runs), len(reference.Profiles()); got != want {
		t.Fatalf("%d runs, want one a profile: %d", got, want)
	}
	for _, run := range o.report.Runs { // they have no TLS, so that one check is skipped: that of HTTP/2
		if run.Totals.Skipped != 1 || run.Totals.Warned > 0 || run.Totals.Inconclusive > 0 || run.Unselected > 0 {
			t.Errorf("%s: not everything ran and passed: %+v\n%s", run.Profile, run.Totals, o.stdout)
		}
		if !run.Coverage.Complete() || !strings.Contains(o.stdout, run.Profile+": CONFORMANT: "+run.Coverage.String()+" were examined\n") {
			t.Errorf("%s: the verdict does not say that it covers all: %s", run.Profile, run.Coverage)
		}
		if len(run.LeftBehind) > 0 {
			t.Errorf("%s left behind %v", run.Profile, run.LeftBehind)
		}
	}
	if strings.Contains(o.stdout, "\x1b") {
		t.Error("escape codes in a pipe")
	}
}

// A run ends what it made, and sends no more wrong passwords than it may.
func TestRunLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	expect := func(t *testing.T, o outcome, server *reference.Server, sessions, tokens int, wrong map[string]int, allowed int) {
		t.Helper()
		if o.code != 0 {
			t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		if sessions+tokens > 0 && server.Endable() {
			t.Errorf("%d sessions and %d tokens live on", sessions, tokens)
		}
		expectWithin(t, wrong, allowed)
	}
	for _, profile := range reference.Profiles() {
		t.Run(profile, func(t *testing.T) { // most is sent, and made, where most is allowed
			t.Parallel()
			w := wholeRun(t, profile)
			expect(t, w.outcome, w.server, w.sessions, w.tokens, w.wrong, w.server.Target().Limits.BadLogins)
		})
	}
	for allowed, profile := range map[int]string{0: "aria-operations-8", 2: "adaxes-2025.1"} {
		t.Run(fmt.Sprintf("%s, %d allowed", profile, allowed), func(t *testing.T) {
			t.Parallel()
			server := serve(t, reference.Options{Profile: profile})
			server.Target().Limits.BadLogins = allowed
			o := conform(t, nil, "run", "--target-file", describe(t, server))
			sessions, tokens := server.Live()
			expect(t, o, server, sessions, tokens, server.Wrong(), allowed)
		})
	}
}

// expectWithin expects that no account got more wrong passwords than a run may send for it.
func expectWithin(t *testing.T, wrong map[string]int, allowed int) {
	t.Helper()
	for account, sent := range wrong {
		if account != "" && sent > allowed {
			t.Errorf("%d wrong passwords were sent for %s, with %d allowed", sent, account, allowed)
		}
	}
}

func TestLabelFilterAndDryRun(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	file := describe(t, server)
	o := conform(t, nil, "run", "--target-file", file, "--label-filter", "renewal && MUST")
	if o.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	run := o.report.Runs[0]
	if len(run.Checks) == 0 || run.Unselected == 0 {
		t.Errorf("%d checks selected, %d not", len(run.Checks), run.Unselected)
	}
	for _, c := range run.Checks {
		if c.Subject != "renewal" || c.Level != verdict.Must {
			t.Errorf("%s was selected", c.ID)
		}
	}
	before := server.WrongPasswords()
	o = conform(t, nil, "run", "--target-file", file, "--dry-run")
	for _, want := range []string{"wrong passwords", "longest wait", "logins", "adaxes-2025.1/ADX-REN-01/"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("the plan does not say %q:\n%s", want, o.stdout)
		}
	}
	if o.code != 0 || o.report != nil || server.WrongPasswords() != before {
		t.Errorf("a dry run did more than print: exit code %d, report %v", o.code, o.report != nil)
	}
}

// A filter that selects only what is skipped executes nothing, and that is no success.
func TestNothingExecutedIsIncomplete(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", "instance && MUST")
	if o.code != verdict.ExitIncomplete || o.report.Runs[0].Verdict != verdict.Incomplete {
		t.Errorf("exit code %d, want 3:\n%s", o.code, o.stdout)
	}
}

func TestFailOnShould(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Variant: "refusals-as-401"})
	file := describe(t, server)
	if o := conform(t, nil, "run", "--target-file", file, "--label-filter", "ADX-SES-11"); o.code != 0 {
		t.Errorf("a warning closed the gate: exit code %d\n%s", o.code, o.stdout)
	}
	if o := conform(t, nil, "run", "--target-file", file, "--label-filter", "ADX-SES-11", "--fail-on", "should"); o.code != 1 {
		t.Errorf("with --fail-on should a warning left the gate open: exit code %d\n%s", o.code, o.stdout)
	}
}

// Ctrl-C, a service manager and a terminal that goes end the run with what it has, cleaned up and marked incomplete.
func TestInterrupt(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) { interrupt(t, s) })
	}
}

func interrupt(t *testing.T, with syscall.Signal) {
	t.Parallel()
	server := serve(t, reference.Options{
		Profile: "adaxes-2025.1", Instances: 2, Lifetimes: reference.Lifetimes{Session: 2 * time.Minute, Token: 3 * time.Minute},
	})
	dir := t.TempDir()
	cmd := exec.Command(conformBinary(t), "run", "--target-file", describe(t, server), "--out", dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	output := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Some sessions live: checks that wait for an expiry hold theirs for minutes.
	waitFor(t, func() bool { sessions, tokens := server.Live(); return sessions > 0 && tokens > 4 })
	if err := cmd.Process.Signal(with); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != verdict.ExitIncomplete {
		t.Errorf("exit code %d, want 3:\n%s", code, output)
	}
	report, err := reports.Read(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if report.Complete || report.Runs[0].Verdict != verdict.Incomplete {
		t.Errorf("the report is not marked: complete %v, verdict %s", report.Complete, report.Runs[0].Verdict)
	}
	if sessions, tokens := server.Live(); sessions+tokens > 0 {
		t.Errorf("%d sessions and %d tokens live on", sessions, tokens)
	}
}

// An interrupt before the first answer is an interrupt too, and no fault of the target's.
func TestInterruptWhileReaching(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	reached := make(chan struct{})
	go func() {
		if conn, err := silent.Accept(); err == nil {
			close(reached)
			defer func() { _ = conn.Close() }()
			<-t.Context().Done()
		}
	}()
	dir := t.TempDir()
	cmd := exec.Command(conformBinary(t), "run", "--target", "http://"+silent.Addr().String(), "--out", dir)
	cmd.Env = append(os.Environ(), "CONFORM_USERNAME=someone@example.com", "CONFORM_PASSWORD=Pass-word-1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	report, err := reports.Read(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != verdict.ExitIncomplete || report.Complete || report.Runs[0].Reason != "interrupted" {
		t.Errorf("exit code %d, complete %v, reason %q", code, report.Complete, report.Runs[0].Reason)
	}
}

func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("it did not come about within a minute")
		}
	}
}

// What cannot be ended is not made again and again: a server whose sessions cannot be named is left with few of them, and
// the report names them and the check that shows why.
func TestRunDoesNotDigOn(t *testing.T) {
	t.Parallel()
	for fault, shows := range map[string]string{
		"session-id-missing": "adaxes-2025.1/ADX-SES-04/as-described-by-create-session",
		"token-blank":        "adaxes-2025.1/ADX-TOK-04/as-described-by-issue-token",
	} {
		for _, procs := range []string{"1", "64"} {
			t.Run(fault+" "+procs, func(t *testing.T) {
				t.Parallel()
				server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: fault})
				o := conform(t, nil, "run", "--target-file", describe(t, server), "--procs", procs)
				run := o.report.Runs[0]
				if sessions, tokens := server.Live(); o.code != verdict.ExitNonconformant || sessions+tokens > 10 || len(run.LeftBehind) == 0 {
					t.Errorf("exit code %d; %d sessions and %d tokens live on; left behind: %v", o.code, sessions, tokens, run.LeftBehind)
				}
				unsent := 0
				for _, c := range run.Checks {
					if c.ID == shows && c.Status != verdict.Failed {
						t.Errorf("%s is %s: %s", c.ID, c.Status, c.Reason)
					}
					if c.Status == verdict.Inconclusive && strings.Contains(c.Reason, "not tried again") && strings.Contains(c.Reason, shows+" shows why") {
						unsent++
					}
				}
				if unsent < 50 {
					t.Errorf("%d checks name the one that shows why", unsent)
				}
			})
		}
	}
}

// No variable of the environment makes the command something else.
func TestEnvironmentChangesNoCommand(t *testing.T) {
	t.Parallel()
	o := conform(t, []string{"CONFORM_RUN_SOCKET=x", "CONFORM_RUN_GINKGO=2 1", "GINKGO_EDITOR_INTEGRATION=true"}, "list", "profiles")
	if o.code != 0 || !strings.Contains(o.stdout, "adaxes-2025.1") {
		t.Errorf("exit code %d: %s%s", o.code, o.stdout, o.stderr)
	}
}

// limits.concurrency bounds the requests that are under way, however many checks there are at a time.
func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Latency: 2 * time.Millisecond})
	server.Target().Limits.Concurrency = 3
	var now, most atomic.Int32
	file := reachedThrough(t, server, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		pass.ServeHTTP(w, r)
	})
	o := conform(t, nil, "run", "--target-file", file, "--label-filter", "token || destroy")
	if o.code != 0 || most.Load() > 3 {
		t.Errorf("exit code %d, up to %d requests under way, of 3:\n%s", o.code, most.Load(), o.stdout)
	}
}

// Checks share an account. Where a logout ends every session of it, the checks that lost theirs to another are made again
// so that none can take from another, and the one that asks for this is left to say so.
func TestOnlyTheCulpritIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ profile, fault, requirement string }{
		{"bluecat-9.5", "logout-ends-all", "BCT-OUT-04"},
		{"adaxes-2025.1", "termination-ends-every-session", "ADX-END-06 ADX-SES-07"},
	} {
		for procs, filter := range map[string]string{"1": "!sweep", "64": ""} { // one at a time, the sweeps take from nobody
			t.Run(c.fault+" "+procs, func(t *testing.T) {
				t.Parallel()
				server := serve(t, reference.Options{Profile: c.profile, Fault: c.fault, Lifetimes: reference.ShortLifetimes()})
				o := conform(t, nil, "run", "--target-file", describe(t, server), "--procs", procs, "--label-filter", filter)
				found := false
				for _, check := range o.report.Runs[0].Checks {
					if check.Status != verdict.Failed && check.Status != verdict.Warned {
						continue
					}
					if found = true; !strings.Contains(c.requirement, check.Requirements[0]) {
						t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
					}
				}
				if !found {
					t.Errorf("nothing is broken:\n%s", o.stdout)
				}
			})
		}
	}
}

// The folder that a run was started in may go away under it.
func TestFolderIsGone(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "aria-operations-8"})
	dir := t.TempDir()
	cmd := exec.Command("sh", "-c", `cd "$1" && rmdir "$1" && exec "$2" run --target-file "$3" --out "$4" --label-filter ARO-TOK-02`, "sh",
		filepath.Join(dir, "gone"), conformBinary(t), describe(t, server), filepath.Join(dir, "reports"))
	if err := os.Mkdir(filepath.Join(dir, "gone"), 0o755); err != nil {
		t.Fatal(err)
	}
	output, err := cmd.CombinedOutput()
	if report, readErr := reports.Read(filepath.Join(dir, "reports", "report.json")); err != nil || readErr != nil || report.Runs[0].Verdict != verdict.Conformant {
		t.Errorf("%v, %v:\n%s", err, readErr, output)
	}
}

// The plan says how many wrong passwords each account gets, and so many it gets.
func TestThePlanCountsTheWrongPasswordsOfEachAccount(t *testing.T) {
	t.Parallel()
	for _, allowed := range []int{1, 64} {
		server := serve(t, reference.Options{Profile: "bluecat-9.5"})
		server.Target().Limits.BadLogins = allowed
		planned, err := runner.Plan(runner.Options{Targets: []*target.Target{server.Target()}, Systems: suites.Systems()})
		if err != nil {
			t.Fatal(err)
		}
		if o := conform(t, nil, "run", "--target-file", describe(t, server), "--explore", "0"); o.code != 0 {
			t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		if got := len(planned[0].WrongPasswords); got != 3 {
			t.Errorf("wrong passwords for %d accounts", got)
		}
		for i, w := range planned[0].WrongPasswords {
			sent := server.Wrong()[w.Username]
			if i == 0 && sent < w.Number {
				continue // what is malformed counts for the target's own account, and the server did not look at it
			}
			if sent != w.Number || w.Number == 0 {
				t.Errorf("%s gets %d wrong passwords, and the plan says %d", w.Username, sent, w.Number)
			}
		}
	}
}

// With the evidence of what is broken alone, a report shows that as it would anyway, and nothing that was exchanged where all is well.
func TestEvidenceOfWhatIsBrokenAlone(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "aria-operations-8", Fault: "validity-string"})
	o := conform(t, nil, "run", "--target-file", describe(t, server), "--evidence", "broken")
	if o.code != 1 {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	for _, c := range o.report.Runs[0].Checks {
		well := c.Status == verdict.Passed || c.Status == verdict.Noted || c.Status == verdict.Skipped
		if well == (len(c.Exchanges) > 0) {
			t.Errorf("%s is %s with %d exchanges", c.ID, c.Status, len(c.Exchanges))
		}
	}
}
