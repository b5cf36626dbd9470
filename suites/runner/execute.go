package runner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

const (
	// attempts is how often a check is begun again because an attempt outlived its own credentials.
	attempts = 5
	// longestPause bounds how long the next of them is waited for.
	longestPause = 10 * time.Second
	// cleanUpTime bounds the ending of what one check made, once the run is interrupted.
	cleanUpTime = 30 * time.Second
)

// environment is what the checks of one target share, and what becomes of what they make.
type environment struct {
	*check.Env
	system check.System
	// hold leaves what the checks make for the run to end.
	hold bool
	// onlyBroken leaves out what was exchanged where nothing is wrong.
	onlyBroken bool
	// hurry is the end of all patience with what is to be ended; nil for none.
	hurry context.Context
}

// outcome is what one executed check came to.
type outcome struct {
	check verdict.Check
	// breaches were seen in passing.
	breaches []verdict.Breach
	// lost says that a credential which should work was refused: another check's doing may have ended it.
	lost bool
	// shared says that the check could not be judged beside others, which were given the same.
	shared bool
	// spared says that the check sent nothing more, since an operation had failed too often.
	spared bool
	// weather says that the check could not be judged, since something else has answered in the API's stead.
	weather bool
	// cut says that the check broke on a request that got no answer, or half of one.
	cut bool
	// late says that the check outlived what it had made, each time, and says nothing about the server.
	late bool
	// of is the promise that requests in another spelling broke, "" for none.
	of string
	// dropped counts connections that broke before an answer and were tried again.
	dropped int
}

// broke reports whether the check showed that a promise is broken.
func (o *outcome) broke() bool { return o.check.Broken() }

// stands reports whether nothing can change what the check came to any more.
func (o *outcome) stands() bool {
	return !o.lost && !o.shared && !o.broke() && o.check.Status != verdict.Inconclusive
}

// execute runs a check and returns its result. It never panics and never returns without ending, or having entered in the ledger,
// what the check made. Before the check waits for time to pass it calls waits, which may be nil.
func (e *environment) execute(ctx context.Context, d check.Definition, waits check.Waits) (r *outcome) {
	r = &outcome{check: d.Result()}
	started := time.Now()
	defer func() {
		if fault := recover(); fault != nil {
			judge(&r.check, check.Outcome{End: check.FaultOfTheSuite(fault)}, e.Redactor.Scrub)
		}
		r.check.Started = started.UTC()
		r.check.DurationMs = float64(time.Since(started).Microseconds()) / 1000
	}()
	var o check.Outcome
	var swept []*client.Answer
	for i := range attempts {
		o = d.Try(ctx, e.Env, i, waits)
		if !e.hold {
			swept = e.cleanUp(ctx, o.Made)
		}
		if o.End == nil || !o.End.Outlived {
			break
		}
		until(ctx, o.End.Again)
	}
	judge(&r.check, o, e.Redactor.Scrub)
	r.dropped, r.lost, r.shared = o.Dropped, o.Lost, o.Shared && r.check.Status == verdict.Inconclusive
	if o.End != nil {
		r.late, r.of = o.End.Outlived, o.End.Of
	}
	if n := len(o.Answers); n > 0 && r.broke() {
		r.cut = o.Answers[n-1].Cut()
	}
	r.spared, r.weather = o.Spared, o.Weather && r.check.Status == verdict.Inconclusive
	if !e.onlyBroken || r.check.Status != verdict.Passed && r.check.Status != verdict.Noted {
		r.check.Exchanges = append(e.record(o.Answers), e.recordSwept(swept)...)
	}
	if n := len(r.check.Exchanges) - len(swept); o.End != nil && o.End.Body && r.broke() && n > 0 {
		if begins := r.check.Exchanges[n-1].Begins(); begins != "" { // a page, or half of a body
			r.check.Actual += ": " + begins
		}
	}
	seen := map[[2]string]bool{}
	for _, s := range o.Seen {
		// One exchange shows what a check saw broken; the same again in the same check adds nothing.
		key := [2]string{s.Violation.Requirement, s.Violation.Place}
		known := seen[key]
		if seen[key] = true; known || told(o, s) {
			continue
		}
		s.Violation.Actual = e.Redactor.Scrub(s.Violation.Actual)
		records := s.Answer.Record(e.Redactor.Scrub)
		r.breaches = append(r.breaches, verdict.Breach{Violation: s.Violation, Exchange: records[len(records)-1], Check: d.ID})
	}
	return r
}

// until waits for a moment that is not far off.
func until(ctx context.Context, moment time.Time) {
	select {
	case <-time.After(min(time.Until(moment), longestPause)):
	case <-ctx.Done():
	}
}

// told says whether the check ended on a breach that it saw in passing: on the status of its last answer or, where something was granted
// that should not have been, on what is in it. To count that against a second check would show one exchange twice, the second time under a
// title that has nothing to do with it.
func told(o check.Outcome, s check.Seen) bool {
	return o.End != nil && o.End.Status == verdict.Failed && s.Answer == o.Answers[len(o.Answers)-1] &&
		(s.Violation.Place == "status" || o.End.Granted)
}

