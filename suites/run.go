package suites

import (
	"fmt"
	"testing"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/runner"
)

// Option changes how Run and Describe judge.
type Option func(*judging)

type judging struct {
	runner.Options
	keep func(*verdict.Report)
}

// LabelFilter selects checks by profile, subject, level or requirement ID, in Ginkgo's syntax. Describe takes Ginkgo's own
// --label-filter in its place.
func LabelFilter(filter string) Option { return func(j *judging) { j.LabelFilter = filter } }

// Parallel sets the number of checks at a time; the default is runner.DefaultProcs.
func Parallel(n int) Option { return func(j *judging) { j.Procs = max(n, 1) } }

// Keep is given the report at the end; no secret is in it. reports.Write writes it as files.
func Keep(keep func(*verdict.Report)) Option { return func(j *judging) { j.keep = keep } }

func apply(options []Option) judging {
	j := judging{Options: runner.Options{Systems: Systems(), Suite: "conform"}}
	for _, option := range options {
		option(&j)
	}
	return j
}

// Run judges a target within a Go test, as a subtest a check: a broken MUST fails its subtest, a broken SHOULD and a
// note are logged, a skipped check skips. A run that is incomplete fails the test itself, since it shows nothing. The
// report is returned for whoever wants to keep it; no secret is in it.
//
// The target is described as the target file describes it: Reader reads one, or finds a value of one's own in order.
func Run(t *testing.T, tgt *target.Target, options ...Option) *verdict.Report {
	t.Helper()
	j := apply(options)
	j.Targets = []*target.Target{tgt}
	if err := Reader().Validate(tgt); err != nil {
		t.Fatalf("the target: %v", err)
	}
	run, err := runner.New(j.Options)
	if err != nil {
		t.Fatalf("preparing the run: %v", err)
	}
	report := run.Do(t.Context(), nil)
	if j.keep != nil {
		j.keep(report)
	}
	for _, r := range report.Runs {
		for _, c := range r.Checks {
			t.Run(c.ID, func(t *testing.T) { tell(t, c) })
		}
		if r.Verdict == verdict.Incomplete {
			t.Errorf("%s: incomplete: %s; %s", r.Profile, r.Reason, r.Remedy)
		}
	}
	return report
}

// tell says in a subtest what a check came to.
func tell(t *testing.T, c verdict.Check) {
	t.Helper()
	text := fmt.Sprintf("%s: %s\n  source:   %s\n  expected: %s\n  actual:   %s", c.Title, c.Statement, c.Source, c.Expected, c.Actual)
	switch c.Status {
	case verdict.Failed:
		t.Error(text)
	case verdict.Warned:
		t.Log("a SHOULD is broken: " + text)
	case verdict.Noted:
		t.Log(c.Reason)
	case verdict.Inconclusive:
		t.Log("inconclusive: " + c.Reason) // the run's own verdict says whether that matters
	case verdict.Skipped:
		t.Skip(c.Reason + ": " + c.Remedy)
	}
}
