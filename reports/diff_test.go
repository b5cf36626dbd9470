package reports_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// report makes a report of one run from check IDs and statuses, in pairs.
func report(suite string, checks ...string) *verdict.Report {
	run := verdict.Run{Profile: "p", Target: "https://a.example.com"}
	for i := 0; i < len(checks); i += 2 {
		run.Checks = append(run.Checks, verdict.Check{
			ID: checks[i], Requirements: []string{strings.Split(checks[i], "/")[1]}, Level: verdict.Must,
			Title: "does " + checks[i], Status: verdict.Status(checks[i+1]), Actual: "saw <b>|",
		})
	}
	run.Judge()
	return &verdict.Report{Schema: verdict.Schema, Suite: suite, Complete: true, Runs: []verdict.Run{run}}
}

// lists names the list that each check of a difference is in.
func lists(d reports.Diff) map[string]string {
	in := map[string]string{}
	for name, list := range map[string][]reports.Change{
		"regression": d.Regressions, "fix": d.Fixes, "skip": d.Skips, "lost": d.Lost, "other": d.Others, "new": d.New, "gone": d.Gone,
	} {
		for _, c := range list {
			in[c.ID] += name
		}
	}
	return in
}

func TestCompareSortsEveryChange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		before, after verdict.Status
		want          string
		regressed     bool // or lost coverage: either closes a gate
	}{
		{verdict.Passed, verdict.Passed, "", false},
		{verdict.Failed, verdict.Failed, "", false},
		{verdict.Passed, verdict.Failed, "regression", true},
		{verdict.Passed, verdict.Warned, "regression", true},
		{verdict.Passed, verdict.Inconclusive, "lost", true},
		{verdict.Noted, verdict.Failed, "regression", true},
		{verdict.Warned, verdict.Failed, "regression", true},
		{verdict.Waived, verdict.Failed, "regression", true},
		{verdict.Skipped, verdict.Failed, "regression", true},
		{verdict.Failed, verdict.Passed, "fix", false},
		{verdict.Warned, verdict.Noted, "fix", false},
		{verdict.Waived, verdict.Passed, "fix", false},
		{verdict.Inconclusive, verdict.Passed, "fix", false},
		{verdict.Passed, verdict.Skipped, "lost", true},
		{verdict.Failed, verdict.Skipped, "lost", true},
		{verdict.Waived, verdict.Inconclusive, "lost", true},
		{verdict.Skipped, verdict.Inconclusive, "regression", true},
		{verdict.Skipped, verdict.Passed, "skip", false},
		{verdict.Failed, verdict.Waived, "other", false},
		{verdict.Failed, verdict.Warned, "other", false},
		{verdict.Passed, verdict.Waived, "other", false},
		{verdict.Passed, verdict.Noted, "other", false},
		{"", verdict.Passed, "new", false},
		{verdict.Passed, "", "lost", true},
		{verdict.Skipped, "", "gone", false},
		{verdict.Inconclusive, "", "gone", false},
	} {
		side := func(status verdict.Status) *verdict.Report {
			if status == "" {
				return report("s 1", "p/R-02/steady", "passed")
			}
			return report("s 1", "p/R-01/x", string(status), "p/R-02/steady", "passed")
		}
		d := reports.Compare(side(test.before), side(test.after))
		in := lists(d)
		if in["p/R-01/x"] != test.want || in["p/R-02/steady"] != "" || (d.Regressed() || d.LostCoverage()) != test.regressed {
			t.Errorf("%q to %q: in %q, the steady one in %q, closes the gate: %v; want %q, none, %v",
				test.before, test.after, in["p/R-01/x"], in["p/R-02/steady"], d.Regressed() || d.LostCoverage(), test.want, test.regressed)
		}
	}
}

func TestCompareFollowsARenamedCheckToANewVersion(t *testing.T) {
	t.Parallel()
	old := report("s 1", "p/R-01/old-name", "passed", "p/R-01/stays", "passed", "p/R-03/dropped", "passed")
	renamed := report("s 2", "p/R-01/stays", "passed", "p/R-01/new-name", "failed", "p/R-02/added", "passed")
	d := reports.Compare(old, renamed)
	if len(d.Regressions) != 1 || d.Regressions[0].ID != "p/R-01/new-name" || d.Regressions[0].OldID != "p/R-01/old-name" {
		t.Errorf("regressions are %+v", d.Regressions)
	}
	in := lists(d)
	same(t, "the added check", in["p/R-02/added"], "new")
	same(t, "the dropped check", in["p/R-03/dropped"], "lost")
	// Within one version IDs are stable: another ID is another check, as when a filter chose other checks.
	renamed.Suite = "s 1"
	d = reports.Compare(old, renamed)
	in = lists(d)
	same(t, "the other check in the same version", in["p/R-01/new-name"], "new")
	same(t, "the one that it is not", in["p/R-01/old-name"], "lost")
}

