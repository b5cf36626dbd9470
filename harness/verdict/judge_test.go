package verdict

import "testing"

func TestJudge(t *testing.T) {
	t.Parallel()
	check := func(level Level, status Status) Check { return Check{Level: level, Status: status} }
	for name, c := range map[string]struct {
		before Outcome
		checks []Check
		want   Outcome
		must   int // exit codes
		should int
	}{
		"all passed":                 {"", []Check{check(Must, Passed), check(Note, Noted)}, Conformant, 0, 0},
		"a MUST failed":              {"", []Check{check(Must, Passed), check(Must, Failed)}, Nonconformant, 1, 1},
		"a SHOULD warned":            {"", []Check{check(Must, Passed), check(Should, Warned)}, Conformant, 0, 1},
		"a MUST waived":              {"", []Check{check(Must, Waived)}, Conformant, 0, 0},
		"a MUST inconclusive":        {"", []Check{check(Must, Passed), check(Must, Inconclusive)}, Incomplete, 3, 3},
		"a SHOULD inconclusive":      {"", []Check{check(Must, Passed), check(Should, Inconclusive)}, Conformant, 0, 0},
		"failed and inconclusive":    {"", []Check{check(Must, Failed), check(Must, Inconclusive)}, Nonconformant, 1, 1},
		"only skipped":               {"", []Check{check(Must, Skipped)}, Incomplete, 3, 3},
		"nothing at all":             {"", nil, Incomplete, 3, 3},
		"stopped, and seen a breach": {Incomplete, []Check{check(Must, Failed)}, Nonconformant, 1, 1},
		"stopped":                    {Incomplete, []Check{check(Must, Passed)}, Incomplete, 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := Run{Verdict: c.before, Reason: "why", Checks: c.checks}
			run.Judge()
			report := Report{Complete: true, Runs: []Run{run}}
			if run.Verdict != c.want || report.ExitCode(Must) != c.must || report.ExitCode(Should) != c.should {
				t.Errorf("%s, exit codes %d and %d", run.Verdict, report.ExitCode(Must), report.ExitCode(Should))
			}
			if (run.Verdict == Conformant) != (run.Reason == "") {
				t.Errorf("verdict %s with reason %q", run.Verdict, run.Reason)
			}
		})
	}
	if code := (&Report{}).ExitCode(Must); code != ExitIncomplete {
		t.Errorf("a report without runs ends with %d", code)
	}
}
