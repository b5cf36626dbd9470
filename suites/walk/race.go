package walk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/client"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/life"
)

const (
	// atOnce is how many requests are sent at the same moment, and users how many use a credential while it ends.
	atOnce, users = 8, 4
	// rounds is how often.
	rounds = 3
	// usesAfter is how many uses each of them makes that begin after the end was answered.
	usesAfter = 3
)

// later is when a credential that has ended is asked again: whoever keeps what it knew of it forgets it within two seconds, or does
// not forget it at once.
var later = []time.Duration{
	time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond,
	500 * time.Millisecond, time.Second, 2 * time.Second,
}

// declareRaces declares the checks of what happens at the same time.
func declareRaces[A life.Living](s *check.Suite[A], all *promises) {
	types.MarkAsHelper()
	declare := func(slug, title, requirement string, body func(context.Context, *life.API), options ...check.Option) {
		if requirement != "" {
			s.Check(slug, title, func(ctx context.Context, api A) { body(ctx, api.Life()) },
				append(options, check.Sweeping(), check.Proves(requirement), check.Generated("walk.Declare", s.Contract.Place(requirement)))...)
		}
	}
	for _, op := range s.Contract.Operations() {
		if h := op.HandsOut(); h != nil && !h.Rotates {
			declare("at-once-by-"+contract.Kebab(op.ID()),
				fmt.Sprintf("answers %d requests of %s at the same moment, each with a %s of its own", atOnce, op.ID(), h.Kind),
				op.SuccessRequirement(), func(ctx context.Context, a *life.API) { worksAtOnce(ctx, a, op) }, check.Reaching())
			declare("another-at-once-by-"+contract.Kebab(op.ID()),
				fmt.Sprintf("gives no %s twice to %d requests of %s at the same moment", h.Kind, atOnce, op.ID()),
				all.another[op.ID()], func(ctx context.Context, a *life.API) { differsAtOnce(ctx, a, op) }, check.Reaching())
		}
		if op.HandsOut() == nil && op.Ends() == nil && len(op.Takes()) > 0 && !usedUp(op) {
			declare("at-once-by-"+contract.Kebab(op.ID()),
				fmt.Sprintf("answers %d requests of %s with one %s at the same moment", atOnce, op.ID(), op.Takes()[0].Kind),
				op.SuccessRequirement(), func(ctx context.Context, a *life.API) { usedAtOnce(ctx, a, op) }, check.Reaching())
		}
		if e := op.Ends(); e != nil {
			opener := openerOf(s.Contract, e.Kind)
			gone := &state{fate: ended, befell: []event{{"ended", op.ID()}}}
			requirement, _ := all.of(opener, gone, "")
			if !usedUp(opener) {
				declare("used-beside-"+contract.Kebab(op.ID()),
					fmt.Sprintf("refuses a %s that is used while %s ends it, from the end on and over two seconds", e.Kind, op.ID()),
					requirement, func(ctx context.Context, a *life.API) { usedBesideEnd(ctx, a, op, opener) },
					check.Waiting(), check.Reaching())
			}
			declare("others-ended-at-once-by-"+contract.Kebab(op.ID()),
				fmt.Sprintf("refuses %d %ss that end at the same moment", users, e.Kind),
				requirement, func(ctx context.Context, a *life.API) { othersEndedAtOnce(ctx, a, op, opener) }, check.Reaching())
			for _, h := range s.Contract.HandOuts(renewable(s.Contract, e)) {
				if h.Renews() && !h.Rotates && spared(s.Contract, e, h) {
					requirement, _ := all.of(openerOf(s.Contract, h.Kind), renewedBeside(s.Contract, e, h), "")
					declare(contract.Kebab(h.By.ID())+"-beside-"+contract.Kebab(op.ID()),
						fmt.Sprintf("lets live a %s that %s gives while %s ends what it comes from", h.Kind, h.By.ID(), op.ID()),
						requirement, func(ctx context.Context, a *life.API) { renewedBesideEnd(ctx, a, op, h) }, check.Reaching())
				}
			}
			if e.Always {
				declare("ended-at-once-by-"+contract.Kebab(op.ID()), fmt.Sprintf("answers %d requests of %s for one %s at the same moment", users, op.ID(), e.Kind),
					all.enduring[op.ID()].Requirement, func(ctx context.Context, a *life.API) { endedAtOnce(ctx, a, op) }, check.Reaching())
			}
		}
	}
}

