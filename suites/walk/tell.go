package walk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// walker makes one walk at the server.
type walker struct {
	*life.API
	promises *promises
	model    *model
	held     map[int]*life.Credential
	// asked are the requirements whose questions were answered, and asking the one that is being asked.
	asked  map[string]bool
	asking string
	story  []string
	// once says that a credential hands out one child and no more, which is another check's matter.
	once bool
}

// found is a breach that a walk came to.
type found struct {
	requirement string
	end         *check.End
	answers     []*client.Answer
	story       []string
	// tries is how often the shortest walk was made again, and again how often it broke the promise then.
	tries, again int
}

// make makes a walk apart from the check, and returns what it found broken, nil for nothing; end is why it could not be made.
func makeWalk(ctx context.Context, a *life.API, all *promises, moves []move) (asked map[string]bool, broken *found, end *check.End) {
	w := &walker{promises: all, model: &model{doc: all.doc}, held: map[int]*life.Credential{}, asked: map[string]bool{}}
	part := a.Together(ctx, 1, func(_ int, own *life.API) {
		w.API = own
		own.Against(own.Spelt().LoggingIn(ctx), func() {
			for i, mv := range moves {
				w.move(ctx, mv)
				w.look(ctx, mv, i == len(moves)-1)
			}
		})
	})[0]
	if part.End == nil || part.End.Status != verdict.Failed || w.asking == "" {
		return w.asked, nil, part.End
	}
	return w.asked, &found{requirement: w.asking, end: part.End, answers: part.Answers, story: w.story}, nil
}

// ask begins a question: what fails before the next breaks its requirement.
func (w *walker) ask(requirement string) { w.asking = requirement }

// answered ends it.
func (w *walker) answered() {
	w.asked[w.asking] = true
	w.asking = ""
}

func (w *walker) tell(format string, args ...any) {
	w.story = append(w.story, fmt.Sprintf(format, args...))
}

// move makes a move, and judges its own answer.
func (w *walker) move(ctx context.Context, mv move) {
	if mv.of != none && w.held[mv.of] == nil || mv.by != none && w.held[mv.by] == nil {
		return // the server, which may, has not handed out what the move is about
	}
	switch {
	case mv.stray:
		w.stray(ctx, mv)
	case mv.op.HandsOut() != nil:
		if !w.hand(ctx, mv) {
			return
		}
	default:
		w.end(ctx, mv)
	}
	w.model.apply(mv)
}

// hand has something handed out; it says whether the walk holds it.
func (w *walker) hand(ctx context.Context, mv move) bool {
	h := mv.op.HandsOut()
	var made *life.Credential
	parent := w.held[mv.of]
	if parent == nil {
		w.tell("%s", mv.op.ID())
		w.ask(mv.op.SuccessRequirement())
		answer := w.LogIn(ctx, w.Target.Account)
		if made, _ = w.Read(answer); made == nil {
			w.Fail(mv.op.ID()+" gives "+life.Noun(h.Kind), check.Describe(answer))
		}
		w.answered()
	} else {
		w.tell("%s with %s", mv.op.ID(), parent.Value)
		made = w.child(ctx, mv.op, w.model.find(mv.of), parent, mv.op.SuccessRequirement(), life.Noun(parent.Kind))
	}
	if made == nil {
		return false
	}
	for id, before := range w.held {
		if before.Kind != made.Kind {
			continue
		}
		if w.asked[w.promises.another[mv.op.ID()]] = true; before.Value != made.Value {
			continue
		}
		if w.ask(w.promises.another[mv.op.ID()]); w.asking == "" {
			w.model.find(id).fate = unknown // it may hand out the same again: then who ends one ends the other
			return false
		}
		w.Fail("another "+made.Kind+" for every "+mv.op.ID(), "one that it gave before")
	}
	w.story[len(w.story)-1] += ", which gives " + made.Value
	w.held[mv.id] = made
	return true
}

