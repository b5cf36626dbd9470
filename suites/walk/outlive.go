package walk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// The slugs of the checks that wait for the ends of what walks hold, and of the one for which nobody logs in meanwhile.
const (
	untilTheEnd = "until-its-end-after-walks"
	afterTheEnd = "over-after-walks"
	unvisited   = "over-unvisited"
)

// ends are the promises about the end of a kind's life: that it works until then, and no more after it.
type ends struct {
	kind string
	// name is the other name under which it works as long, "" for its value.
	name        string
	alive, dead *openapi.Promise
	// idle says that the contract speaks of the end of one that nobody uses: it leaves open whether a use lengthens its life, by a
	// whole one at most.
	idle bool
}

// spared says that a credential is left alone, so that its end can be seen.
func (e ends) spared(s *state) bool { return (e.idle || s.hand.Slides) && s.id%2 == 0 }

// endsOf are those of a contract, by the operations that show whether a credential works.
func endsOf(doc *openapi.Document) (all []ends) {
	for _, kind := range doc.Kinds() {
		e, op := ends{kind: kind}, openerOf(doc, kind)
		for i, p := range op.Promises {
			if len(p.After) == 0 || p.Rule != "" || p.By != "" || len(p.Sent) > 0 || p.At != "" && p.At != "subject" {
				continue
			}
			switch last := p.After[len(p.After)-1]; {
			case last == "nearly-expired" && e.alive == nil && !strings.Contains(strings.Join(p.After, " "), "renew"):
				e.alive = &op.Promises[i]
			case last == "expired" && e.dead == nil && !slices.Contains(p.After, "renewed"):
				e.dead, e.idle = &op.Promises[i], len(p.After) == 1
			}
		}
		if e.alive != nil || e.dead != nil {
			all = append(all, e)
		}
		for _, name := range namesOf(op, &state{hand: doc.HandOuts(kind)[0]})[1:] {
			if n := endsByName(op, name); n.dead != nil {
				n.kind, n.idle = kind, e.idle
				all = append(all, n)
			}
		}
	}
	return all
}

// endsByName are those of another name: it works, and when its credential's time is up it works no more.
func endsByName(op *openapi.Operation, name string) ends {
	e := ends{name: name}
	for i, p := range op.Promises {
		switch {
		case p.By != name || p.Rule != "" || len(p.Sent) > 0:
		case len(p.After) == 0 && e.alive == nil:
			e.alive = &op.Promises[i]
		case slices.Equal(p.After, []string{"expired"}):
			e.dead = &op.Promises[i]
		}
	}
	return e
}

// declareEnds declares the checks of what becomes of credentials at their ends, after lives that nobody has written down.
func declareEnds[A life.Living](s *check.Suite[A], all *promises) {
	types.MarkAsHelper()
	known := endsOf(s.Contract)
	for _, e := range known {
		declare := func(slug, title string, p *openapi.Promise, body func(ctx context.Context, a *life.API), options ...check.Option) {
			if p != nil {
				s.Check(slug, title, func(ctx context.Context, api A) { body(ctx, api.Life()) }, append(options, check.Waiting(), check.Sweeping(),
					check.Proves(p.Requirement), check.Needs(p.Needs...), check.Generated("walk.Declare", s.Contract.Place(p.Requirement)))...)
			}
		}
		outlived := func(p *openapi.Promise) func(ctx context.Context, a *life.API) {
			return func(ctx context.Context, a *life.API) { judgeEnds(ctx, a, all, known, p.Requirement) }
		}
		declare(untilTheEnd, "accepts it until its end, whatever went before and whoever's it is", e.alive, outlived(e.alive))
		declare(afterTheEnd, "accepts it no more after its end, whatever went before and whoever's it is", e.dead, outlived(e.dead))
		if openerOf(s.Contract, e.kind).HandsOut() == nil && e.name == "" {
			declare(unvisited, "accepts it no more after its end where nobody has logged in meanwhile", e.dead,
				func(ctx context.Context, a *life.API) { unvisitedEnd(ctx, a, e.kind) }, check.Alone())
		}
	}
}

