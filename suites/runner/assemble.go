package runner

import (
	"context"
	"fmt"

	"example.org/conform/harness/coordinator"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// What a run says of itself when it was interrupted.
const (
	interrupted = "interrupted"
	runAgain    = "run again; the report holds what was judged until then"
)

// assemble makes the verdict on one run from what was handed in.
func (r *Run) assemble(ctx context.Context, index int, results []coordinator.Result, left []string, broken error) verdict.Run {
	p := r.planned[index]
	run := verdict.Run{
		Profile: p.Target.Profile, Target: p.Target.URL, Unselected: p.Plan.Unselected, Filter: r.options.LabelFilter,
		Preflight: r.preflown[index], LeftBehind: left, WrongPasswords: r.state.WrongPasswords(index),
		Checks: []verdict.Check{},
	}
	if problem := r.problems[index]; problem != nil {
		run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, r.Scrub(problem.Reason), problem.Remedy
		if ctx.Err() != nil { // the problem is the interrupt's
			run.Reason, run.Remedy = interrupted, runAgain
		}
		run.Judge()
		return run
	}
	judged := map[string]verdict.Check{}
	var breaches []coordinator.Breach
	for _, result := range results {
		if result.Run == index {
			judged[result.Check.ID] = result.Check
			breaches = append(breaches, result.Breaches...)
			run.Dropped += result.Dropped
		}
	}
	missing := 0
	for _, d := range p.Defs {
		c, ok := judged[d.ID]
		skip, skipped := p.Plan.Skips[d.ID]
		switch {
		case ok:
		case skipped:
			c = d.Result()
			c.Status, c.Reason, c.Remedy = verdict.Skipped, skip.Reason, skip.Remedy
		case p.Runs(d):
			missing++
			c = d.Result()
			c.Status, c.Reason = verdict.Inconclusive, "the run ended before this check did"
		default:
			continue // not selected
		}
		run.Checks = append(run.Checks, c)
	}
	fold(run.Checks, breaches)
	switch {
	case ctx.Err() != nil:
		run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, interrupted, runAgain
	case r.state.Throttled(index):
		run.Verdict, run.Reason = verdict.Incomplete, "the server throttles the run beyond its budget"
		run.Remedy = "set limits.requestsPerSecond in the target to what the server allows"
	case broken != nil:
		run.Verdict, run.Reason = verdict.Incomplete, r.Scrub(broken.Error())
	case missing > 0:
		run.Verdict, run.Reason = verdict.Incomplete, fmt.Sprintf("%d checks did not end", missing)
	}
	run.Judge()
	return run
}

// fold counts what checks saw in passing against the checks of the requirements concerned: an answer that breaks
// the contract does so whichever check it was an answer to. A requirement whose checks did not run is not touched.
func fold(checks []verdict.Check, breaches []coordinator.Breach) {
	type seen struct {
		first coordinator.Breach
		times int
	}
	var order []string
	broken := map[string]*seen{}
	for _, b := range breaches {
		if b.Told {
			continue
		}
		s, ok := broken[b.Violation.Requirement]
		if !ok {
			s = &seen{first: b}
			broken[b.Violation.Requirement] = s
			order = append(order, b.Violation.Requirement)
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
		seenBy := s.first.Check
		if s.times > 1 {
			seenBy = fmt.Sprintf("%s, the first of %d that saw it", seenBy, s.times)
		}
		c.Expected = s.first.Violation.Place + ": " + s.first.Violation.Expected
		c.Actual = fmt.Sprintf("%s, in an answer to %s that another check got (%s)", s.first.Violation.Actual, s.first.Operation, seenBy)
		if s.first.Check == c.ID {
			c.Actual = fmt.Sprintf("%s, in an answer to %s", s.first.Violation.Actual, s.first.Operation)
		} else {
			s.first.Exchange.Purpose = evidence.Passing
			c.Exchanges = append(c.Exchanges, s.first.Exchange)
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