// usedUp says that a use of an operation ends the value that it takes, so that of several at the same moment one alone is right.
func usedUp(op *openapi.Operation) bool { return op.Reissues() != nil && op.Reissues().Rotates }

func openerOf(doc *openapi.Document, kind string) *openapi.Operation {
	for _, op := range doc.Operations() {
		if life.Opens(op, kind) {
			return op
		}
	}
	return nil
}

// answers are the last answers of parts, once none of them has ended early.
func answers(a *life.API, parts []check.Part) []*client.Answer {
	var last []*client.Answer
	for _, p := range parts {
		a.Exhibit(p.Answers)
		if p.End != nil {
			a.EndAs(p.End)
		}
		last = append(last, p.Answers[len(p.Answers)-1])
	}
	return last
}

// handedOutAtOnce has one thing handed out several times at the same moment, for the same credential where it takes one. Where that does
// not work, a check fails that asks whether it does, and any other cannot judge.
func handedOutAtOnce(ctx context.Context, a *life.API, op *openapi.Operation) (from *life.Credential, made []*life.Credential) {
	h := op.HandsOut()
	if lost := a.Ledger.Losses()[op.ID()]; lost > 0 {
		a.Inconclusive("not tried: %d answers to %s gave something without saying by what name it can be ended", lost, op.ID())
	}
	if h.From != "" {
		from = a.Make(ctx, h.From)
		if !h.Renews() { // that one gives several is no more than a SHOULD, and has its check
			a.Child(ctx, from, h.Kind)
			a.Child(ctx, from, h.Kind)
		}
	}
	made = make([]*life.Credential, atOnce)
	parts := a.AtTheSameMoment(ctx, atOnce, func(i int, own *life.API) {
		var answer *client.Answer
		if from == nil {
			answer = own.LogIn(ctx, own.Target.Account)
		} else {
			answer = own.Present(ctx, op.ID(), from)
		}
		made[i], _ = own.Read(answer)
	})
	for i, answer := range answers(a, parts) {
		if made[i] == nil {
			if from != nil {
				a.Fresh(answer, from.Value, from.Key())
			}
			if a.Proves() != op.SuccessRequirement() {
				a.Arranged(answer, false, fmt.Sprintf("one of %d requests of %s at the same moment", atOnce, op.ID()))
			}
			a.Fail(fmt.Sprintf("%s gives %s, also where %d ask at the same moment", op.ID(), life.Noun(h.Kind), atOnce), check.Shown(answer))
		}
	}
	return from, made
}

// differsAtOnce expects that what is handed out at the same moment differs.
func differsAtOnce(ctx context.Context, a *life.API, op *openapi.Operation) {
	_, made := handedOutAtOnce(ctx, a, op)
	seen := map[string]bool{}
	for _, c := range made {
		a.Require(!seen[c.Value], fmt.Sprintf("another %s for each of %d who ask %s at the same moment", c.Kind, atOnce, op.ID()),
			"the same for two of them")
		seen[c.Value] = true
	}
}

// worksAtOnce expects that it works, and leaves what it was made of as it was.
func worksAtOnce(ctx context.Context, a *life.API, op *openapi.Operation) {
	h := op.HandsOut()
	from, made := handedOutAtOnce(ctx, a, op)
	if probe := a.Operation(life.Probe); probe.Takes()[0].Kind == h.Kind {
		a.Spread(ctx, len(made), func(i int, own *life.API) {
			own.ExpectWorks(ctx, made[i], "each "+h.Kind+" of those that were given at the same moment")
		})
		if h.Renews() {
			a.ExpectWorks(ctx, from, "the "+h.Kind+" that was renewed")
		}
	}
}

