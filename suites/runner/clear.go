package runner

import (
	"context"
	"slices"
	"sync"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// shut finds out whether the server has shut its door: an account that was locked, a firewall that keeps the suite out, a
// server that went down. The guard of logins has found it shut, or something broke, and a login as before the first check is refused now,
// twice.
func (j *judged) shut(ctx context.Context) bool {
	if shut := j.env.Guard().Shut(); shut != nil {
		j.close(&check.Problem{Reason: shut.String(), Remedy: shut.Remedy})
		return true
	}
	wrong := func(t *task) bool {
		return t.result != nil && (t.result.broke() || t.result.check.Status == verdict.Inconclusive)
	}
	if ctx.Err() != nil || !slices.ContainsFunc(j.tasks, wrong) {
		return false
	}
	var problem *check.Problem
	var refused evidence.Exchange
	for range 2 {
		var exchanges []evidence.Exchange
		asked := false
		problem, exchanges = j.env.preflight(ctx)
		if refused, asked = lastAsked(exchanges); problem == nil || !asked {
			return false
		}
	}
	shut := ledger.Shut{Since: j.env.Ledger.LastGranted(refused.Operation), Reason: problem.Reason}
	j.close(&check.Problem{Reason: shut.String(), Remedy: problem.Remedy})
	return true
}

// close has the run end at a door that is shut: what was refused since the same was granted for the last time is not held against the
// server, nor that something got no answer, as it is where doors begin to shut.
func (j *judged) close(closed *check.Problem) {
	after := func(e evidence.Exchange) bool { // of two that were under way together, nobody knows which was judged first
		return e.Started.Add(time.Duration(e.DurationMs * float64(time.Millisecond))).After(j.env.Ledger.LastGranted(e.Operation))
	}
	j.closed = closed
	for _, t := range j.tasks {
		if t.result == nil {
			continue
		}
		t.result.breaches = slices.DeleteFunc(t.result.breaches, func(b verdict.Breach) bool { return after(b.Exchange) })
		if last, asked := lastAsked(t.result.check.Exchanges); asked && (last.Response == nil || after(last)) {
			t.result.open(j.closed.Reason)
		}
	}
}

// clear finds out whether the checks that lost a credential lost it to each other. They share an account: on a server where
// one logout ends all sessions, or a new login the one before, whatever else they ask fails, and the one that asks for this
// may not get as far as that. So, where credentials were lost, the checks that ask what an end or a creation reaches are
// made again, one at a time. If they show it broken, so are the others, in such a way that none can take from another; else
// what was seen stands.
func (r *Run) clear(ctx context.Context, j *judged) {
	var lost, reaching []*task
	for _, t := range j.tasks {
		switch {
		case t.result == nil:
		case t.def.Reaches:
			reaching = append(reaching, t)
		case t.result.lost:
			lost = append(lost, t)
		}
	}
	if len(lost) == 0 || len(reaching) == 0 || ctx.Err() != nil {
		return
	}
	reaches := false
	j.walkAnew()
	alone := make([]*outcome, len(reaching))
	for i, t := range reaching {
		alone[i] = r.run(ctx, t, j.env)
		reaches = reaches || alone[i].broke()
	}
	if !reaches || ctx.Err() != nil {
		return
	}
	for i, t := range reaching {
		t.result = alone[i]
	}
	// Those that wait do so side by side, and end nothing.
	aside := func(t *task) bool { return t.def.Waits && !t.def.Ends }
	for _, t := range slices.DeleteFunc(slices.Clone(lost), aside) {
		t.result = r.run(ctx, t, j.env)
	}
	hold := *j.env
	hold.hold = true
	var wg sync.WaitGroup
	for _, t := range lost {
		if aside(t) {
			wg.Go(func() { t.result = r.run(ctx, t, &hold) })
		}
	}
	wg.Wait()
}

// walkAnew has the checks that share their walks make them anew, none beside another.
func (j *judged) walkAnew() {
	j.forgetWalks()
	j.env.Walks.OneAtATime = true
}

// forgetWalks has the checks that share their walks make them anew.
func (j *judged) forgetWalks() {
	j.env.Ledger.Own.Forget(check.SharedWalks)
	j.env.Ledger.Own.Forget(check.SharedEnds)
}

// alone makes those checks again, one at a time, that could not be judged because the server had handed out the same to others: when
// they are over and nothing is left of them, what it hands out is theirs.
func (r *Run) alone(ctx context.Context, j *judged) {
	shared := func(t *task) bool { return t.result != nil && t.result.shared }
	if slices.ContainsFunc(j.tasks, shared) {
		j.walkAnew()
	}
	for _, t := range j.tasks {
		if shared(t) && ctx.Err() == nil {
			j.swept = append(j.swept, j.env.cleanUp(ctx, j.env.Ledger.Pending())...)
			t.result = r.run(ctx, t, j.env)
		}
	}
}

// release lets go of whoever still waits for a result: there is none, or it waited for what has become of the run.
func (j *judged) release() {
	for _, t := range j.tasks {
		t.end()
	}
}
