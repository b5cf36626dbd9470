package runner

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// cautious is the number of checks at a time on a server that gave something in the preflight which nobody can end: before
// the run knows better, as little as possible is to be left there.
const cautious = 2

// work runs the checks of every target that could be reached, so many at a time. Those that wait for time to pass begin
// first, and give their places to others while they wait; when its moment has come, a check goes on at once.
func (r *Run) work(ctx context.Context) {
	if r.options.OnDemand {
		return
	}
	var queue []*task
	procs := r.options.Procs
	for _, j := range r.judged {
		if j.problem != nil {
			j.release()
			continue
		}
		queue = append(queue, j.tasks...)
		if len(j.env.Ledger.Losses()) > 0 {
			procs = min(procs, cautious)
		}
	}
	order := rand.New(rand.NewPCG(r.options.Seed, 0))
	order.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	slices.SortStableFunc(queue, func(a, b *task) int { return rank(a) - rank(b) })
	places := semaphore.NewWeighted(int64(procs))
	var wg sync.WaitGroup
	for _, t := range queue {
		if places.Acquire(ctx, 1) != nil {
			close(t.done) // interrupted
			continue
		}
		leave := sync.OnceFunc(func() { places.Release(1) })
		wg.Go(func() {
			defer leave()
			r.execute(ctx, t, leave)
		})
	}
	wg.Wait()
	for _, j := range r.judged {
		if !j.shut(ctx) {
			r.clear(ctx, j)
		}
		j.release()
	}
}

// rank orders the checks that wait before the others.
func rank(t *task) int {
	if t.def.Waits {
		return 0
	}
	return 1
}

// execute runs one check. Its result waits where a credential was lost: another check may have ended it, see clear.
func (r *Run) execute(ctx context.Context, t *task, leave func()) {
	result := r.run(ctx, t, t.of.env, leave)
	if t.result = &result; !result.lost || !t.of.mayReach() {
		close(t.done)
	}
}

// run runs one check, and tells meanwhile what it is at.
func (r *Run) run(ctx context.Context, t *task, env *environment, leave func()) outcome {
	tell := func(p Progress) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.progress[t] = p
	}
	tell(Progress{Check: t.def.ID})
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.progress, t)
	}()
	return env.execute(ctx, t.def, func(what string, until time.Time) {
		tell(Progress{t.def.ID, what, until})
		leave()
	})
}

// Finished reports whether every check that is to run has.
func (r *Run) Finished() bool {
	for _, j := range r.judged {
		for _, t := range j.tasks {
			select {
			case <-t.done:
			default:
				return r.options.OnDemand
			}
		}
	}
	return true
}
