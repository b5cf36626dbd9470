// Package walk makes sequences of requests that nobody has written down: walks through the lives that a contract describes. A model
// of what must live and what must not goes with each walk, and after every move the server is asked of every credential that the
// walk holds. What differs from the model breaks the requirement that the question belongs to; the walk is cut down to the moves
// that show it, and made again to count how often it does.
package walk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

const (
	// walks and moves are how many a plain run makes: few enough to take no longer than the other checks take anyway.
	walks, moves = 16, 10
	// unmixed is how many of them are the target's own account's alone.
	unmixed = 11
	// cuts bounds how many shorter walks are tried in place of one that shows a breach, and repeats how often the shortest is made.
	cuts, repeats = 24, 5
)

// Declare declares a check for each requirement that walks come to ask about. The checks share the walks: each makes the next that
// nobody has made yet, and judges by all.
func Declare[A life.Living](s *check.Suite[A]) {
	types.MarkAsHelper()
	all := promisesOf(s.Contract)
	if s.Contract.Login() == nil { // lives that are given have nowhere to go
		declareRaces(s, all)
		return
	}
	asked := all.askedBy(s.Contract)
	for _, requirement := range asked {
		s.Check(check.InWalks, "keeps it in sequences of requests that nobody wrote down", func(ctx context.Context, api A) {
			judge(ctx, api.Life(), all, asked, requirement)
		}, check.Sweeping(), check.Reaching(), check.Refuses(walks), check.Proves(requirement), check.Generated("walk.Declare", s.Contract.Place(requirement)))
	}
	declareRaces(s, all)
	declareEnds(s, all)
	declareAnew(s)
}

// askedBy are the requirements of the questions in the tour, which every run makes, in order.
func (all *promises) askedBy(doc *openapi.Document) []string {
	asked := map[string]bool{}
	m := &model{doc: doc}
	everywhere := tour(doc)
	for i, mv := range everywhere {
		m.apply(mv)
		for _, s := range m.looks(mv, i == len(everywhere)-1) {
			op := openerOf(doc, s.hand.Kind)
			for _, name := range namesOf(op, s) {
				requirement, _ := all.of(op, s, name)
				asked[requirement] = true
			}
			if s.fate == living {
				s.befell = nil
			}
		}
		switch {
		case mv.broken, mv.elsewhere, mv.unauthorized():
		case mv.stray && mv.of == none:
			asked[all.strangers] = true
		case mv.stray && mv.op.Ends() == nil:
			requirement := all.sent[mv.op.ID()].Requirement
			if s := m.find(mv.of); s.fate == ended {
				requirement, _ = all.of(mv.op, s, "")
			}
			asked[requirement] = true
		case mv.stray:
		default:
			asked[mv.op.SuccessRequirement()] = true
		}
	}
	delete(asked, "")
	return slices.Sorted(maps.Keys(asked))
}

// wayOf is a walk by its number. The first are the same whatever the seed: they use one thing often, have much handed out, and go
// everywhere, with looks on the way and without.
func wayOf(doc *openapi.Document, seed uint64, number int) way {
	switch number {
	case 0:
		return way{uses(doc), true}
	case 1:
		return way{heap(doc), true}
	case 2, 3:
		return way{tour(doc), number == 3}
	case 4:
		return way{families(doc), true} // a look at a parent gives it one more child
	case walks - 3:
		if by := authorities(doc); len(by) > 0 {
			return way{by, false}
		}
	case walks - 2:
		return way{asOthers(families(doc)), false}
	case walks - 1:
		return way{asSecond(tour(doc)), false}
	}
	return generate(doc, seed, number, moves)
}

// Plan says which walks a run makes, for who plans it.
func Plan(seed uint64, explore time.Duration, off bool) string {
	if off {
		return "none"
	}
	plan := fmt.Sprintf("%d of up to %d moves each, the first five through everything, the last by whoever else logs in or authorizes, the others by the seed %d", walks, moves, seed)
	if explore > 0 {
		plan += fmt.Sprintf(", and further ones for %s", explore)
	}
	return plan + "; every credential is looked at after every move, or at the end alone"
}

