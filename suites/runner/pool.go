package runner

import (
	"context"
	"slices"
	"time"

	"example.org/conform/harness/verdict"
)

// waits reports whether a check waits for time to pass.
func waits(t *task) bool { return t.def.Waits }

// alone reports whether a check wants the server for itself.
func alone(t *task) bool { return t.def.Alone }

// run runs one check, which gives its place to another when it begins to wait.
func (r *Run) run(ctx context.Context, t *task, env *environment) *outcome {
	defer r.waiting.Delete(t)
	return env.execute(ctx, *t.def, func(what string, until time.Time) {
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
	r.shown.RLock()
	defer r.shown.RUnlock()
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
