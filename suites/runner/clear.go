package runner

import (
	"context"
	"slices"
	"sync"

	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

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
		case t.result.Lost:
			lost = append(lost, t)
		}
	}
	defer func() {
		for _, t := range j.tasks {
			select {
			case <-t.done:
			default:
				close(t.done)
			}
		}
	}()
	if len(lost) == 0 || len(reaching) == 0 || ctx.Err() != nil {
		return
	}
	reaches := false
	alone := make([]check.Result, len(reaching))
	for i, t := range reaching {
		alone[i] = r.run(ctx, t, j.env, func() {})
		s := alone[i].Check.Status
		reaches = reaches || s == verdict.Failed || s == verdict.Warned
	}
	if !reaches || ctx.Err() != nil {
		return
	}
	for i, t := range reaching {
		t.result = &alone[i]
	}
	waits := func(t *task) bool { return t.def.Waits }
	for _, t := range slices.DeleteFunc(slices.Clone(lost), waits) {
		result := r.run(ctx, t, j.env, func() {})
		t.result = &result
	}
	// Those that wait do so side by side, and end nothing.
	hold := *j.env
	hold.Hold = true
	var wg sync.WaitGroup
	for _, t := range lost {
		if waits(t) {
			wg.Go(func() {
				result := r.run(ctx, t, &hold, func() {})
				t.result = &result
			})
		}
	}
	wg.Wait()
}

// mayReach reports whether the run has a check that asks what an end or a creation reaches.
func (j *judged) mayReach() bool {
	return slices.ContainsFunc(j.tasks, func(t *task) bool { return t.def.Reaches })
}
