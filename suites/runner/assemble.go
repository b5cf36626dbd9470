package runner

import (
	"context"
	"fmt"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// What a run says of itself when it was interrupted.
const (
	interrupted = "interrupted"
	runAgain    = "run again; the report holds what was judged until then"
)

// assemble makes the verdict on one run from what its checks came to.
func (j *judged) assemble(ctx context.Context, r *Run, left []string) verdict.Run {
	run := verdict.Run{
		Profile: j.Target.Profile, Target: j.Target.URL, Unselected: j.Plan.Unselected, Filter: r.options.LabelFilter,
		Preflight: j.preflown, LeftBehind: left, WrongPasswords: j.env.Ledger.WrongPasswords(), Checks: []verdict.Check{},
	}
	if j.problem != nil {
		run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, r.Scrub(j.problem.Reason), j.problem.Remedy
		if ctx.Err() != nil { // the problem is the interrupt's
			run.Reason, run.Remedy = interrupted, runAgain
		}
		run.Judge()
		return run
	}
	results := map[string]*outcome{}
	var breaches []breach
	for _, t := range j.tasks {
		if results[t.def.ID] = t.result; t.result != nil {
			breaches = append(breaches, t.result.breaches...)
			run.Dropped += t.result.dropped
		}
	}
	missing := 0
	for _, d := range j.Defs {
		result, planned := results[d.ID]
		c := d.Result()
		if skip, skipped := j.Plan.Skips[d.ID]; skipped {
			c.Status, c.Reason, c.Remedy = verdict.Skipped, skip.Reason, skip.Remedy
		} else if !planned {
			continue // not selected
		} else if result == nil && r.options.OnDemand {
			run.Unselected++ // nobody asked for it
			continue
		} else if result == nil {
			missing++
			c.Status, c.Reason = verdict.Inconclusive, "the run ended before this check did"
		} else {
			c = result.check
		}
		run.Checks = append(run.Checks, c)
	}
	fold(run.Checks, breaches)
	switch {
	case ctx.Err() != nil:
		run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, interrupted, runAgain
	case j.closed != nil:
		run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, r.Scrub(j.closed.Reason), j.closed.Remedy
	case j.env.Ledger.Throttled():
		run.Verdict, run.Reason = verdict.Incomplete, "the server throttles the run beyond its budget"
		run.Remedy = "set limits.requestsPerSecond in the target to what the server allows"
	case missing > 0:
		run.Verdict, run.Reason = verdict.Incomplete, fmt.Sprintf("%d checks did not end", missing)
	}
	run.Judge()
	return run
}

// fold counts what checks saw in passing against the checks of the requirements concerned: an answer that breaks
// the contract does so whichever check it was an answer to. A requirement whose checks did not run is not touched.
func fold(checks []verdict.Check, breaches []breach) {
	type seen struct {
		first breach
		times int
	}
	var order []string
	broken := map[string]*seen{}
	for _, b := range breaches {
		if b.told {
			continue
		}
		s, ok := broken[b.violation.Requirement]
		if !ok {
			s = &seen{first: b}
			broken[b.violation.Requirement] = s
			order = append(order, b.violation.Requirement)
		}
		s.times++
	}
	for _, requirement := range order {
		c := bearer(checks, requirement)
		if c == nil {
			continue
		}
		s := broken[requirement]
		c.Status = map[verdict.Level]verdict.Status{
			verdict.Must: verdict.Failed, verdict.Should: verdict.Warned, verdict.Note: verdict.Noted,
		}[c.Level]
		seenBy := s.first.check
		if s.times > 1 {
			seenBy = fmt.Sprintf("%s, the first of %d that saw it", seenBy, s.times)
		}
		c.Expected = s.first.violation.Place + ": " + s.first.violation.Expected
		c.Actual = fmt.Sprintf("%s, in an answer to %s that another check got (%s)", s.first.violation.Actual, s.first.operation, seenBy)
		if s.first.check == c.ID {
			c.Actual = fmt.Sprintf("%s, in an answer to %s", s.first.violation.Actual, s.first.operation)
		} else {
			s.first.exchange.Purpose = evidence.Passing
			c.Exchanges = append(c.Exchanges, s.first.exchange)
		}
		c.Reason = fmt.Sprintf("expected %s; got %s", c.Expected, c.Actual)
	}
}

// bearer is the first check of a requirement that ran and has not already shown it broken; nil when one has, or none
// ran.
func bearer(checks []verdict.Check, requirement string) *verdict.Check {
	var found *verdict.Check
	for i := range checks {
		c := &checks[i]
		if c.Requirements[0] != requirement {
			continue
		}
		switch c.Status {
		case verdict.Failed, verdict.Warned:
			return nil
		case verdict.Passed, verdict.Noted, verdict.Inconclusive:
			if found == nil {
				found = c
			}
		}
	}
	return found
}
