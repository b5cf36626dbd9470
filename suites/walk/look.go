package walk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// look asks of credentials that the walk holds whether each is as it must be: of those that live first, since what has ended may end
// others when it is used.
func (w *walker) look(ctx context.Context, at []*state) {
	for _, over := range []bool{false, true} {
		w.lookTogether(ctx, slices.DeleteFunc(slices.Clone(at), func(s *state) bool { return (s.fate == ended) != over }))
	}
}

// lookTogether looks at some at the same time.
func (w *walker) lookTogether(ctx context.Context, at []*state) {
	var all []*glance
	for _, s := range at {
		c := w.held[s.id]
		if c == nil {
			continue
		}
		op := w.Opener(c.Kind)
		for _, name := range w.inTurn(op, s) {
			g := &glance{op: op, s: s, c: c, name: name}
			g.requirement, g.what = w.promises.of(op, s, g.name)
			g.own, _ = w.promises.of(op, s, "")
			g.named, _ = w.promises.of(op, &state{hand: s.hand}, g.name)
			if g.requirement != "" {
				all = append(all, g)
			}
		}
	}
	parts := w.Together(ctx, len(all), func(i int, own *life.API) { all[i].see(ctx, own) })
	for i, part := range parts {
		if part.End == nil {
			w.Exhibit(part.Answers)
			w.seen(all[i])
		}
	}
	for i, part := range parts {
		if part.End != nil { // its exchanges come last
			w.Exhibit(part.Answers)
			w.ask(all[i].requirement)
			w.tell("%s with %s", all[i].op.ID(), all[i].c.Name(all[i].name))
			w.EndAs(part.End)
		}
	}
}

// glance is a look at one credential.
type glance struct {
	op                      *openapi.Operation
	s                       *state
	c                       *life.Credential
	name, requirement, what string
	// own is the requirement of a look by its own name, and named that of the name, where nothing has befallen it.
	own, named string
	made       *life.Credential
}

// see expects that the credential is accepted, or that it is refused, as the model has it.
func (g *glance) see(ctx context.Context, a *life.API) {
	var options []life.Option
	if g.name != "" {
		options = append(options, life.By(g.name))
	}
	switch what := cmp.Or(g.what, life.Noun(g.c.Kind)); {
	case g.s.fate == ended:
		answer := a.Present(ctx, g.op.ID(), g.c, options...)
		if g.name != "" && g.own != "" && check.Granted(answer) && check.Granted(a.Present(ctx, g.op.ID(), g.c)) {
			g.requirement = g.own // what works by its own name too is no matter of the other
		}
		a.ExpectNothing(ctx, answer, cmp.Or(g.what, life.Noun(g.c.Kind)+" that has ended"))
	case g.op.HandsOut() != nil:
		g.made = child(ctx, a, g.op, g.c, g.s.children, what, func() *client.Answer { return a.Present(ctx, g.op.ID(), g.c) })
	default:
		answer := a.Present(ctx, g.op.ID(), g.c, options...)
		if g.name != "" && !check.Granted(answer) {
			g.requirement = g.named // whatever befell it
			if !check.Granted(a.Present(ctx, g.op.ID(), g.c)) {
				g.requirement = g.own // what does not work by its own name either is no matter of the other
			}
		}
		a.ExpectGranted(answer, g.c.Key(), what+" works: "+g.op.ID()+" answers "+fmt.Sprint(g.op.Success()))
	}
}

// firstAside is the first number of what comes of looks, beyond those of moves.
const firstAside = 1000

// seen notes what a look has seen.
func (w *walker) seen(g *glance) {
	w.asked[g.requirement] = true
	if g.s.fate == ended {
		return
	}
	g.s.befell = nil
	if g.made != nil {
		g.s.children++
		id := firstAside + len(w.held)
		w.held[id] = g.made
		w.model.all = append(w.model.all, &state{id: id, hand: g.op.HandsOut(), parent: g.s.id, original: none, aside: true})
	}
}

// inTurn are the names under which a look sends a credential: each in turn, and all of one that lives where another has just ended.
func (w *walker) inTurn(op *openapi.Operation, s *state) []string {
	names := w.namesOf(op, s)
	if w.ended && s.fate == living {
		return names
	}
	turn := (s.id + w.model.tick) % len(names)
	return names[turn : turn+1]
}

// namesOf are the names under which an operation takes a credential and no other that the walk holds. Where a name wants something beside
// it that did not come with it, it may not be known wherever the request goes.
func (w *walker) namesOf(op *openapi.Operation, s *state) []string {
	return slices.DeleteFunc(namesOf(op, s), func(name string) bool {
		return name != "" && (w.names(s, name) > 1 || !w.Reaches(w.held[s.id], name))
	})
}

// names is how many credentials that came of each other by renewal have the same other name: a renewal may keep the old one's.
func (w *walker) names(s *state, name string) (same int) {
	for id, c := range w.held {
		if w.model.origin(id) == w.model.origin(s.id) && c.Name(name) == w.held[s.id].Name(name) {
			same++
		}
	}
	return same
}
