package walk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
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
	// second says that the target has a second account that opens what its own does.
	second bool
	// otherwise are the other ways to log in, each of which is taken in turn.
	otherwise []target.Account
	// reached is how many of its moves were begun.
	reached int
	// ended says that the last move ended something.
	ended bool
	// asked are the requirements whose questions were answered, and asking the one that is being asked.
	asked  map[string]bool
	asking string
	story  []string
}

// found is a breach that a walk came to.
type found struct {
	requirement string
	end         *check.End
	answers     []*client.Answer
	story       []string
	way         way // to where it shows
	// tries is how often the shortest walk was made again, and again how often it broke the promise then.
	tries, again int
	told         bool // by a check of another requirement
}

// accident reports whether it is an answer that did not come or broke off, as none did when the walk was made again.
func (f *found) accident() bool {
	return f.again == 0 && f.tries > 0 && len(f.answers) > 0 && f.answers[len(f.answers)-1].Cut()
}

func newWalker(all *promises) *walker {
	return &walker{promises: all, model: &model{doc: all.doc}, held: map[int]*life.Credential{}, asked: map[string]bool{}}
}

// walk makes the moves of a walk apart from the check, between controls; then follows each of them.
func (w *walker) walk(ctx context.Context, a *life.API, along way, then func(mv move, last bool)) check.Part {
	return a.Together(ctx, 1, func(_ int, own *life.API) {
		w.API = own
		w.second = slices.ContainsFunc(along.moves, func(mv move) bool { return mv.second }) && own.SecondWorks(ctx)
		if slices.ContainsFunc(along.moves, func(mv move) bool { return mv.otherwise }) {
			w.otherwise = own.OtherLogins(ctx)
		}
		own.Against(own.Spelt().LoggingIn(ctx), func() {
			for i, mv := range along.moves {
				w.reached = i + 1
				w.move(ctx, mv)
				then(mv, i == len(along.moves)-1)
			}
		})
	})[0]
}

// make makes a walk apart from the check, and returns what it found broken, nil for nothing; end is why it could not be made.
func makeWalk(ctx context.Context, a *life.API, all *promises, along way) (asked map[string]bool, broken *found, end *check.End) {
	w := newWalker(all)
	part := w.walk(ctx, a, along, func(mv move, last bool) {
		if last || !along.quiet {
			w.look(ctx, w.model.looks(mv, last))
		}
	})
	if part.End == nil || part.End.Status != verdict.Failed || w.asking == "" {
		return w.asked, nil, part.End
	}
	along.moves = along.moves[:w.reached]
	return w.asked, &found{requirement: w.asking, end: part.End, answers: part.Answers, story: w.story, way: along}, nil
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
	w.ended = !mv.stray && mv.op.Ends() != nil
	switch {
	case mv.elsewhere:
		if w.Another(ctx) {
			w.tell("a login of another account")
		}
		return
	case mv.broken:
		w.breakOff(ctx, mv)
	case mv.unauthorized():
		w.unauthorized(ctx, mv)
	case mv.stray:
		w.stray(ctx, mv)
	case mv.op.HandsOut() == nil && mv.op.Ends() == nil:
		w.tell("%s with %s", mv.op.ID(), w.held[mv.of].Value)
		if s := w.model.find(mv.of); s.fate != unknown {
			w.look(ctx, []*state{s})
		}
	case mv.op.HandsOut() != nil:
		if s := w.model.find(mv.of); s != nil && s.fate == ended {
			return // a renewal that rotates has taken its place
		}
		if !w.hand(ctx, mv) {
			return
		}
	case !w.end(ctx, mv):
		return
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
		account, also := w.Target.Account, []life.Option(nil)
		switch {
		case mv.second && w.second:
			account, _ = w.Second()
			w.story[len(w.story)-1] += " by another account"
		case mv.otherwise && len(w.otherwise) > 0:
			account = w.otherwise[mv.id%len(w.otherwise)]
			also = []life.Option{life.Header("User-Agent", fmt.Sprintf("conform-of-another/%d", mv.id))}
			w.story[len(w.story)-1] += " as " + account.Username + ", from another program"
		}
		w.ask(mv.op.SuccessRequirement())
		answer := w.beside(mv, func(options ...life.Option) *client.Answer { return w.LogIn(ctx, account, append(also, options...)...) })
		if made, _ = w.Read(answer); made == nil {
			w.Fail(mv.op.ID()+" gives "+life.Noun(h.Kind), check.Shown(answer))
		}
		w.answered()
	} else {
		w.tell("%s with %s", mv.op.ID(), parent.Value)
		s := w.model.find(mv.of)
		requirement := mv.op.SuccessRequirement()
		if w.Opener(parent.Kind).ID() == mv.op.ID() { // a use like any other
			requirement, _ = w.promises.of(mv.op, s, "")
		}
		w.ask(requirement)
		made = child(ctx, w.API, mv.op, parent, s.children, life.Noun(parent.Kind), func() *client.Answer {
			answer := w.beside(mv, func(options ...life.Option) *client.Answer { return w.Present(ctx, mv.op.ID(), parent, options...) })
			opener := w.Opener(parent.Kind)
			if check.Refused(answer) && opener.ID() != mv.op.ID() && !check.Granted(w.Present(ctx, opener.ID(), parent)) {
				requirement, _ := w.promises.of(opener, s, "") // what opens nothing either is no matter of this operation
				w.ask(requirement)
			}
			return answer
		})
		w.answered()
		s.children++
	}
	if made == nil {
		return false
	}
	for id, before := range w.held {
		if before.Kind == made.Kind && before.Value == made.Value {
			// Whether it may hand out the same again is asked wherever anything is handed out; here who ends one ends the other.
			w.model.find(id).fate = unknown
			return false
		}
	}
	w.story[len(w.story)-1] += ", which gives " + made.Value
	w.held[mv.id] = made
	return true
}

