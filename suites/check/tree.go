package check

import (
	"context"
	"sync"

	"github.com/onsi/ginkgo/v2"

	"example.org/conform/harness/coordinator"
	"example.org/conform/harness/verdict"
)

// late puts the specs that collect waiting checks behind all others, so that no process sits and waits while there
// is something to do.
const late = ginkgo.SpecPriority(-1)

// Branch is one run's part of the tree.
type Branch struct {
	Env  *Env
	Defs []Definition
	// Job says which of the definitions run and why others do not.
	Job coordinator.RunJob
	// Name is the text of the branch's container.
	Name string
}

// Tree builds the Ginkgo tree of an invocation: a container a run, a container a subject, a spec a check. Every
// selected check is in the tree; one that cannot run is a spec that skips with its reason. Checks that wait for time
// to pass all start with the first process, beside everything else, and their specs collect them at the end: the
// run takes as long as the longest wait and not as the sum.
func Tree(coord *coordinator.Client, branches []Branch) {
	ginkgo.SynchronizedBeforeSuite(func() {
		ctx, cancel := context.WithCancel(context.Background())
		var waiting sync.WaitGroup
		for _, b := range branches {
			for _, d := range b.Defs {
				if d.Waits && b.Runs(d) {
					waiting.Go(func() { finish(coord, d.Execute(ctx, b.Env)) })
				}
			}
		}
		ginkgo.DeferCleanup(func() {
			cancel()
			waiting.Wait()
		})
	}, func() {})

	for _, b := range branches {
		ginkgo.Describe(b.Name, ginkgo.Label(b.Job.Profile), func() {
			for _, d := range b.Defs {
				if _, skipped := b.Job.Skips[d.ID]; skipped || b.Runs(d) {
					b.spec(coord, d)
				}
			}
		})
	}
}

// Runs reports whether the job runs a check.
func (b Branch) Runs(d Definition) bool {
	for _, id := range b.Job.Execute {
		if id == d.ID {
			return true
		}
	}
	return false
}

func (b Branch) spec(coord *coordinator.Client, d Definition) {
	decorators := []any{ginkgo.Label(d.Labels()...), ginkgo.Offset(2)}
	if d.Waits {
		decorators = append(decorators, late)
	}
	decorators = append(decorators, func(ctx ginkgo.SpecContext) {
		if skip, ok := b.Job.Skips[d.ID]; ok {
			ginkgo.Skip(skip.Reason + ": " + skip.Remedy)
		}
		var result coordinator.Result
		if d.Waits {
			var err error
			if result, err = coord.Await(ctx, b.Env.Run, d.ID); err != nil {
				ginkgo.Fail("collecting the check: " + err.Error())
			}
		} else {
			result = d.Execute(ctx, b.Env)
			finish(coord, result)
		}
		report(result.Check)
	})
	ginkgo.It(d.ID+" "+d.Title, decorators...)
}

func finish(coord *coordinator.Client, r coordinator.Result) {
	// A command that has gone takes no results; its worker is about to end as well.
	_ = coord.Finish(context.Background(), r)
}

// report tells Ginkgo what a check came to, in the three words that it has.
func report(c verdict.Check) {
	switch c.Status {
	case verdict.Failed:
		ginkgo.Fail(c.Reason)
	case verdict.Skipped, verdict.Inconclusive:
		ginkgo.Skip(c.Reason)
	}
}