// child has a living credential hand out another. That it gives a second is no more than a SHOULD, and has its check; one that
// gives two gives the third.
func (w *walker) child(ctx context.Context, op *openapi.Operation, s *state, c *life.Credential, requirement, what string) *life.Credential {
	answer := w.Present(ctx, op.ID(), c)
	made, ok := w.Read(answer)
	if !ok && !op.HandsOut().Renews() && s.children > 0 && check.Refused(answer) && (w.once || !w.severalGiven(ctx, op)) {
		w.once = true
		return nil
	}
	w.ask(requirement)
	if !ok {
		w.Fresh(answer, c.Value, c.Key())
		w.Fail(what+" gives "+life.Noun(op.HandsOut().Kind), check.Describe(answer))
	}
	w.answered()
	s.befell = nil
	s.children++
	return made
}

// severalGiven says whether a fresh parent gives a second child.
func (w *walker) severalGiven(ctx context.Context, op *openapi.Operation) bool {
	parent := w.Make(ctx, op.Takes()[0].Kind)
	for range 2 {
		if _, ok := w.Read(w.Present(ctx, op.ID(), parent)); !ok {
			return false
		}
	}
	return true
}

func (w *walker) end(ctx context.Context, mv move) {
	c, options := w.held[mv.of], []life.Option{life.As(evidence.Act)}
	by := ""
	if mv.by != none && mv.by != mv.of {
		options = append(options, life.Authorized(w.held[mv.by]))
		by = " by the authority of " + w.held[mv.by].Value
	}
	w.tell("%s of %s%s", mv.op.ID(), c.Value, by)
	answer := w.Present(ctx, mv.op.ID(), c, options...)
	s := w.model.find(mv.of)
	switch {
	case s.fate == living:
		w.ask(mv.op.SuccessRequirement())
		w.ExpectGranted(answer, c.Key(), mv.op.ID()+" of a living "+c.Kind+" is answered "+fmt.Sprint(mv.op.Success()))
		w.answered()
	case mv.op.Ends().Always:
		w.ask(w.promises.enduring[mv.op.ID()].Requirement)
		w.Expect(answer).To(check.HaveStatus(mv.op.Success()))
		w.answered()
	}
}

// stray sends what is nobody's.
func (w *walker) stray(ctx context.Context, mv move) {
	if mv.of == none {
		w.tell("a login of nobody")
		w.ask(w.promises.strangers)
		w.ExpectNothing(ctx, w.TryStranger(ctx), "an unknown account")
		w.answered()
		return
	}
	c, s := w.held[mv.of], w.model.find(mv.of)
	options := []life.Option{life.As(evidence.Act)}
	if mv.by != none {
		options = append(options, life.Authorized(w.held[mv.by]))
	}
	p := w.promises.sent[mv.op.ID()]
	requirement, what := p.Requirement, p.What
	if s.fate == ended {
		w.tell("%s with %s, which has ended", mv.op.ID(), c.Value)
		requirement, what = w.promises.of(mv.op, s, "")
	} else {
		w.tell("%s with a made-up %s", mv.op.ID(), c.Kind)
		options = append(options, life.InsteadOf(mv.op, w.MadeUp(c.Value)))
	}
	answer := w.Present(ctx, mv.op.ID(), c, options...)
	if mv.op.Ends() != nil || requirement == "" {
		return // its answer has its own check; what lives is to live on
	}
	w.ask(requirement)
	w.ExpectNothing(ctx, answer, cmp.Or(what, life.Noun(c.Kind)+" that is not valid"))
	w.answered()
}