// broken is what a check comes to whose promise was not kept.
var broken = map[verdict.Level]verdict.Status{verdict.Must: verdict.Failed, verdict.Should: verdict.Warned, verdict.Note: verdict.Noted}

// judge turns the way in which the body ended into a status.
func judge(c *verdict.Check, o check.Outcome, scrub func(string) string) {
	end := o.End
	switch {
	case end == nil && c.Level == verdict.Note && o.Note == "":
		c.Status, c.Reason = verdict.Inconclusive, "a fault of the suite: the check noted nothing"
	case end == nil && c.Level == verdict.Note:
		c.Status, c.Reason = verdict.Noted, scrub(o.Note)
	case end == nil:
		c.Status = verdict.Passed
	default:
		c.Status, c.Reason, c.Remedy, c.Stack = end.Status, scrub(end.Reason), end.Remedy, scrub(end.Stack)
		c.Expected, c.Actual = scrub(end.Expected), scrub(end.Actual)
		c.NotAgain = end.NotAgain
		for _, step := range end.Steps {
			c.Steps = append(c.Steps, scrub(step))
		}
		if end.Status == verdict.Failed {
			c.Status = broken[c.Level]
		}
		if end.Outlived {
			c.Reason += fmt.Sprintf(", in each of %d attempts", attempts)
		}
	}
}

// cleanUp ends what an attempt made, newest first, also when the check's own time is up, and returns what came of it. What cannot be
// ended stays in the ledger, for the run to try once more and to name.
func (e *environment) cleanUp(ctx context.Context, made []ledger.Item) (swept []*client.Answer) {
	outer := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(outer))
	defer cancel()
	defer context.AfterFunc(outer, func() { time.AfterFunc(cleanUpTime, cancel) })()
	if e.hurry != nil {
		defer context.AfterFunc(e.hurry, cancel)()
	}
	unjudged := e.Client.Unjudged()
	if shut := e.Guard().Shut(); shut != nil && shut.Silent {
		return nil // nothing gets an answer; the run tries once more, at its end
	}
	for _, item := range slices.Backward(made) {
		if !e.Ledger.Over(item) {
			answers, err := e.end(ctx, unjudged, item, mostSwept-len(swept))
			swept = append(swept, answers...)
			if err != nil {
				if ctx.Err() != nil {
					return swept
				}
				continue
			}
		}
		e.Ledger.Ended(item)
	}
	return swept
}

// mostSwept bounds how many exchanges of a clean-up are evidence: walks make hundreds of things to end.
const mostSwept = 100

// record is what was exchanged, for the report.
func (e *environment) record(answers []*client.Answer) (exchanges []evidence.Exchange) {
	for _, a := range answers {
		exchanges = append(exchanges, a.Record(e.Redactor.Scrub)...)
	}
	return exchanges
}

// recordSwept is what was exchanged to clean up, as far as it is evidence.
func (e *environment) recordSwept(answers []*client.Answer) []evidence.Exchange {
	exchanges := e.record(answers)
	return exchanges[:min(len(exchanges), mostSwept)]
}

// end ends one item, and returns the answers that came of it, up to so many.
func (e *environment) end(ctx context.Context, by *client.Client, item ledger.Item, most int) (answers []*client.Answer, err error) {
	err = e.system.End(ctx, by.Watched(func(r client.Request, a *client.Answer) {
		e.Conceal(r, a)
		if len(answers) < most {
			answers = append(answers, a)
		}
		if ends := a.Operation.Ends(); ends != nil && a.Err == nil {
			e.Ledger.Lives.Ended(item.Key, check.Incident(a), ends.Spares, true)
		}
	}), item)
	return answers, err
}

// preflight reaches a target before the first check, and returns what stands in the way and what was exchanged.
func (e *environment) preflight(ctx context.Context) (problem *check.Problem, exchanges []evidence.Exchange) {
	defer func() {
		if fault := recover(); fault != nil { // what an attempt does not see: the clean-up
			problem = &check.Problem{Reason: check.FaultOfTheSuite(fault).Reason, Remedy: "run again"}
		}
	}()
	flight := check.Unnamed(func(ctx context.Context, c *check.Case) { problem = e.system.Preflight(ctx, c) })
	o := flight.Try(ctx, e.Env, 0, nil)
	if o.End != nil && !o.End.Outlived {
		problem = &check.Problem{Reason: o.End.Reason, Remedy: "run again"}
		if e.Ledger.Throttled() {
			problem.Reason = "the server throttles the run from its first requests on: " + problem.Reason
			problem.Remedy = "run again when it lets this account and this address in, and set limits.requestsPerSecond in the target to what it allows"
		}
	}
	exchanges = e.record(o.Answers)
	if problem != nil {
		exchanges = append(exchanges, e.recordSwept(e.cleanUp(ctx, o.Made))...)
	} // else the run ends it: what the first login gave lives on beside what the others give
	return problem, exchanges
}
