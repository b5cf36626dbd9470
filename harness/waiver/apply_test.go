package waiver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/verdict"
	"example.org/conform/harness/waiver"
)

const (
	profile = "adaxes-2025.1"
	host    = "https://adaxes.example.com/restApi"
)

func check(requirement, slug string, level verdict.Level, status verdict.Status) verdict.Check {
	return verdict.Check{
		ID: profile + "/" + requirement + "/" + slug, Requirements: []string{requirement}, Level: level, Status: status,
	}
}

// reportOf is a judged report of one run with these checks.
func reportOf(checks ...verdict.Check) *verdict.Report {
	r := &verdict.Report{Complete: true, Runs: []verdict.Run{{Profile: profile, Target: host, Checks: checks}}}
	r.Runs[0].Judge()
	return r
}

func parse(t *testing.T, entries ...string) []waiver.Waiver {
	t.Helper()
	text := ""
	for _, e := range entries {
		if !strings.Contains(e, "expires") {
			e += ", expires: 2031-06-30"
		}
		text += "- {" + e + ", reason: known}\n"
	}
	list, err := waiver.Parse("some/folder/w.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var (
	today   = time.Date(2031, 6, 30, 23, 59, 59, 0, time.UTC) // the last moment of the last day
	failing = func() verdict.Check { return check("ADX-TOK-04", "a", verdict.Must, verdict.Failed) }
)

func TestAWaivedFailureOpensTheGate(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"check: " + profile + "/ADX-TOK-04/a",
		"requirement: ADX-TOK-04",
		"requirement: ADX-TOK-04, profile: " + profile,
		"requirement: ADX-TOK-04, target: 'https://*.example.com/*'",
		"requirement: ADX-TOK-04, target: " + host + "/",
	} {
		r := reportOf(failing(), check("ADX-TOK-05", "b", verdict.Must, verdict.Passed))
		waiver.Apply(r, parse(t, entry), today)
		c := r.Runs[0].Checks[0]
		if c.Status != verdict.Waived || c.Waiver != "known" {
			t.Errorf("%s: the check is %s with the waiver %q", entry, c.Status, c.Waiver)
		}
		if r.Runs[0].Verdict != verdict.Conformant || r.Runs[0].Totals.Waived != 1 || r.ExitCode(verdict.Should) != verdict.ExitConformant {
			t.Errorf("%s: %s, %+v, problems %v", entry, r.Runs[0].Verdict, r.Runs[0].Totals, r.WaiverProblems)
		}
	}
}

func TestAWaiverExcusesNoMoreThanItNames(t *testing.T) {
	t.Parallel()
	r := reportOf(failing(), check("ADX-TOK-04", "other", verdict.Must, verdict.Failed))
	waiver.Apply(r, parse(t, "check: "+profile+"/ADX-TOK-04/a"), today)
	if r.Runs[0].Checks[1].Status != verdict.Failed || r.ExitCode(verdict.Must) != verdict.ExitNonconformant {
		t.Errorf("another check of the requirement is %s", r.Runs[0].Checks[1].Status)
	}
}

func TestAWaivedWarningOpensTheStricterGate(t *testing.T) {
	t.Parallel()
	r := reportOf(check("ADX-TOK-04", "a", verdict.Should, verdict.Warned))
	if r.ExitCode(verdict.Should) != verdict.ExitNonconformant {
		t.Fatal("the warning does not close the gate in the first place")
	}
	waiver.Apply(r, parse(t, "requirement: ADX-TOK-04"), today)
	if r.ExitCode(verdict.Should) != verdict.ExitConformant {
		t.Errorf("the gate is closed: %+v", r.Runs[0])
	}
}

func TestAWaiverThatDoesNotHoldClosesTheGate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, entry string
		checks      []verdict.Check
		want        string
	}{
		{"expired", "requirement: ADX-TOK-04, expires: 2031-06-29", []verdict.Check{failing()}, "expired on 2031-06-29"},
		{"other target", "requirement: ADX-TOK-04, target: https://test.example.com/restApi", []verdict.Check{failing()}, "matches nothing"},
		{"other profile", "requirement: ADX-TOK-04, profile: adaxes-2023.2", []verdict.Check{failing()}, "matches nothing"},
		{"check of another profile", "check: adaxes-2023.2/ADX-TOK-04/a", []verdict.Check{failing()}, "matches nothing"},
		{"requirement of another system", "requirement: BCT-SES-01", []verdict.Check{failing()}, "matches nothing"},
		{"passes", "requirement: ADX-TOK-04", []verdict.Check{check("ADX-TOK-04", "a", verdict.Must, verdict.Passed)}, "the check passes"},
		{"all pass", "requirement: ADX-TOK-04", []verdict.Check{
			check("ADX-TOK-04", "a", verdict.Must, verdict.Passed), check("ADX-TOK-04", "b", verdict.Must, verdict.Passed),
		}, "all 2 checks pass"},
		{"never fails", "requirement: ADX-TOK-04", []verdict.Check{check("ADX-TOK-04", "a", verdict.Note, verdict.Noted)}, "the check passes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := reportOf(test.checks...)
			waiver.Apply(r, parse(t, test.entry), today)
			if len(r.WaiverProblems) != 1 {
				t.Fatalf("problems: %v", r.WaiverProblems)
			}
			line := r.WaiverProblems[0].String()
			if !strings.Contains(line, test.want) || !strings.HasPrefix(line, "w.yaml:1:3: the waiver of ") || strings.Contains(line, "\n") {
				t.Errorf("the line is %q, want %q", line, test.want)
			}
			if r.ExitCode(verdict.Must) != verdict.ExitNonconformant {
				t.Errorf("the gate is open with exit code %d", r.ExitCode(verdict.Must))
			}
			for i, c := range r.Runs[0].Checks {
				if c.Status != test.checks[i].Status {
					t.Errorf("the check is %s", c.Status)
				}
			}
		})
	}
}