// unvisitedEnd waits for the end of a credential while nothing else happens: what looks for those whose time is up when somebody comes
// has not looked yet.
func unvisitedEnd(ctx context.Context, a *life.API, kind string) {
	c, op := a.Make(ctx, kind), a.Opener(kind)
	a.UntilAfter(ctx, c.Life, life.Noun(kind))
	a.Unshared(c.Key())
	answer := a.Present(ctx, op.ID(), c)
	a.Against(a.WorkingNow(ctx, op, kind), func() {
		a.ExpectNothing(ctx, answer, life.Noun(kind)+" whose time was up before anybody logged in again")
	})
}

// lived is what the walks to the ends of what they hold have come to.
type lived struct {
	mu     sync.Mutex
	found  map[string]*found
	judged map[string]bool
	unmade *check.End
	late   *check.End // outlived what it held
	shared bool       // the server hands out the same again
}

// farther are the numbers of the walks by the seed that are made to the end: others than those that are made without.
const farther = 100

// waysToEnds are the walks that are made to the end.
func waysToEnds(doc *openapi.Document, seed uint64) []way {
	ways := []way{{uses(doc), true}, {asSecond(uses(doc)), true}, {kept(doc), true}, {asSecond(kept(doc)), true}, {asOthers(kept(doc)), true}, {tour(doc), false}}
	for i := range 2 {
		ways = append(ways, generate(doc, seed, farther+i, moves))
	}
	return ways
}

// judgeEnds judges a requirement by walks that are made once in the run.
func judgeEnds(ctx context.Context, a *life.API, all *promises, known []ends, requirement string) {
	if a.Walks.Off {
		a.Skip("the run makes no walks", "leave --explore 0 out")
	}
	l, _, err := ledger.Do(ctx, &a.Ledger.Own, check.SharedEnds, func() (*lived, error) {
		l := &lived{found: map[string]*found{}, judged: map[string]bool{}}
		ways := waysToEnds(all.doc, a.Walks.Seed)
		if a.Walks.OneAtATime { // to wait for one after the other would take too long, so that none of them ends what another holds
			ways = slices.DeleteFunc(ways, way.ending)
		}
		for _, part := range a.Together(ctx, len(ways), func(i int, own *life.API) { l.walk(ctx, own, all, known, ways[i]) }) {
			l.came(part.End)
		}
		if len(l.found) == 0 {
			a.Unlost() // what was refused had grown old, or is told by others
		}
		return l, nil
	})
	if err != nil {
		a.Inconclusive("%v", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.found[requirement]; f != nil {
		a.Exhibit(f.answers)
		a.MayHaveLost()
		a.Fail(f.end.Expected+", also after the walk "+f.words(), f.end.Actual)
	}
	switch {
	case l.judged[requirement]:
	case l.shared:
		a.Skip("the server hands out the same again, so that no walk holds anything of its own", "nothing: other checks wait for the end of what it hands out")
	case l.unmade != nil:
		a.EndAs(l.unmade)
	case l.late != nil:
		a.EndAs(l.late)
	default:
		a.Skip("no walk holds anything whose end is known", "name lifetimes in the target")
	}
}

// came notes why something could not be judged.
func (l *lived) came(end *check.End) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case end == nil || end.Status == verdict.Failed:
	case end.Outlived:
		l.late = end
	case l.unmade == nil:
		l.unmade = end
	}
}

// halfway waits until half of the shortest life is spent, and then uses and renews what lives: an end that moves with that moves by half
// a life.
func (w *walker) halfway(ctx context.Context, known []ends, next int) {
	spared := func(s *state) bool {
		return slices.ContainsFunc(known, func(e ends) bool { return e.kind == s.hand.Kind && e.spared(s) })
	}
	half := time.Time{}
	for _, s := range w.model.living() {
		if at, known := w.HalfSpent(w.held[s.id]); known && (half.IsZero() || at.Before(half)) {
			half = at
		}
	}
	if half.IsZero() {
		return
	}
	w.WaitUntil(ctx, half, "half of the lives that a walk holds")
	renewed := map[string]bool{}
	for _, s := range w.model.living() {
		for _, h := range w.promises.doc.HandOuts(s.hand.Kind) {
			if h.Renews() && !renewed[h.Kind] && !spared(s) {
				renewed[h.Kind] = true
				mv := move{id: next + len(renewed), op: h.By, of: s.id, by: none}
				if len(h.By.Takes()) > 1 {
					mv.by = s.id
				}
				w.move(ctx, mv)
			}
		}
	}
	for range 2 { // by each of two names
		w.model.tick++
		w.look(ctx, slices.DeleteFunc(w.model.living(), spared))
	}
}

