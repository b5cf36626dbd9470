package runner

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// hosts are so many targets, each with a password of its own.
func hosts(n int) (all []*target.Target) {
	for i := range n {
		all = append(all, &target.Target{Account: target.Account{Username: "u@e", Password: target.Secret(fmt.Sprintf("pass-word-%d", i))}})
	}
	return all
}

// The checks of all targets wait side by side, though only some targets are begun at a time; each is concluded when its own checks are over,
// and keeps nothing but what it came to.
func TestManyTargets(t *testing.T) {
	t.Parallel()
	const n = 2*together + 3
	var waiting sync.WaitGroup
	waiting.Add(n)
	run, report := runOf(t, Options{Targets: hosts(n), Procs: 2}, func(s *check.Suite[*check.Case]) {
		s.Check("waits", "t", func(ctx context.Context, c *check.Case) {
			c.WaitUntil(ctx, time.Now().Add(300*time.Millisecond), "a while")
			waiting.Done()
			waiting.Wait() // none ends before all have begun
		}, check.Proves("ADX-SES-01"), check.Waiting())
		s.Check("passes", "t", func(context.Context, *check.Case) {}, check.Proves("ADX-SES-07"))
	})
	if len(report.Runs) != n || !report.Complete {
		t.Fatalf("%d runs", len(report.Runs))
	}
	for i, j := range run.judged {
		if r := report.Runs[i]; r.Target != j.Target.URL || r.Totals.Passed != 2 {
			t.Errorf("%s: %+v, in the place of %s", r.Target, r.Totals, j.Target.URL)
		}
		if j.env != nil || j.of.secrets != nil || &j.tasks[0].def.ID != &run.judged[0].tasks[0].def.ID {
			t.Errorf("%s keeps more than what it came to", j.Target.URL)
		}
	}
}

// One target's password in what another shows is no more in the report than its own; a name stands for a secret of the same target.
func TestSecretsOfOtherTargets(t *testing.T) {
	t.Parallel()
	_, report := runOf(t, Options{Targets: hosts(2)}, func(s *check.Suite[*check.Case]) {
		s.Check("shows", "t", func(_ context.Context, c *check.Case) {
			c.Fail("nothing", "pass-word-0, pass-word-1")
		}, check.Proves("ADX-SES-01"))
	})
	for i, want := range []string{"‹password›, ‹password-of-another-target-2›", "‹password-of-another-target›, ‹password›"} {
		if c := report.Runs[i].Checks[0]; c.Status != verdict.Failed || !strings.Contains(c.Actual, want) {
			t.Errorf("%s: %q, want %q", c.Status, c.Actual, want)
		}
	}
}
