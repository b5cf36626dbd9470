package runner

import (
	"context"
	"slices"
	"time"

	"example.org/conform/harness/verdict"
)

const (
	// fewTries is how often is asked what is broken each time, and manyTries what is not.
	fewTries, manyTries = 3, 5
	// mostOften bounds the checks that are tried again, and longestOften the time that all of it may take: a run whose server is slow, or
	// that shows much broken, is not made longer for what its first lines say.
	mostOften, longestOften = 8, 10 * time.Second
)

// often asks again what was found broken, one check at a time: whether it is always so, or now and then, is what whoever mends it
// wants to know first. What waits, what costs wrong passwords or refused logins, and what tries much at once is not asked again.
func (r *Run) often(ctx context.Context, j *judged) {
	refused := j.env.Ledger.RefusedLogins()
	again := slices.DeleteFunc(slices.Clone(j.tasks), func(t *task) bool {
		d := t.def
		return t.result == nil || !t.result.broke() || d.Waits || d.Alone || d.Sweeps || d.Spends != "" ||
			refused[d.ID] > 0
	})
	slices.SortStableFunc(again, func(a, b *task) int { // the shortest show the most
		return asked(a.result.check.Exchanges) - asked(b.result.check.Exchanges)
	})
	began := time.Now()
	for _, t := range again[:min(len(again), mostOften)] {
		c := &t.result.check
		tries, broke := 1, 1
		for tries < fewTries || broke < tries && tries < manyTries {
			takes := time.Duration(c.DurationMs * float64(time.Millisecond))
			if ctx.Err() != nil || j.env.Guard().Shut() != nil || time.Since(began)+takes > longestOften {
				break
			}
			o := r.run(ctx, t, j.env)
			if o.weather || o.cut || o.spared || o.broke() && asked(o.check.Exchanges) == 0 || !o.broke() && o.check.Status != verdict.Passed {
				break // nothing was asked, or nothing came of it
			}
			tries++
			if o.broke() {
				broke++
			}
		}
		if tries > 1 {
			c.Tries, c.Broke = tries, broke
		}
	}
}