func TestAWaiverOfWhatWasNotJudgedIsLeftAlone(t *testing.T) {
	t.Parallel()
	other := check("ADX-TOK-05", "x", verdict.Must, verdict.Passed)
	for _, status := range []verdict.Status{verdict.Skipped, verdict.Inconclusive} {
		r := reportOf(other, check("ADX-TOK-04", "a", verdict.Must, status), check("ADX-TOK-04", "b", verdict.Must, verdict.Passed))
		before := r.ExitCode(verdict.Must)
		waiver.Apply(r, parse(t, "requirement: ADX-TOK-04", "check: "+profile+"/ADX-TOK-04/a"), today)
		if len(r.WaiverProblems) > 0 || r.Runs[0].Checks[1].Status != status || r.ExitCode(verdict.Must) != before {
			t.Errorf("%s: problems %v, the check is %s", status, r.WaiverProblems, r.Runs[0].Checks[1].Status)
		}
	}
	unselected := reportOf(other) // the filter left the checks of the requirement out
	waiver.Apply(unselected, parse(t, "requirement: ADX-TOK-04", "check: "+profile+"/ADX-TOK-04/a"), today)
	if len(unselected.WaiverProblems) > 0 {
		t.Errorf("not selected: %v", unselected.WaiverProblems)
	}
}

func TestTwoWaiversOfOneCheckAreBothUsed(t *testing.T) {
	t.Parallel()
	r := reportOf(failing())
	waiver.Apply(r, parse(t, "requirement: ADX-TOK-04", "check: "+profile+"/ADX-TOK-04/a"), today)
	if len(r.WaiverProblems) > 0 || r.Runs[0].Totals.Waived != 1 {
		t.Errorf("problems %v, %+v", r.WaiverProblems, r.Runs[0].Totals)
	}
}

func TestAWaiverCompletesNoRunThatEndedEarly(t *testing.T) {
	t.Parallel()
	r := &verdict.Report{Runs: []verdict.Run{{
		Profile: profile, Target: host, Checks: []verdict.Check{failing()},
		Verdict: verdict.Incomplete, Reason: "interrupted", Remedy: "run again",
	}}}
	r.Runs[0].Judge()
	if r.Runs[0].Verdict != verdict.Nonconformant {
		t.Fatalf("a breach that was seen is %s", r.Runs[0].Verdict)
	}
	waiver.Apply(r, parse(t, "requirement: ADX-TOK-04"), today)
	if run := r.Runs[0]; run.Verdict != verdict.Incomplete || run.Reason != "interrupted" || run.Remedy != "run again" {
		t.Errorf("the run is %s: %q, %q", run.Verdict, run.Reason, run.Remedy)
	}
	if r.ExitCode(verdict.Must) != verdict.ExitIncomplete {
		t.Errorf("exit code %d", r.ExitCode(verdict.Must))
	}
}

func TestTargetPatterns(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, target string
		matches         bool
	}{
		{"*", host, true},
		{host, host, true},
		{host, host + "2", false},
		{"https://*", host, true},
		{"*/restApi", host, true},
		{"https://*.example.com/*", host, true},
		{"https://*.example.org/*", host, false},
		{"https://*example*example*", host, false},
		{host + "*" + host, host, false},
		{"http://[::1]:8080/*", "http://[::1]:8080/restApi", true},
		{"**", host, true},
	} {
		target := test.target
		r := reportOf(failing())
		r.Runs[0].Target = target
		waiver.Apply(r, parse(t, fmt.Sprintf("requirement: ADX-TOK-04, target: %q", test.pattern)), today)
		if got := r.Runs[0].Totals.Waived == 1; got != test.matches {
			t.Errorf("%s against %s: %v", test.pattern, target, got)
		}
	}
}
