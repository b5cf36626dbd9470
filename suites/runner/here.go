package runner

import (
	"context"
	"math/rand/v2"
	"sync"

	"example.org/conform/harness/coordinator"
	"example.org/conform/suites/check"
)

// workHere works through the checks in this process, without Ginkgo: Ginkgo runs once in a process, and a program
// that embeds the suite may be a Ginkgo suite itself. Procs is then the number of checks at a time.
func (r *Run) workHere(ctx context.Context) error {
	coord := coordinator.Connect(r.state)
	defer func() { _ = coord.Close() }()
	job, err := coord.Job(ctx)
	if err != nil {
		return err
	}
	all, err := branches(job, r.options.Systems, coord)
	if err != nil {
		return err
	}
	type one struct {
		env *check.Env
		def check.Definition
	}
	var queue []one
	var wg sync.WaitGroup
	finish := func(o one) { _ = coord.Finish(context.WithoutCancel(ctx), o.def.Execute(ctx, o.env)) }
	for _, b := range all {
		defer b.Env.Client.Close()
		for _, d := range b.Defs {
			switch o := (one{b.Env, d}); {
			case !b.Runs(d):
			case d.Waits:
				wg.Go(func() { finish(o) }) // beside everything else, from the start
			default:
				queue = append(queue, o)
			}
		}
	}
	rand.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	next := make(chan one)
	for range r.options.Procs {
		wg.Go(func() {
			for o := range next {
				if ctx.Err() == nil {
					finish(o)
				}
			}
		})
	}
	for _, o := range queue {
		next <- o
	}
	close(next)
	wg.Wait()
	return nil
}