// board is what the walks of a run have come to.
type board struct {
	seed  uint64
	until time.Time // walks are made beyond those of a plain run
	pace  time.Duration

	mu     sync.Mutex
	next   int  // walk to make
	under  int  // way
	broken bool // a walk has shown a breach
	asked  map[string]int
	found  map[string]*found
	failed []string
	late   *check.End    // a walk outlived what it held
	done   chan struct{} // closed when the last walk is made
	// mayBeRefused says whether the target lets one more login be refused.
	mayBeRefused func() bool
}

// judge makes walks until there are none left to make, waits for those that others make, and judges the requirement by all.
func judge(ctx context.Context, a *life.API, all *promises, asked []string, requirement string) {
	if a.Walks.Off {
		a.Skip("the run makes no walks", "leave --explore 0 out")
	}
	b, _, err := ledger.Do(ctx, &a.Ledger.Own, check.SharedWalks, func() (*board, error) {
		return &board{
			seed: a.Walks.Seed, until: time.Now().Add(a.Walks.Explore), asked: map[string]int{}, found: map[string]*found{},
			done: make(chan struct{}), mayBeRefused: a.Ledger.MayBeRefused, pace: pace,
		}, nil
	})
	if err != nil {
		a.Inconclusive("%v", err)
	}
	b.make(ctx, a, func(own *life.API, number int) { b.walk(ctx, own, all, number) })
	select {
	case <-b.done:
	case <-ctx.Done():
		a.Inconclusive("interrupted in the walks")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if f := b.found[requirement]; f != nil {
		a.Exhibit(f.answers)
		if f.accident() {
			a.Inconclusive("%s, in one walk and in none of %d like it (seed %d): networks lose an answer now and then", f.end.Actual, f.tries, b.seed)
		}
		a.FailAfter(f.story, f.again > f.tries/2, f.end.Expected, fmt.Sprintf("%s, %s (seed %d)", f.end.Actual, f.often(), b.seed))
	}
	for other, f := range b.found {
		if !slices.Contains(asked, other) && !f.told && !f.accident() { // no check of it is one of these
			f.told = true
			a.Exhibit(f.answers)
			a.Breach(evidence.Violation{
				Requirement: other, Place: "in the walk " + f.words(), Expected: f.end.Expected, Actual: f.end.Actual,
			}, f.answers[len(f.answers)-1])
		}
	}
	if len(b.found) == 0 && len(b.failed) > 0 && requirement == asked[0] { // one of the checks says so for all
		a.Inconclusive("a walk could not be made: %s", b.failed[0])
	}
	if b.asked[requirement] == 0 {
		for _, f := range b.found {
			a.Skip("the walks ended before they came to it, at what breaks "+f.requirement, "mend that first")
		}
		if len(b.failed) > 0 {
			a.Inconclusive("the walks ended before they came to it: %s", b.failed[0])
		}
		if b.late != nil {
			a.EndAs(b.late)
		}
		a.Skip("no walk came to ask about it", "--explore for longer, or another --seed")
	}
}

// pace is how long walks are made one after the other before more are made beside them: behind slow logins one would wait for ten.
const pace = 4 * time.Second

// make makes walks until there are none left to make: one at a time where they are soon made, since the first that shows a breach ends
// them all, and more at a time the longer they take. Those beyond a plain run are as many at a time as checks make them.
func (b *board) make(ctx context.Context, a *life.API, walk func(own *life.API, number int)) {
	atATime := walks
	if a.Walks.OneAtATime {
		atATime = 1
	}
	for _, part := range a.Together(ctx, atATime, func(i int, own *life.API) {
		if i > 0 {
			late := time.NewTimer(time.Duration(i) * b.pace)
			defer late.Stop()
			select {
			case <-late.C:
			case <-b.done:
			case <-ctx.Done():
			}
		}
		for ctx.Err() == nil && (i == 0 || b.plain()) && b.one(own, walk) {
		}
	}) {
		if part.End != nil {
			a.EndAs(part.End)
		}
	}
}

// one makes the next walk, and says whether there was one to make.
func (b *board) one(own *life.API, walk func(own *life.API, number int)) bool {
	number, ok := b.take()
	if !ok {
		return false
	}
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.under--; b.under == 0 && b.over() {
			close(b.done)
		}
	}()
	walk(own, number)
	return true
}

