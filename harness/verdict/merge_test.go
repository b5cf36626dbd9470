package verdict

import (
	"strings"
	"testing"
	"time"
)

func TestMergeKeepsTheWorst(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 3, 4, 9, 30, 0, 0, time.UTC)
	problem := WaiverProblem{Place: "waivers.yaml:1:3", Waiver: "check a", Problem: "matches nothing"}
	report := func(suite, profile string, after time.Duration, o Outcome) *Report {
		return &Report{
			Schema: Schema, Suite: suite, Started: at.Add(after), Finished: at.Add(after + time.Minute), Complete: true,
			Runs: []Run{{Profile: profile, Target: "http://a", Verdict: o}},
		}
	}
	a, b, c := report("conform 1", "a-1", time.Hour, Conformant), report("conform 2", "b-1", 0, Conformant), report("conform 1", "c-1", 2*time.Hour, Conformant)
	merged := func(code int) *Report {
		t.Helper()
		r, err := Merge([]string{"a", "b", "c"}, []*Report{a, b, c})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.ExitCode(Must); got != code {
			t.Errorf("exit code %d, want %d", got, code)
		}
		return r
	}
	r := merged(ExitConformant)
	if r.Schema != Schema || r.Suite != "conform 1 and conform 2" || !r.Started.Equal(at) || !r.Finished.Equal(at.Add(2*time.Hour+time.Minute)) || len(r.Runs) != 3 {
		t.Errorf("merged: %+v", r)
	}
	c.Complete = false
	merged(ExitIncomplete)
	a.WaiverProblems, b.WaiverProblems = []WaiverProblem{problem}, []WaiverProblem{problem}
	if r := merged(ExitNonconformant); len(r.WaiverProblems) != 1 {
		t.Errorf("one problem of two reports stands %d times", len(r.WaiverProblems))
	}
	// A report may judge one target twice; two reports may not.
	a.Runs = append(a.Runs, a.Runs[0])
	merged(ExitNonconformant)
	b.Runs[0].Profile = "a-1"
	if _, err := Merge([]string{"a", "b", "c"}, []*Report{a, b, c}); err == nil || !strings.HasPrefix(err.Error(), "a and b both have a run of a-1 at http://a; ") {
		t.Errorf("two reports of one target are merged: %v", err)
	}
}
