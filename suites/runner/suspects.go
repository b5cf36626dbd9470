package runner

import (
	"context"
	"slices"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/incident"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// mostSuspects bounds how many operations are tried alone, and insistence how often one is that refuses what lives.
const mostSuspects, insistence = 4, 3

// suspects tries alone what may have ended what should live, and what refused it, so that either is known for certain. Only what is broken is
// worth it.
func (j *judged) suspects(ctx context.Context) {
	broke := func(t *task) bool { return t.result != nil && t.result.broke() }
	if j.System.Suspect == nil || j.System.Insist == nil || !slices.ContainsFunc(j.tasks, broke) {
		return
	}
	log := &j.env.Ledger.Lives
	log.Alone(true)
	defer log.Alone(false)
	alone := func(operation string, experiment func(context.Context, *check.Case, string)) {
		if ctx.Err() == nil && j.env.Guard().Shut() == nil {
			j.try(ctx, func(ctx context.Context, c *check.Case) { experiment(ctx, c, operation) })
		}
	}
	suspects := log.Suspects()
	for _, operation := range suspects[:min(len(suspects), mostSuspects)] {
		alone(operation, j.System.Suspect)
	}
	for range insistence {
		for _, share := range log.Shares() {
			if !share.Recovered {
				alone(share.Operations[0], j.System.Insist)
			}
		}
	}
}

// facts tells, of each cause, what the whole run bears out about it.
func (j *judged) facts(run *verdict.Run) {
	if len(run.Causes) == 0 {
		return
	}
	log := &j.env.Ledger.Lives
	for _, culprit := range log.Culprits() {
		tell(run, culprit.Words, func(c verdict.Check) bool { return convicts(c, culprit) })
	}
	for _, share := range log.Shares() {
		of := func(e evidence.Exchange) bool { return refused(e) && slices.Contains(share.Operations, e.Operation) }
		if !share.Recovered {
			continue // what was refused may have been over
		}
		tell(run, share.Words, func(c verdict.Check) bool {
			return of(c.Decisive()) || slices.ContainsFunc(share.Operations, func(operation string) bool { return j.role(operation).success == c.Requirements[0] })
		})
	}
}

// convicts says whether a check shows what a culprit did.
func convicts(c verdict.Check, culprit incident.Culprit) bool {
	last := c.Decisive()
	return refused(last) && slices.ContainsFunc(c.Exchanges, func(e evidence.Exchange) bool {
		return e.Operation == culprit.Operation && e.Started.Before(last.Started) && granted(e)
	})
}

// unexplained are breaches without those that are the doing of a culprit which a check shows by its own question: that what was ended no more
// opens anything is no second failure.
func (j *judged) unexplained(breaches []verdict.Breach) []verdict.Breach {
	if len(breaches) == 0 {
		return nil
	}
	culprits := j.env.Ledger.Lives.Culprits()
	shown := func(t *task) bool {
		return t.result != nil && t.result.broke() && slices.ContainsFunc(culprits, func(c incident.Culprit) bool { return convicts(t.result.check, c) })
	}
	if !slices.ContainsFunc(j.tasks, shown) {
		return breaches
	}
	explained := j.env.Ledger.Lives.Explained()
	return slices.DeleteFunc(breaches, func(b verdict.Breach) bool {
		return b.Violation.Place == "status" && explained(b.Exchange.Operation, b.Exchange.Started)
	})
}

// tell tells a fact of the first cause that shows it, by whichever of its checks.
func tell(run *verdict.Run, fact string, shows func(verdict.Check) bool) {
	by := map[string]verdict.Check{}
	for _, c := range run.Checks {
		by[c.ID] = c
	}
	for i, cause := range run.Causes {
		if slices.ContainsFunc(append([]string{cause.Check}, cause.Also...), func(id string) bool { return shows(by[id]) }) {
			run.Causes[i].Facts = append(cause.Facts, fact)
			return
		}
	}
}

func refused(e evidence.Exchange) bool {
	return e.Response != nil && e.Response.Status >= 400 && e.Response.Status < 500
}
