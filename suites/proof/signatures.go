package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
	"example.org/conform/suites/signature"
)

// Told is how well signatures tell the stories of servers that they were not made from.
type Told struct {
	// Unseen are such servers, Told those of them of which a story is told, and Right those of which it is their own.
	Unseen, Told, Right int
	// Astray are those of which another story is told, a line each.
	Astray []string
}

// Signatures judges one server of every fault, or of one in OneIn of them, in the first of its profiles, for what it breaks, and one in so
// many of the same faults in other profiles, to see whether these are told by that.
func Signatures(ctx context.Context, o Options, unseen int) ([]signature.Signature, Told, error) {
	p := &prover{options: o, whole: semaphore.NewWeighted(int64(o.Jobs+2) / 3)}
	var first, others []kase
	n, more, taken := 0, 0, map[string]bool{}
	whole := o
	whole.OneIn = 0
	for _, k := range whole.cases(reference.Faults(), false) {
		if k.profile == k.named.Profiles[0] {
			if n++; o.OneIn < 2 || n%o.OneIn == 0 {
				first, taken[k.named.System+k.named.Name] = append(first, k), true
			}
		} else if !taken[k.named.System+k.named.Name] {
			continue
		} else if more++; more%unseen == 0 {
			others = append(others, k)
		}
	}
	of, err := p.marks(ctx, append(slices.Clone(first), others...))
	if err != nil {
		return nil, Told{}, err
	}
	var all []signature.Signature
	for i, k := range first {
		if len(of[i]) > 0 {
			all = append(all, signature.Signature{Name: k.named.Name, Story: k.named.Story, Marks: of[i]})
		}
	}
	var told Told
	ask := func(k kase, set *signature.Set, marks []string) {
		told.Unseen++
		best, _, ok := set.Best(marks)
		switch {
		case !ok:
		case best.Name == k.named.Name:
			told.Told, told.Right = told.Told+1, told.Right+1
		default:
			told.Told++
			told.Astray = append(told.Astray, fmt.Sprintf("%s in %s is taken for %s", k.named.Name, k.profile, best.Name))
		}
	}
	set := signature.NewSet(all)
	for i, k := range others {
		ask(k, set, of[len(first)+i])
	}
	for i, k := range first { // what several systems know is told by the others'
		known := func(other kase) bool { return other.named.Name == k.named.Name && other.profile != k.profile }
		if i%unseen == 0 && slices.ContainsFunc(first, known) {
			without := slices.DeleteFunc(slices.Clone(all), func(s signature.Signature) bool { return s.Name == k.named.Name && slices.Equal(s.Marks, of[i]) })
			ask(k, signature.NewSet(without), of[i])
		}
	}
	return all, told, nil
}

// marks judges each case by all checks that do not sweep, and returns its marks.
func (p *prover) marks(ctx context.Context, cases []kase) ([][]string, error) {
	of := make([][]string, len(cases))
	var calls errgroup.Group
	done := 0
	for from := 0; from < len(cases); from += wholeBatch {
		calls.Go(func() error {
			if err := p.whole.Acquire(ctx, 1); err != nil {
				return err
			}
			defer p.whole.Release(1)
			some := cases[from:min(from+wholeBatch, len(cases))]
			runs, err := p.judge(ctx, batch{cases: some}, "--label-filter", "!"+check.Sweep)
			if err != nil {
				return err
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			for i, run := range runs {
				of[from+i] = signature.Marks(run.Checks, func(verdict.Check) bool { return false })
			}
			done += len(some)
			p.options.Done(done)
			return nil
		})
	}
	return of, errors.Join(calls.Wait(), ctx.Err())
}
