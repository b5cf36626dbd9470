package verdict

import "testing"

func TestAReportCountsTheChecksOfItsRuns(t *testing.T) {
	t.Parallel()
	r := Report{Complete: true, Runs: make([]Run, 2)}
	for i := range r.Runs {
		for _, s := range append([]Status{"of a later release"}, Statuses...) {
			r.Runs[i].Checks = append(r.Runs[i].Checks, Check{Status: s, Level: Note})
		}
		r.Runs[i].Judge()
	}
	all := r.Totals()
	for _, s := range Statuses {
		n := 0
		for run, c := range r.Checks(s) {
			if c.Status != s || (run != &r.Runs[0] && run != &r.Runs[1]) {
				t.Errorf("among the %s is a check that is %s", s, c.Status)
			}
			n++
		}
		if n != 2 || all.Of(s) != 2 {
			t.Errorf("%d checks are %s, and %d are counted", n, s, all.Of(s))
		}
	}
	n := 0
	for range r.Checks() {
		if n++; n == 5 {
			break
		}
	}
	if n != 5 || all.Executed() != 12 || all.Of("of a later release") != 0 {
		t.Errorf("%d checks were taken, %d ran", n, all.Executed())
	}
}

func TestTheOutcomeIsThatOfTheWorst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		report Report
		want   Outcome
		code   int
	}{
		"conformant":          {Report{Complete: true, Runs: []Run{{Verdict: Conformant}}}, Conformant, ExitConformant},
		"one is incomplete":   {Report{Complete: true, Runs: []Run{{Verdict: Conformant}, {Verdict: Incomplete}}}, Incomplete, ExitIncomplete},
		"one is broken":       {Report{Runs: []Run{{Verdict: Incomplete}, {Verdict: Nonconformant}}}, Nonconformant, ExitNonconformant},
		"interrupted":         {Report{Runs: []Run{{Verdict: Conformant}}}, Incomplete, ExitIncomplete},
		"no run":              {Report{Complete: true}, Incomplete, ExitIncomplete},
		"a waiver that fails": {Report{Complete: true, Runs: []Run{{Verdict: Conformant}}, WaiverProblems: []WaiverProblem{{}}}, Nonconformant, ExitNonconformant},
	} {
		if c.report.Outcome() != c.want || c.report.ExitCode(Must) != c.code {
			t.Errorf("%s: %s with exit code %d, want %s with %d", name, c.report.Outcome(), c.report.ExitCode(Must), c.want, c.code)
		}
	}
}