// child has a living credential hand out another. That it gives a second is no more than a SHOULD, and has its check; one that
// gives two gives the third. Nothing is made, and nothing is wrong, where it gives one and no more.
func child(ctx context.Context, a *life.API, op *openapi.Operation, c *life.Credential, before int, what string, present func() *client.Answer) (
	made *life.Credential,
) {
	answer := present()
	made, ok := a.Read(answer)
	if !ok && !op.HandsOut().Renews() && before > 0 && check.Refused(answer) && !severalGiven(ctx, a, op) {
		return nil
	}
	if !ok {
		a.Fresh(answer, c.Value, c.Key())
		a.Fail(what+" gives "+life.Noun(op.HandsOut().Kind), check.Shown(answer))
	}
	return made
}

// severalGiven says whether a fresh parent gives a second child.
func severalGiven(ctx context.Context, a *life.API, op *openapi.Operation) bool {
	parent := a.Make(ctx, op.Takes()[0].Kind)
	for range 2 {
		if _, ok := a.Read(a.Present(ctx, op.ID(), parent)); !ok {
			return false
		}
	}
	return true
}

// beside sends every other request of a walk, of those that could, with what lives and is no concern of its operation. That it is
// refused for that is another check's matter: then it is sent again without.
func (w *walker) beside(mv move, send func(...life.Option) *client.Answer) *client.Answer {
	if mv.id%2 == 0 {
		return send()
	}
	options := w.carried(mv)
	answer := send(options...)
	if len(options) > 0 && check.Refused(answer) {
		return send()
	}
	return answer
}

// carried has a request carry a credential that lives in the field in which other operations take it, and tells so.
func (w *walker) carried(mv move) []life.Option {
	kind, field := life.Carried(w.promises.doc)
	if field == "" || mv.op.CredentialHeader() != "" || field == "Cookie" && mv.of == none {
		return nil // who logs in with a cookie that lives may get no other
	}
	for _, s := range w.model.all {
		if c := w.held[s.id]; c != nil && s.fate == living && s.hand.Kind == kind && !s.aside {
			w.story[len(w.story)-1] += ", beside " + c.Value
			return []life.Option{life.Beside(field, c)}
		}
	}
	return nil
}

// end ends something; it says whether the server is able to.
func (w *walker) end(ctx context.Context, mv move) bool {
	c, options := w.held[mv.of], []life.Option{life.As(evidence.Act)}
	by, name := "", ""
	if mv.by != none && (mv.by != mv.of || mv.named) {
		name = w.authorityName(mv)
		by = " by the authority of " + w.held[mv.by].Name(name)
	}
	w.tell("%s of %s%s", mv.op.ID(), c.Value, by)
	send := func(name string) *client.Answer {
		options := options
		if by != "" {
			options = append(slices.Clone(options), life.AuthorizedBy(w.held[mv.by], name))
		}
		return w.beside(mv, func(beside ...life.Option) *client.Answer {
			return w.Present(ctx, mv.op.ID(), c, append(beside, options...)...)
		})
	}
	answer := send(name)
	if name != "" && check.Refused(answer) { // that it opens everything by that name is no matter of a walk
		answer = send("")
	}
	s := w.model.find(mv.of)
	switch {
	case w.Missing(answer):
		return false
	case s.fate == living && mv.by != none && w.model.find(mv.by).second != s.second && !mv.op.Ends().Always: // as the server likes
	case s.fate == living:
		w.ask(mv.op.SuccessRequirement())
		if by != "" && !check.Granted(answer) {
			w.Fresh(answer, w.held[mv.by].Key()) // what authorizes it may be over
		}
		w.ExpectGranted(answer, c.Key(), mv.op.ID()+" of a living "+c.Kind+" is answered "+fmt.Sprint(mv.op.Success()))
		w.answered()
	case mv.op.Ends().Always:
		w.ask(w.promises.enduring[mv.op.ID()].Requirement)
		w.Expect(answer).To(check.HaveStatus(mv.op.Success()))
		w.answered()
	}
	return true
}

// authorityName is the name by which what authorizes an end goes: each in turn.
func (w *walker) authorityName(mv move) string {
	names := w.namesOf(w.Opener(w.held[mv.by].Kind), w.model.find(mv.by))
	if mv.named {
		return names[len(names)-1]
	}
	return names[(mv.id+1)%len(names)]
}

// insistent is how often in a row what is nobody's is sent: what has been looked up before, even in vain, is in a cache.
const insistent = 3

// words are the walk as a numbered story.
func (f *found) words() string {
	var b strings.Builder
	for i, line := range f.story {
		fmt.Fprintf(&b, "%d. %s; ", i+1, line)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// often says how often the same steps came to the same.
func (f *found) often() string {
	switch f.again {
	case f.tries:
		return fmt.Sprintf("and %d of %d times again by the same steps", f.again, f.tries)
	case 0:
		return fmt.Sprintf("and not again by the same steps, of %d times: it takes more than these, or happens now and then", f.tries)
	}
	return fmt.Sprintf("and %d of %d times again by the same steps: now and then", f.again, f.tries)
}
