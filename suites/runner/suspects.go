package runner

import (
	"context"
	"slices"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// mostSuspects bounds how many operations are tried alone.
const mostSuspects = 4

// suspects tries alone what may have ended what should live, so that it is known for certain. Only what is broken is worth it.
func (j *judged) suspects(ctx context.Context) {
	broke := func(t *task) bool { return t.result != nil && t.result.broke() }
	if j.System.Suspect == nil || !slices.ContainsFunc(j.tasks, broke) {
		return
	}
	log := &j.env.Ledger.Lives
	log.Alone(true)
	defer log.Alone(false)
	suspects := log.Suspects()
	for _, operation := range suspects[:min(len(suspects), mostSuspects)] {
		if ctx.Err() != nil || j.env.Guard().Shut() != nil {
			return
		}
		j.try(ctx, func(ctx context.Context, c *check.Case) { j.System.Suspect(ctx, c, operation) })
	}
}

// facts tells, of each cause, what the whole run bears out about it.
func (j *judged) facts(run *verdict.Run) {
	log := &j.env.Ledger.Lives
	for _, culprit := range log.Culprits() {
		tell(run, culprit.Words, func(c verdict.Check) bool {
			last := decisive(c)
			return refused(last) && slices.ContainsFunc(c.Exchanges, func(e evidence.Exchange) bool {
				return e.Operation == culprit.Operation && e.Started.Before(last.Started) && e.Response != nil && e.Response.Status/100 == 2
			})
		})
	}
	for _, share := range log.Shares() {
		of := func(e evidence.Exchange) bool { return refused(e) && slices.Contains(share.Operations, e.Operation) }
		sometimes := slices.ContainsFunc(run.Checks, func(c verdict.Check) bool { return c.NowAndThen() && of(decisive(c)) })
		if !share.Recovered && (share.Stuck || !sometimes) {
			continue // what was refused once may have been over
		}
		tell(run, share.Words, func(c verdict.Check) bool {
			return of(decisive(c)) || slices.ContainsFunc(share.Operations, func(operation string) bool { return j.succeeds(operation) == c.Requirements[0] })
		})
	}
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