func TestComparePairsRuns(t *testing.T) {
	t.Parallel()
	two := func(first, second string, statuses ...string) *verdict.Report {
		r := report("s 1", "p/R-01/x", statuses[0])
		r.Runs[0].Target = first
		other := report("s 1", "p/R-01/x", statuses[1]).Runs[0]
		other.Target = second
		r.Runs = append(r.Runs, other)
		return r
	}
	d := reports.Compare(two("A", "B", "passed", "failed"), two("B", "C", "failed", "passed"))
	if d.Regressed() || len(lists(d)) != 0 || d.Unchanged != 2 {
		t.Errorf("B as before and A moved to C: %+v", d)
	}
	one := report("s 1", "p/R-01/x", "passed")
	one.Runs[0].Target = "B"
	d = reports.Compare(two("A", "B", "failed", "passed"), one)
	same(t, "runs", len(d.Runs), 2)
	if !slices.Equal([]int{len(d.Gone), d.Runs[1].Gone, d.Unchanged}, []int{0, 1, 1}) || d.Runs[1].After != "" || !d.LostCoverage() {
		t.Errorf("a run that is gone: %+v", d)
	}
}

func TestARunThatIsNoLongerConformantRegressed(t *testing.T) {
	t.Parallel()
	d := reports.Compare(conformant(), unreachable())
	same(t, "regressed", d.Regressed(), true)
	same(t, "regressions", len(d.Regressions), 0)
	same(t, "from incomplete to conformant", reports.Compare(unreachable(), conformant()).Regressed(), false)
}

// A SHOULD that is skipped, or gone, is told and closes nothing. What cannot be judged closes, whatever its level.
func TestLostCoverageOfAShould(t *testing.T) {
	t.Parallel()
	for after, want := range map[verdict.Status]string{verdict.Skipped: "skip", "": "gone", verdict.Inconclusive: "lost"} {
		side := func(status verdict.Status) *verdict.Report {
			if status == "" {
				return report("s 1", "p/R-02/steady", "passed")
			}
			r := report("s 1", "p/R-01/x", string(status), "p/R-02/steady", "passed")
			r.Runs[0].Checks[0].Level = verdict.Should
			r.Runs[0].Judge()
			return r
		}
		d := reports.Compare(side(verdict.Passed), side(after))
		if in := lists(d); in["p/R-01/x"] != want || d.LostCoverage() != (want == "lost") {
			t.Errorf("passed to %q: in %q, lost coverage %v", after, in["p/R-01/x"], d.LostCoverage())
		}
	}
}

// Many checks that came to the same for one reason say it once, and no list or line says what another does.
func TestADifferenceSaysNothingTwice(t *testing.T) {
	t.Parallel()
	old := report("s 1", "p/R-01/a", "passed", "p/R-01/b", "passed", "p/R-01/c", "passed", "p/R-02/x", "passed", "p/R-03/y", "passed")
	gone := old.Runs[0]
	gone.Target = "https://gone.example.com"
	old.Runs = append(old.Runs, gone)
	now := report("s 1", "p/R-01/a", "skipped", "p/R-01/b", "skipped", "p/R-01/c", "skipped", "p/R-02/x", "failed", "p/R-03/y", "passed", "p/R-04/n", "passed")
	for i := range now.Runs[0].Checks {
		c := &now.Runs[0].Checks[i]
		switch c.Actual = ""; c.Status {
		case verdict.Skipped:
			c.Reason = "the target does not offer lifetimes.token"
		case verdict.Failed:
			c.Expected, c.Actual, c.Reason = "204", "200", "expected 204; got 200"
		}
	}
	var b strings.Builder
	if err := reports.Compare(old, now).Text(&b); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimSpace(line); line != "" && seen[line] {
			t.Errorf("%q is said twice:\n%s", line, b.String())
		}
		seen[line] = true
	}
	for _, once := range []string{"the target does not offer lifetimes.token", "of these 3:", "expected 204", "got 200", "p/R-01/a", "gone: was conformant, with 5 checks", "\n  passed                   p/R-04/n"} {
		want := 1
		if once == "got 200" {
			want = 0
		}
		same(t, once, strings.Count(b.String(), once), want)
	}
}

func TestDiffIsWrittenInThreeForms(t *testing.T) {
	t.Parallel()
	old := report("s 1", "p/R-01/x", "passed", "p/R-02/y", "failed", "p/R-03/z", "skipped", "p/R-04/g", "passed")
	d := reports.Compare(old, report("s 2", "p/R-01/x", "failed", "p/R-02/y", "passed", "p/R-03/z", "passed", "p/R-05/n", "noted"))
	written := func(write func(io.Writer) error) string {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	golden(t, "diff.txt", written(d.Text))
	golden(t, "diff.md", written(d.Markdown))
	text := written(d.JSON)
	golden(t, "diff.json", text)
	var back struct {
		Regressed   bool
		Regressions []reports.Change
	}
	if err := json.Unmarshal([]byte(text), &back); err != nil || !back.Regressed || len(back.Regressions) != 1 {
		t.Errorf("the JSON form gives %+v, %v", back, err)
	}
}