// plain says whether walks of a plain run are left to make.
func (b *board) plain() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.next < walks
}

// take is the number of the next walk to make.
func (b *board) take() (number int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over() {
		return 0, false
	}
	b.next++
	b.under++
	return b.next - 1, true
}

// over says whether no walk is left to make.
func (b *board) over() bool {
	return b.broken || b.next >= walks && (time.Now().After(b.until) || !b.mayBeRefused())
}

// walk makes one walk, and cuts it down where it shows a breach that no other has shown.
func (b *board) walk(ctx context.Context, a *life.API, all *promises, number int) {
	asked, f, end := b.whole(ctx, a, all, wayOf(all.doc, b.seed, number))
	b.mu.Lock()
	for requirement := range asked {
		b.asked[requirement]++
	}
	switch {
	case end == nil:
	case end.Outlived:
		b.late = end
	default:
		b.failed = append(b.failed, cmp.Or(end.Reason, "a walk could not be made"))
	}
	b.broken = b.broken || f != nil
	b.mu.Unlock()
	if f == nil {
		return
	}
	f = cut(ctx, a, all, f)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.found[f.requirement] == nil {
		b.found[f.requirement] = f
	}
}

// whole makes a walk, or its parts where it takes longer than what it holds lives: the moves of each part with those that they need.
func (b *board) whole(ctx context.Context, a *life.API, all *promises, w way) (map[string]bool, *found, *check.End) {
	asked, f, end := makeWalk(ctx, a, all, w)
	if f == nil && end != nil && !end.Outlived {
		asked, f, end = makeWalk(ctx, a, all, w) // what came in between may be over
	}
	half := len(w.moves) / 2
	second := way{needed(w.moves, half), w.quiet}
	if end == nil || !end.Outlived || half == 0 || len(second.moves) == len(w.moves) {
		return asked, f, end
	}
	end = nil
	for _, part := range []way{{w.moves[:half], w.quiet}, second} {
		more, f, unmade := b.whole(ctx, a, all, part)
		maps.Copy(asked, more)
		if f != nil {
			return asked, f, unmade
		}
		end = cmp.Or(end, unmade)
	}
	return asked, nil, end
}

// cut takes moves out of a walk as long as it breaks a promise, and makes what is left again: what the shortest walk breaks is what
// is broken, and what the long one broke may be a consequence. It is none where fewer moves yet break that alone.
func cut(ctx context.Context, a *life.API, all *promises, first *found) *found {
	shortest := shorten(ctx, a, all, first, func(*found) bool { return true })
	if shortest.requirement != first.requirement {
		same := func(f *found) bool { return f.requirement == first.requirement }
		if own := shorten(ctx, a, all, first, same); len(own.way.moves) < len(shortest.way.moves) {
			shortest = own
		}
	}
	for range repeats {
		shortest.tries++
		if _, f, _ := makeWalk(ctx, a, all, shortest.way); f != nil && f.requirement == shortest.requirement {
			shortest.again++
		}
	}
	return shortest
}

// shorten takes moves out of a walk, the more the better, as long as it shows what is wanted.
func shorten(ctx context.Context, a *life.API, all *promises, first *found, wanted func(*found) bool) *found {
	shortest, tried := *first, 0
	for size := len(first.way.moves) / 2; size > 0; size /= 2 {
		for from := 0; from < len(shortest.way.moves) && tried < cuts; tried++ {
			w := shortest.way
			out := w.moves[from:min(from+size, len(w.moves))]
			w.moves = without(w.moves, func(mv move) bool {
				return slices.ContainsFunc(out, func(o move) bool { return o.id == mv.id })
			})
			if _, f, _ := makeWalk(ctx, a, all, w); f != nil && wanted(f) {
				shortest = *f
			} else {
				from += size
			}
		}
	}
	return &shortest
}