// living are the credentials of the walk that live and were handed out by its moves.
func (m *model) living() (all []*state) {
	for _, s := range m.all {
		if s.fate == living && !s.aside {
			all = append(all, s)
		}
	}
	return all
}

// walk makes a walk, and waits for the ends of what lives then.
func (l *lived) walk(ctx context.Context, a *life.API, all *promises, known []ends, along way) {
	w := newWalker(all)
	var used time.Time // those that are spared, for the last time
	part := w.walk(ctx, a, along, func(mv move, last bool) {
		if !along.quiet {
			w.look(ctx, w.model.looks(mv, false))
		}
		if last {
			used = time.Now()
			w.halfway(ctx, known, len(along.moves))
		}
	})
	for _, c := range w.held {
		if a.Shared(c.Key()) {
			l.mu.Lock()
			l.shared = true
			l.mu.Unlock()
		}
	}
	if part.End != nil {
		l.came(part.End) // what is broken by then, other checks show
		return
	}
	var held []*state
	for _, s := range w.model.all {
		if c := w.held[s.id]; c != nil && s.fate == living && !a.Shared(c.Key()) {
			held = append(held, s)
		}
	}
	a.Together(ctx, len(held)*len(known), func(i int, own *life.API) {
		if s, e := held[i/len(known)], known[i%len(known)]; e.kind == s.hand.Kind && slices.Contains(w.namesOf(a.Opener(e.kind), s), e.name) {
			l.outlive(ctx, own, w, s, e, used, part.Answers)
		}
	})
}

// outlive looks at a credential shortly before its end, and after it. A look makes what slides live on, so that one in two is left alone
// until it is over.
func (l *lived) outlive(ctx context.Context, a *life.API, w *walker, s *state, e ends, used time.Time, before []*client.Answer) {
	c, op := w.held[s.id], a.Opener(e.kind)
	noun, options := life.Noun(c.Kind), []life.Option(nil)
	if e.name != "" {
		options = []life.Option{life.By(e.name)}
		noun = "another name of " + noun
		if e.alive != nil && e.alive.What != "" {
			noun = e.alive.What
		}
	}
	ask := func(p *openapi.Promise, when string, question func(own *life.API, what string)) {
		what := when + " " + c.Name(e.name)
		part := a.Together(ctx, 1, func(_ int, own *life.API) { question(own, noun+" "+when) })[0]
		l.came(part.End)
		l.mu.Lock()
		defer l.mu.Unlock()
		if part.End == nil || part.End.Status == verdict.Failed {
			l.judged[p.Requirement] = true
		}
		if part.End != nil && part.End.Status == verdict.Failed && l.found[p.Requirement] == nil {
			l.found[p.Requirement] = &found{
				requirement: p.Requirement, end: part.End, answers: slices.Concat(before, part.Answers), story: append(slices.Clone(w.story), what),
			}
		}
	}
	spared := e.spared(s)
	if e.alive != nil && !spared {
		ask(e.alive, "shortly before its end", func(own *life.API, what string) {
			own.UntilJustBefore(ctx, c.Life, life.Noun(c.Kind))
			use := func() *client.Answer { return own.Present(ctx, op.ID(), c, options...) }
			if op.HandsOut() == nil {
				own.ExpectGranted(use(), c.Key(), what+" works")
				return
			}
			child(ctx, own, op, c, s.children, what, use)
		})
	}
	if e.dead == nil || e.idle && !spared && !s.hand.Slides {
		return
	}
	over := c.Life
	if e.idle && !s.hand.Slides { // the walk has used it
		whole, known := w.Whole(c)
		if !known {
			return
		}
		over = check.LifetimeSince(check.Later(used, c.Life.Begun()), whole+2*c.Life.Step()) // each of two moments is rounded up
	}
	ask(e.dead, "after its end", func(own *life.API, what string) {
		if s.hand.Slides {
			over = c.Life // of its last use
		}
		own.UntilAfter(ctx, over, life.Noun(c.Kind))
		own.ExpectOver(ctx, over, what+" is refused", func() *client.Answer { return own.Present(ctx, op.ID(), c, options...) })
	})
}
