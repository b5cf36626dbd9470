package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/ledger"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// afresh makes those checks again, one at a time, that met what is not the server's doing: a gateway that answered in its stead, or
// a door that was shut for a while, as by a limit on logins, and is open again. Where they meet it again, the run says so and they are
// not held against the server.
func (r *Run) afresh(ctx context.Context, j *judged) {
	shut := j.env.Ledger.Closings()
	met := slices.DeleteFunc(slices.Clone(j.tasks), func(t *task) bool { return t.result == nil || !t.result.met(shut) })
	if len(met) == 0 || ctx.Err() != nil {
		return
	}
	j.env.Ledger.Reopened()
	for _, t := range met {
		again := time.Now()
		t.result = r.run(ctx, t, j.env)
		still := slices.DeleteFunc(j.env.Ledger.Closings(), func(c ledger.Closing) bool { return c.From.Before(again) && !c.Until.IsZero() })
		if t.result.met(still) || len(still) > 0 && still[len(still)-1].Until.IsZero() {
			j.closed = &check.Problem{Reason: strings.Join(j.weather(), "; "), Remedy: "run again when nothing stands in the way"}
			if j.env.Ledger.Held() != "" {
				j.closed.Remedy = check.Scarce
			}
			all := j.env.Ledger.Closings()
			for _, t := range j.tasks {
				if t.result != nil && t.result.met(all) {
					t.result.blameless(j.closed.Reason)
				}
			}
			return
		}
	}
	j.again += len(met)
}

// Networks lose an answer now and then, and a server under load does: a check that broke on one that was lost is made again, up to so many
// times. Where more checks did than that takes, it is no accident.
const triedAgain, accidents = 2, 12

// mend makes those checks again, one at a time, that broke on a request which got no answer: what breaks each time stands.
func (r *Run) mend(ctx context.Context, j *judged) {
	cut := func(t *task) bool { return t.result != nil && t.result.cut }
	lost := slices.DeleteFunc(slices.Clone(j.tasks), func(t *task) bool { return !cut(t) })
	if len(lost) > accidents {
		return
	}
	for _, t := range lost {
		for try := 0; try < triedAgain && cut(t) && ctx.Err() == nil; try++ {
			again := r.run(ctx, t, j.env)
			if again.spared {
				break // nothing was asked again: what was seen stands
			}
			if t.result = again; !cut(t) {
				j.again++
			}
		}
	}
}

// late makes those checks again, one at a time, that outlived what they had made: beside others a check takes longer. Where more did than
// happens now and then, what the server hands out lives too short.
func (r *Run) late(ctx context.Context, j *judged) {
	late := slices.DeleteFunc(slices.Clone(j.tasks), func(t *task) bool { return t.result == nil || !t.result.late })
	if len(late) > accidents {
		return
	}
	if len(late) > 0 {
		j.forgetWalks()
	}
	for _, t := range late {
		if ctx.Err() == nil {
			t.result = r.run(ctx, t, j.env)
		}
	}
}

// met reports whether a check could not be judged for what is not the server's doing, or broke while a door was shut.
func (o *outcome) met(shut []ledger.Closing) bool {
	if o.weather {
		return true
	}
	if len(shut) == 0 || !o.broke() && o.check.Status != verdict.Inconclusive && len(o.breaches) == 0 {
		return false
	}
	during := func(at time.Time) bool {
		return slices.ContainsFunc(shut, func(c ledger.Closing) bool { return c.Holds(at) })
	}
	last, asked := lastAsked(o.check.Exchanges)
	return o.spared || asked && during(last.Started) ||
		slices.ContainsFunc(o.breaches, func(b verdict.Breach) bool { return during(b.Exchange.Started) })
}

// blameless has a check hold nothing against the server.
func (o *outcome) blameless(why string) {
	o.breaches = nil
	o.open(why)
}

// open leaves open what a check showed to be broken.
func (o *outcome) open(why string) {
	if o.broke() {
		o.check.Status, o.check.Reason, o.check.Expected, o.check.Actual = verdict.Inconclusive, why, "", ""
	}
}

// weather says in a sentence each what a run met that is not the server's doing.
func (j *judged) weather() (met []string) {
	for _, by := range []string{j.env.Ledger.Weather(), j.env.Ledger.Held()} {
		if by != "" {
			met = append(met, by)
		}
	}
	for _, c := range j.env.Ledger.Closings() {
		until := "to the end"
		if !c.Until.IsZero() {
			until = "to " + c.Until.UTC().Format(time.TimeOnly+" UTC")
		}
		met = append(met, fmt.Sprintf("from %s %s the server refused whoever logged in, as it had not before",
			c.From.UTC().Format(time.TimeOnly+" UTC"), until))
	}
	for _, host := range j.env.Client.ClocksApart() {
		met = append(met, "the Date of answers of "+host+" leaps: its clock was set anew, or several servers answer with a clock of their own")
	}
	return met
}
