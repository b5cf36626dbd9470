package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// Two targets of one profile are told apart wherever one of them is meant, and a single one is not burdened with its URL.
func TestTargetsOfOneProfileAreNamedByURL(t *testing.T) {
	t.Parallel()
	well, broken := serve(t, reference.Options{Profile: "adaxes-2025.1"}), serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"})
	files := []string{describe(t, well), describe(t, broken)}
	args := []string{"--label-filter", "ADX-DST-02 && !sweep"}
	both := conform(t, nil, append(append([]string{"run"}, files...), args...)...)
	at := broken.Target().URL
	for _, want := range []string{
		"judging adaxes-2025.1 at " + at + ": 1 check, and 0 to skip\n",
		"\nFAILED adaxes-2025.1/ADX-DST-02/twice at " + at,
		"/report.json adaxes-2025.1/ADX-DST-02/twice --target " + at + " --run\n",
		"  adaxes-2025.1/ADX-DST-02/twice  " + at + ": ",
		"\nadaxes-2025.1 at " + at + ": NOT CONFORMANT\n",
		"\nadaxes-2025.1 at " + well.Target().URL + ": CONFORMANT",
	} {
		if !strings.Contains(both.stdout, want) {
			t.Errorf("the output does not say %q:\n%s", want, both.stdout)
		}
	}
	alone := conform(t, nil, append([]string{"run", files[1]}, args...)...)
	for _, want := range []string{"\nFAILED adaxes-2025.1/ADX-DST-02/twice", "\nadaxes-2025.1: NOT CONFORMANT\n"} {
		if !strings.Contains(alone.stdout, want) {
			t.Errorf("the output does not say %q:\n%s", want, alone.stdout)
		}
	}
}

// What could not be judged for one reason is one entry, that says how much it stands for and why.
func TestWhatCouldNotBeJudgedIsGroupedByReason(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "session-id-missing"})
	o := conform(t, nil, "run", describe(t, server), "--label-filter", "renewal || destroy", "--explore", "0")
	reasons := map[string]int{}
	for _, c := range o.report.Checks(verdict.Inconclusive) {
		reasons[c.Reason]++
	}
	shown := 0
	for _, block := range strings.Split(o.stdout, "\n\n") {
		head, rest, _ := strings.Cut(block, "\n")
		if !strings.HasPrefix(head, "NOT JUDGED ") {
			continue
		}
		_, reason, _ := strings.Cut(rest, "  reason    ")
		reason, _, _ = strings.Cut(reason, "\n")
		n := 1
		if several := regexp.MustCompile(`^NOT JUDGED (\d+) checks for one reason$`).FindStringSubmatch(head); several != nil {
			n, _ = strconv.Atoi(several[1])
			if !strings.Contains(rest, "  checks    adaxes-2025.1/") {
				t.Errorf("no check is named:\n%s", block)
			}
		}
		if shown++; reasons[reason] != n {
			t.Errorf("%d checks have the reason, and the entry is\n%s", reasons[reason], block)
		}
	}
	if shown == 0 || shown != len(reasons) || o.report.Totals().Inconclusive < 2*shown {
		t.Errorf("%d entries for %d reasons of %d checks:\n%s", shown, len(reasons), o.report.Totals().Inconclusive, o.stdout)
	}
}

// What was skipped is summed up by what the target would have to name, and the numbers are those of the report. The time is said.
func TestTheEndSumsUpSkipsAndTime(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	delete(server.Target().Accounts, "disabled")
	server.Target().Instances = nil
	o := conform(t, nil, "run", describe(t, server), "--label-filter", "ADX-ACC-01 || ADX-ACC-06 || instance || ADX-DST-02 && !sweep", "--explore", "0")
	if o.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	lacks := map[string]int{}
	for _, c := range o.report.Checks(verdict.Skipped) {
		lacks[strings.Join(c.Lacks, " and ")]++
	}
	want := fmt.Sprintf("\n  %d skipped: %d need `instances`, %d `accounts.disabled`\n", lacks["instances"]+lacks["accounts.disabled"], lacks["instances"], lacks["accounts.disabled"])
	if len(lacks) != 2 || !strings.Contains(o.stdout, want) {
		t.Errorf("%v, and the output does not say %q:\n%s", lacks, want, o.stdout)
	}
	if !regexp.MustCompile(`\ntook [0-9.]+( ms| s|m[0-9]+s)\nreports in reports/run\n$`).MatchString(o.stdout) {
		t.Errorf("the time is not said:\n%s", o.stdout)
	}
}

// In a log a run shows that it lives, before it is over: here it goes on when its line was read.
func TestARunShowsLifeInALog(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	server.Target().Limits.Timeout = time.Minute
	read := make(chan struct{})
	file := reachedThrough(t, server, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodDelete {
			<-read
		}
		pass.ServeHTTP(w, r)
	})
	cmd := exec.CommandContext(t.Context(), conformBinary(t), "run", file, "--label-filter", "ADX-DST-02 && !sweep", "--progress", "20ms", "--out", t.TempDir())
	cmd.Env = []string{"TMPDIR=" + t.TempDir()}
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, seen := regexp.MustCompile(`^0 of 1 done, 0 failed, 0 warnings, \d+s$`), false
	for lines := bufio.NewScanner(progress); lines.Scan(); {
		if line.MatchString(lines.Text()) && !seen {
			seen = true
			close(read)
		}
	}
	if !seen {
		close(read)
	}
	if err := cmd.Wait(); err != nil || !seen {
		t.Errorf("%v, a line of progress: %v", err, seen)
	}
	if o := conform(t, nil, "run", file, "--label-filter", "ADX-DST-02 && !sweep", "--progress", "0"); o.code != 0 || strings.Contains(o.stderr, " done, ") {
		t.Errorf("exit code %d, and with --progress 0 stderr is\n%s", o.code, o.stderr)
	}
}
