package check

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"example.org/conform/harness/coordinator"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

const (
	// attempts is how often a check is begun again because an attempt outlived its own credentials.
	attempts = 3
	// cleanUpTime bounds the ending of what one check made.
	cleanUpTime = 30 * time.Second
)

// Execute runs a check and returns its result. It never panics and never returns without ending, or having entered in
// the ledger, what the check made.
func (d Definition) Execute(ctx context.Context, env *Env) coordinator.Result {
	started := time.Now()
	_ = env.Coordinator.Report(ctx, coordinator.Progress{Check: d.ID})
	var c *Case
	var end *abort
	for range attempts {
		c = NewCase(env)
		c.def = d
		end = c.attempt(ctx)
		c.cleanUp(ctx)
		if end == nil || end.kind != void {
			break
		}
	}
	result := coordinator.Result{Run: env.Run, Check: d.Result(), Answers: c.counts, Dropped: c.dropped}
	result.Check.Started = started.UTC()
	result.Check.DurationMs = float64(time.Since(started).Microseconds()) / 1000
	c.judge(&result.Check, end)
	for _, a := range c.answers {
		result.Check.Exchanges = append(result.Check.Exchanges, a.Record(env.Redactor.Scrub)...)
	}
	seen := map[[2]string]bool{}
	for _, b := range c.breaches {
		// One exchange shows what a check saw broken; the same again in the same check adds nothing.
		if key := [2]string{b.violation.Requirement, b.violation.Place}; seen[key] {
			continue
		} else {
			seen[key] = true
		}
		b.violation.Actual = env.Redactor.Scrub(b.violation.Actual)
		records := b.answer.Record(env.Redactor.Scrub)
		result.Breaches = append(result.Breaches, coordinator.Breach{
			Violation: b.violation, Operation: b.answer.Operation.ID(), Check: d.ID, Exchange: records[len(records)-1],
			Told: c.told(end, b),
		})
	}
	return result
}

// told says whether the check ended on a breach that it saw in passing: on the status of its last answer. To count that
// against a second check would show one exchange twice, the second time under a title that has nothing to do with it.
func (c *Case) told(end *abort, b breach) bool {
	return end != nil && end.kind == broken && b.violation.Place == "status" && b.answer == c.answers[len(c.answers)-1]
}

// attempt runs the body once and returns what ended it early.
func (c *Case) attempt(ctx context.Context) (end *abort) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *abort:
			end = r
		default:
			end = &abort{kind: inconclusive, reason: oneLine(fmt.Sprintf("the check itself broke: %v; %s", r, debug.Stack()))}
		}
		if end != nil && end.kind == broken && ctx.Err() != nil {
			// What fails after an interrupt fails because of it.
			end = &abort{kind: inconclusive, reason: "interrupted"}
		}
	}()
	c.def.body(ctx, c)
	return nil
}

// judge turns the way in which the body ended into a status.
func (c *Case) judge(check *verdict.Check, end *abort) {
	scrub := c.Redactor.Scrub
	switch {
	case end == nil && check.Level == verdict.Note && c.note == "":
		check.Status, check.Reason = verdict.Inconclusive, "the check itself is at fault: it noted nothing"
	case end == nil && check.Level == verdict.Note:
		check.Status, check.Reason = verdict.Noted, scrub(c.note)
	case end == nil:
		check.Status = verdict.Passed
	case end.kind == skipped:
		check.Status, check.Reason, check.Remedy = verdict.Skipped, scrub(end.reason), end.remedy
	case end.kind == broken:
		check.Status = map[verdict.Level]verdict.Status{
			verdict.Must: verdict.Failed, verdict.Should: verdict.Warned, verdict.Note: verdict.Noted,
		}[check.Level]
		check.Reason, check.Expected, check.Actual = scrub(end.reason), scrub(end.expected), scrub(end.actual)
	case end.kind == void:
		check.Status = verdict.Inconclusive
		check.Reason = fmt.Sprintf("%s, in each of %d attempts", scrub(end.reason), attempts)
	default:
		check.Status, check.Reason = verdict.Inconclusive, scrub(end.reason)
	}
}

// cleanUp ends what the attempt made, newest first, also when the check's own time is up. What cannot be ended stays
// in the ledger, for the command to try once more and to name.
func (c *Case) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	for i := len(c.items) - 1; i >= 0; i-- {
		if err := c.End(ctx, c.Client, c.items[i]); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				return
			}
			continue
		}
		_ = c.Coordinator.Ended(ctx, c.items[i])
	}
}

// Preflight reaches a target before the first check, and returns what stands in the way and what was exchanged.
func Preflight(ctx context.Context, s System, env *Env, scrub func(string) string) (problem *Problem, exchanges []evidence.Exchange) {
	c := NewCase(env)
	c.def.body = func(ctx context.Context, c *Case) { problem = s.Preflight(ctx, c) }
	if end := c.attempt(ctx); end != nil && end.kind != void {
		problem = &Problem{Reason: end.reason, Remedy: "run again"}
	}
	c.cleanUp(ctx)
	for _, a := range c.answers {
		exchanges = append(exchanges, a.Record(scrub)...)
	}
	return problem, exchanges
}