// usedAtOnce uses one credential several times at the same moment: each use is a request like any other.
func usedAtOnce(ctx context.Context, a *life.API, op *openapi.Operation) {
	c := a.Make(ctx, op.Takes()[0].Kind)
	for range rounds {
		for _, answer := range answers(a, a.AtTheSameMoment(ctx, atOnce, func(_ int, own *life.API) {
			own.Present(ctx, op.ID(), c)
		})) {
			a.ExpectGranted(answer, c.Key(), fmt.Sprintf("%s answers each of %d who send one %s at the same moment", op.ID(), atOnce, c.Kind))
		}
	}
}

// othersEndedAtOnce ends several credentials of one parent at the same moment, several times: of two who write what is left, one may
// write what the other has just taken away.
func othersEndedAtOnce(ctx context.Context, a *life.API, end, opener *openapi.Operation) {
	kind := end.Ends().Kind
	a.Against(a.WorkingNow(ctx, opener, kind), func() {
		for range rounds {
			all, by := a.Siblings(ctx, kind, users+1), []life.Option(nil)
			if len(end.Takes()) > 1 {
				by = append(by, life.Authorized(all[users]))
			}
			for i, answer := range answers(a, a.AtTheSameMoment(ctx, users, func(i int, own *life.API) {
				own.Present(ctx, end.ID(), all[i], by...)
			})) {
				if !check.Granted(answer) && !check.Granted(a.Present(ctx, opener.ID(), all[i])) {
					a.Fresh(answer, all[i].Value, all[i].Key())
					a.Inconclusive("%s was over before its own end, by that of another: %s", life.Noun(kind), check.Describe(answer))
				}
				a.Arranged(answer, check.Granted(answer), end.ID())
			}
			for _, c := range all[:users] {
				a.ExpectNothing(ctx, a.Present(ctx, opener.ID(), c), fmt.Sprintf("one of %d %ss that ended at the same moment", users, kind))
			}
		}
	})
}

// endedAtOnce ends one credential several times at the same moment.
func endedAtOnce(ctx context.Context, a *life.API, op *openapi.Operation) {
	kind := op.Ends().Kind
	c, options := a.Make(ctx, kind), []life.Option(nil)
	if len(op.Takes()) > 1 {
		options = append(options, life.Authorized(a.Make(ctx, kind)))
	}
	for _, answer := range answers(a, a.AtTheSameMoment(ctx, users, func(_ int, own *life.API) {
		own.Present(ctx, op.ID(), c, options...)
	})) {
		a.Expect(answer).To(check.HaveStatus(op.Success()))
	}
}

// usedBesideEnd uses a credential from several sides while it ends, several times: what goes wrong when two meet goes wrong now and
// then. The last of them is asked again over two seconds.
func usedBesideEnd(ctx context.Context, a *life.API, end, opener *openapi.Operation) {
	for range rounds - 1 {
		besideEnd(ctx, a, end, opener, nil)
	}
	besideEnd(ctx, a, end, opener, later)
}

// besideEnd is one time. What was answered before the end began has seen nothing of it; what began after the end was answered has to.
func besideEnd(ctx context.Context, a *life.API, end, opener *openapi.Operation, again []time.Duration) {
	kind := end.Ends().Kind
	c, options := a.Make(ctx, kind), []life.Option(nil)
	if len(end.Takes()) > 1 {
		options = append(options, life.Authorized(a.Make(ctx, kind)))
	}
	if opener.HandsOut() != nil {
		a.Child(ctx, c, opener.HandsOut().Kind)
		a.Child(ctx, c, opener.HandsOut().Kind)
	}
	var over atomic.Pointer[client.Answer]
	var tried atomic.Bool // to end it, whatever came of it
	var used sync.WaitGroup
	used.Add(users)
	parts := a.Together(ctx, users+1, func(i int, own *life.API) {
		if i == users {
			defer tried.Store(true)
			used.Wait()
			over.Store(own.Present(ctx, end.ID(), c, options...))
			return
		}
		first := sync.OnceFunc(used.Done)
		defer first()
		for after := 0; after < usesAfter && ctx.Err() == nil; {
			if tried.Load() {
				after++
			}
			own.Present(ctx, opener.ID(), c)
			first()
		}
	})
	answers(a, parts)
	ending := over.Load()
	a.Arranged(ending, check.Granted(ending), end.ID())
	a.Against(a.WorkingNow(ctx, opener, kind), func() {
		for _, p := range parts[:users] {
			for _, answer := range p.Answers {
				switch {
				case answer.Received.Before(ending.Sent):
					if !check.Granted(answer) {
						a.Fresh(answer, c.Value, c.Key())
						a.Inconclusive("the %s did not work before its end: %s", kind, check.Describe(answer))
					}
				case answer.Sent.After(ending.Received):
					a.ExpectNothing(ctx, answer, "a "+kind+" that others used when it ended")
				}
			}
		}
		for _, wait := range again {
			a.WaitUntil(ctx, ending.Received.Add(wait), "two seconds after an end")
			a.ExpectNothing(ctx, a.Present(ctx, opener.ID(), c), fmt.Sprintf("a %s, %s after its end,", kind, wait))
		}
		if again != nil {
			staysOver(ctx, a, c, opener)
		}
	})
}

