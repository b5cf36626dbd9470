package runner

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/verdict"
)

// cautious is the number of checks at a time on a server that gave something in the preflight which nobody can end: before
// the run knows better, as little as possible is to be left there.
const cautious = 2

// work runs the checks of every target that could be reached, so many at a time. Those that wait for time to pass begin
// first, and give their places to others while they wait; when its moment has come, a check goes on at once. Those that want the server for
// themselves come last.
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
	queue = slices.DeleteFunc(queue, alone)
	order := rand.New(rand.NewPCG(r.options.Seed, 0))
	order.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	waiting := slices.DeleteFunc(slices.Clone(queue), func(t *task) bool { return !waits(t) })
	queue = append(waiting, slices.DeleteFunc(queue, waits)...)
	places := semaphore.NewWeighted(int64(procs))
	var wg sync.WaitGroup
	for _, t := range queue {
		if places.Acquire(ctx, 1) != nil {
			t.end() // interrupted
			continue
		}
		t.leave = sync.OnceFunc(func() { places.Release(1) })
		wg.Go(func() {
			defer t.leave()
			// The result waits where other checks or the weather may be the reason for it: see shut, afresh, clear and alone.
			if t.result = r.run(ctx, t, t.of.env); t.result.stands() {
				t.end()
			}
		})
	}
	wg.Wait()
	r.last(ctx)
	for _, j := range r.judged {
		if !j.shut(ctx) && !j.balanced(ctx) {
			r.afresh(ctx, j)
			r.mend(ctx, j)
			r.clear(ctx, j)
			r.alone(ctx, j)
			r.late(ctx, j)
			r.often(ctx, j)
			j.suspects(ctx)
		}
		j.release()
	}
}

// waits reports whether a check waits for time to pass.
func waits(t *task) bool { return t.def.Waits }

// last runs the checks that want a server for themselves, one at a time, and those of several servers side by side.
func (r *Run) last(ctx context.Context) {
	at := map[string][]*task{}
	for _, j := range r.judged {
		if j.problem == nil {
			at[j.Target.URL] = append(at[j.Target.URL], slices.DeleteFunc(slices.Clone(j.tasks), func(t *task) bool { return !alone(t) })...)
		}
	}
	var wg sync.WaitGroup
	for _, tasks := range at {
		wg.Go(func() {
			for _, t := range tasks {
				if ctx.Err() == nil {
					t.leave = func() {}
					t.result = r.run(ctx, t, t.of.env)
				}
			}
		})
	}
	wg.Wait()
}

// alone reports whether a check wants the server for itself.
func alone(t *task) bool { return t.def.Alone }

// run runs one check, which gives its place to another when it begins to wait.
func (r *Run) run(ctx context.Context, t *task, env *environment) *outcome {
	defer r.waiting.Delete(t)
	return env.execute(ctx, t.def, func(what string, until time.Time) {
		r.waiting.Store(t, Wait{what, until})
		t.leave()
	})
}

// Wait is what a check waits for, and until when.
type Wait struct {
	What  string
	Until time.Time
}

// Done calls f with what each check came to that has ended so far.
func (r *Run) Done(f func(verdict.Check)) {
	for _, j := range r.judged {
		for _, t := range j.tasks {
			if t.ended.Err() != nil && t.result != nil {
				f(t.result.check)
			}
		}
	}
}

// Finished reports whether every check that is to run has.
func (r *Run) Finished() bool {
	for _, j := range r.judged {
		if slices.ContainsFunc(j.tasks, func(t *task) bool { return t.ended.Err() == nil }) {
			return r.options.OnDemand
		}
	}
	return true
}

// Waits returns what checks wait for, those first that wait the shortest.
func (r *Run) Waits() []Wait {
	var all []Wait
	r.waiting.Range(func(_, wait any) bool {
		all = append(all, wait.(Wait))
		return true
	})
	slices.SortFunc(all, func(a, b Wait) int { return a.Until.Compare(b.Until) })
	return all
}
