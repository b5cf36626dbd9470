package check

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

const (
	// attempts is how often a check is begun again because an attempt outlived its own credentials.
	attempts = 5
	// cleanUpTime bounds the ending of what one check made, once the run is interrupted.
	cleanUpTime = 30 * time.Second
)

// Breach is a difference between an answer and its contract that was seen in a check about something else.
type Breach struct {
	Violation evidence.Violation
	Operation string
	// Check is the ID of the check that saw it.
	Check string
	// Told says that the check itself failed on it, and shows the exchange.
	Told     bool
	Exchange evidence.Exchange
}

// Result is what one executed check came to.
type Result struct {
	Check verdict.Check
	// Breaches were seen in passing.
	Breaches []Breach
	// Lost says that a credential which should work was refused: another check's doing may have ended it.
	Lost bool
	// Dropped counts connections that broke before an answer and were tried again.
	Dropped int
}

// Execute runs a check and returns its result. It never panics and never returns without ending, or having entered in
// the ledger, what the check made. Before the check waits for time to pass it calls waits, which may be nil.
func (d Definition) Execute(ctx context.Context, env *Env, waits Waits) (result Result) {
	result.Check = d.Result()
	started := time.Now()
	defer func() {
		if fault := recover(); fault != nil {
			faultOfTheSuite(fault).judge(&result.Check, "", env.Redactor.Scrub)
		}
		result.Check.Started = started.UTC()
		result.Check.DurationMs = float64(time.Since(started).Microseconds()) / 1000
	}()
	var c *Case
	var end *abort
	for i := range attempts {
		c = &Case{Env: env, def: d, attempt: i, waits: waits}
		end = c.try(ctx)
		if !env.Hold {
			c.cleanUp(ctx)
		}
		if end == nil || end.kind != void {
			break
		}
	}
	end.judge(&result.Check, c.note, env.Redactor.Scrub)
	result.Dropped, result.Lost = c.dropped, c.lost
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
		result.Breaches = append(result.Breaches, Breach{
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

// try runs the body once and returns what ended it early.
func (c *Case) try(ctx context.Context) (end *abort) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *abort:
			end = r
		default:
			end = faultOfTheSuite(r)
		}
		if end != nil && end.kind == broken && ctx.Err() != nil {
			// What fails after an interrupt fails because of it.
			end = &abort{kind: inconclusive, reason: "interrupted"}
		}
	}()
	c.def.body(ctx, c)
	return nil
}

// faultOfTheSuite is how a check ends that panicked: it says nothing of the server.
func faultOfTheSuite(panicked any) *abort {
	return &abort{kind: inconclusive, reason: evidence.OneLine(fmt.Sprintf("a fault of the suite: %v", panicked)), stack: string(debug.Stack())}
}

// judge turns the way in which the body ended into a status; nil is to its end, with what it noted.
func (end *abort) judge(check *verdict.Check, note string, scrub func(string) string) {
	switch {
	case end == nil && check.Level == verdict.Note && note == "":
		check.Status, check.Reason = verdict.Inconclusive, "a fault of the suite: the check noted nothing"
	case end == nil && check.Level == verdict.Note:
		check.Status, check.Reason = verdict.Noted, scrub(note)
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
		check.Status, check.Reason, check.Stack = verdict.Inconclusive, scrub(end.reason), scrub(end.stack)
	}
}

// cleanUp ends what the attempt made, newest first, also when the check's own time is up. What cannot be ended stays
// in the ledger, for the run to try once more and to name.
func (c *Case) cleanUp(ctx context.Context) {
	outer := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(outer))
	defer cancel()
	defer context.AfterFunc(outer, func() { time.AfterFunc(cleanUpTime, cancel) })()
	for _, item := range slices.Backward(c.items) {
		if !c.Ledger.Over(item) {
			if err := c.End(ctx, c.Client, item); err != nil {
				if ctx.Err() != nil {
					return
				}
				continue
			}
		}
		c.Ledger.Ended(item)
	}
}

// Preflight reaches a target before the first check, and returns what stands in the way and what was exchanged.
func Preflight(ctx context.Context, s System, env *Env) (problem *Problem, exchanges []evidence.Exchange) {
	defer func() {
		if fault := recover(); fault != nil { // what try does not see: the clean-up
			problem = &Problem{Reason: faultOfTheSuite(fault).reason, Remedy: "run again"}
		}
	}()
	c := &Case{Env: env}
	c.def.body = func(ctx context.Context, c *Case) { problem = s.Preflight(ctx, c) }
	if end := c.try(ctx); end != nil && end.kind != void {
		problem = &Problem{Reason: end.reason, Remedy: "run again"}
	}
	if problem != nil {
		c.cleanUp(ctx)
	} // else the run ends it: what the first login gave lives on beside what the others give
	for _, a := range c.answers {
		exchanges = append(exchanges, a.Record(env.Redactor.Scrub)...)
	}
	return problem, exchanges
}