// staysOver asks for a credential that has ended once more shortly before its time would be up: what a list of ended ones forgets too soon
// comes back. Where that moment is not known, or too far off, it is not waited for.
func staysOver(ctx context.Context, a *life.API, c *life.Credential, opener *openapi.Operation) {
	part := a.Together(ctx, 1, func(_ int, own *life.API) {
		own.UntilJustBefore(ctx, c.Life, life.Noun(c.Kind))
		own.ExpectNothing(ctx, own.Present(ctx, opener.ID(), c), fmt.Sprintf("a %s that has ended, shortly before its time would be up,", c.Kind))
	})[0]
	if part.End != nil && part.End.Status == verdict.Failed {
		a.Exhibit(part.Answers)
		a.EndAs(part.End)
	}
}

// renewable is the kind of what lives on by renewals beside an end: its own, or that of what it hands out.
func renewable(doc *openapi.Document, e *openapi.End) string {
	for _, kind := range doc.Kinds() {
		if doc.HandOuts(kind)[0].From == e.Kind {
			return kind
		}
	}
	return e.Kind
}

// spared says that an end spares what a renewal gives, by the contract.
func spared(doc *openapi.Document, e *openapi.End, h *openapi.HandOut) bool {
	if h.Kind == e.Kind {
		return slices.Contains(e.Spares, "renewal")
	}
	return slices.Contains(e.Spares, "children")
}

// renewedBeside is what a renewal gave whose original, or whose parent, ended meanwhile.
func renewedBeside(doc *openapi.Document, e *openapi.End, h *openapi.HandOut) *state {
	step := "parent-ended"
	if h.Kind == e.Kind {
		step = "original-ended"
	}
	return &state{hand: h, fate: living, befell: []event{{"renewal", h.By.ID()}, {step, e.By.ID()}}}
}

// renewedBesideEnd renews a credential from several sides while it ends, or while what it was handed out for does. A renewal that comes too
// late is refused; one that was granted gave something that has to live.
func renewedBesideEnd(ctx context.Context, a *life.API, end *openapi.Operation, h *openapi.HandOut) {
	for range rounds {
		c, options := a.Make(ctx, h.Kind), []life.Option(nil)
		ending := c
		if h.Kind != end.Ends().Kind {
			ending = c.From
		}
		if len(end.Takes()) > 1 {
			options = append(options, life.Authorized(a.Make(ctx, end.Ends().Kind)))
		}
		made := make([]*life.Credential, users)
		parts := a.AtTheSameMoment(ctx, users+1, func(i int, own *life.API) {
			if i == users {
				own.Present(ctx, end.ID(), ending, options...)
				return
			}
			made[i], _ = own.Read(own.Present(ctx, h.By.ID(), c))
		})
		over := answers(a, parts)[users]
		a.Arranged(over, check.Granted(over), end.ID())
		for _, renewed := range made {
			if renewed != nil {
				a.ExpectWorks(ctx, renewed, fmt.Sprintf("the %s of a renewal that was granted while %s ended what it comes from", h.Kind, end.ID()))
			}
		}
	}
}