// look asks of every credential that the walk holds whether it is as it must be. One whose use hands out others is looked at
// when the move was about its kind, and at the end.
func (w *walker) look(ctx context.Context, mv move, last bool) {
	for _, s := range slices.Clone(w.model.all) { // looks add to them
		c := w.held[s.id]
		if c == nil || s.fate == unknown {
			continue
		}
		op := w.Opener(c.Kind)
		subject := w.model.find(mv.of)
		about := mv.of == s.id || mv.op.Ends() != nil && (mv.op.Ends().Kind == c.Kind || subject != nil && subject.parent == s.id)
		if op.HandsOut() != nil && !last && !about || s.aside && !last && mv.op.Ends() == nil {
			continue
		}
		if s.fate == ended {
			w.refused(ctx, op, s, c)
		} else {
			w.accepted(ctx, op, s, c)
		}
	}
}

// name is the name under which a look sends a credential: each in turn that its contract promises to be accepted.
func (w *walker) name(op *openapi.Operation, s *state) string {
	names := slices.DeleteFunc(namesOf(op, s), func(name string) bool { return name != "" && w.names(s, name) > 1 })
	return names[(s.id+w.model.tick)%len(names)]
}

// namesOf are the names under which an operation promises to accept a credential, its own first.
func namesOf(op *openapi.Operation, s *state) []string {
	names := []string{""}
	for _, p := range op.Promises {
		if _, own := s.hand.Names[p.By]; own && p.Rule == "" && len(p.After) == 0 && len(p.Sent) == 0 {
			names = append(names, p.By)
		}
	}
	return names
}

// names is how many credentials that the walk holds have the same other name: a renewal may keep the old one's.
func (w *walker) names(s *state, name string) (same int) {
	for _, c := range w.held {
		if c.Kind == s.hand.Kind && c.Name(name) == w.held[s.id].Name(name) {
			same++
		}
	}
	return same
}

func options(name string) []life.Option {
	if name == "" {
		return nil
	}
	return []life.Option{life.By(name)}
}

// firstAside is the first number of what comes of looks, beyond those of moves.
const firstAside = 1000

func (w *walker) accepted(ctx context.Context, op *openapi.Operation, s *state, c *life.Credential) {
	name := w.name(op, s)
	requirement, what := w.promises.of(op, s, name)
	if what == "" {
		what = life.Noun(c.Kind)
	}
	if h := op.HandsOut(); h != nil {
		if made := w.child(ctx, op, s, c, requirement, what); made != nil {
			id := firstAside + len(w.held)
			w.held[id] = made
			w.model.all = append(w.model.all, &state{id: id, hand: h, parent: s.id, original: none, aside: true})
		}
		return
	}
	answer := w.Present(ctx, op.ID(), c, options(name)...)
	if own, its := w.promises.of(op, s, ""); name != "" && !check.Granted(answer) {
		// What does not work by its own name either is no matter of the other.
		w.ask(own)
		w.ExpectAccepted(ctx, op, c, cmp.Or(its, life.Noun(c.Kind)))
		w.answered()
	}
	w.ask(requirement)
	w.ExpectGranted(answer, c.Key(), what+" works: "+op.ID()+" answers "+fmt.Sprint(op.Success()))
	w.answered()
	s.befell = nil
}

func (w *walker) refused(ctx context.Context, op *openapi.Operation, s *state, c *life.Credential) {
	name := w.name(op, s)
	requirement, what := w.promises.of(op, s, name)
	if requirement == "" {
		return
	}
	if what == "" {
		what = life.Noun(c.Kind) + " that has ended"
	}
	answer := w.Present(ctx, op.ID(), c, options(name)...)
	if own, its := w.promises.of(op, s, ""); name != "" && own != "" && check.Granted(answer) {
		// What works by its own name too is no matter of the other.
		w.ask(own)
		w.ExpectNothing(ctx, w.Present(ctx, op.ID(), c), cmp.Or(its, life.Noun(c.Kind)+" that has ended"))
		w.answered()
	}
	w.ask(requirement)
	w.ExpectNothing(ctx, answer, what)
	w.answered()
}

// words are the walk as a numbered story.
func (f *found) words() string {
	var b strings.Builder
	for i, line := range f.story {
		fmt.Fprintf(&b, "%d. %s; ", i+1, line)
	}
	return strings.TrimSuffix(b.String(), "; ")
}
