package walk

import (
	"math/rand/v2"
	"slices"

	"example.org/conform/openapi"
)

// move is one request of a walk.
type move struct {
	// id names the move, and what it hands out, also in a walk from which others were taken out.
	id int
	op *openapi.Operation
	// of is the move that handed out the credential concerned, and by the one that authorizes it; none where there is none.
	of, by int
	// stray says that what is sent is nobody's, or has ended: the move has to be refused and to change nothing.
	stray bool
	// broken says that the request breaks off: where it is refused it has to change nothing either.
	broken bool
	// elsewhere says that it is another account's, and no concern of any that the walk holds.
	elsewhere bool
	// second says of a login that it is by the target's second account, and otherwise that it is in another way: by another name of the
	// account, or by another account.
	second, otherwise bool
	// named says that what authorizes the move goes by its other name, misplaced that a stray one sends what lives, of another kind.
	named, misplaced bool
}

// endedByNobody is what contracts call an end that nobody authorizes.
const endedByNobody = "ended-with-made-up-authority"

// unauthorized says that the move is about what is right, and what should authorize it is nobody's or is not there.
func (mv move) unauthorized() bool {
	return mv.stray && mv.of != none && mv.by == none && len(mv.op.Takes()) > 1
}

// way is the moves of a walk. A quiet one looks at nothing before its last move: a look is a use, and what nobody has used yet, or for
// a while, may fare otherwise.
type way struct {
	moves []move
	quiet bool
}

// ending says that some move sends what ends.
func (w way) ending() bool {
	return slices.ContainsFunc(w.moves, func(mv move) bool { return mv.op.Ends() != nil })
}

const none = -1

// fate is what has become of a credential, by what the contract says.
type fate int

const (
	living fate = iota
	ended
	unknown // the contract leaves it open
)

// state is a credential as the model knows it.
type state struct {
	id   int
	hand *openapi.HandOut
	// parent is what it was handed out for, and original what it was renewed from.
	parent, original int
	fate             fate
	// befell is what befell it since it was last seen alive, the last at the end.
	befell []event
	// children is how many it has handed out, those included that the walk does not hold.
	children int
	// second says that it is of the target's second account.
	second bool
	// aside says that it came of a look: the walk makes no moves with it, and looks at it seldom.
	aside bool
}

// event is a step of a life, as contracts call it, and by the operation that did it.
type event struct{ step, by string }

// model is what must live and what must not.
type model struct {
	doc  *openapi.Document
	all  []*state
	tick int // moves so far
}

func (m *model) find(id int) *state {
	i := slices.IndexFunc(m.all, func(s *state) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return m.all[i]
}

// nobodysEnded befalls what lives when what nobody was given is ended, or what has ended.
const nobodysEnded = "nobodys-ended"

// apply changes the model as a move has to change the server.
func (m *model) apply(mv move) {
	m.tick++
	subject := m.find(mv.of)
	hand := mv.op.HandsOut()
	switch {
	case mv.broken, mv.elsewhere:
	case mv.unauthorized():
		if subject != nil && mv.op.Ends() != nil {
			subject.befallen(endedByNobody, mv.op)
		}
	case mv.stray:
		if mv.op.Ends() == nil {
			break
		}
		for _, s := range m.all {
			switch {
			case s.id == mv.by:
				s.befallen("ends-unknown", mv.op)
			case subject != nil && (s.hand.Kind == subject.hand.Kind || mv.misplaced):
				s.befallen(nobodysEnded, mv.op) // it is as far off from what is nobody's as from a sibling
			}
		}
	case hand != nil && (subject == nil || subject.fate == living):
		made := &state{id: mv.id, hand: hand, parent: none, original: none, second: mv.second}
		if subject != nil {
			made.second = subject.second
		}
		switch {
		case hand.Renews():
			made.parent, made.original, made.befell = subject.parent, subject.id, []event{{"renewal", mv.op.ID()}}
			subject.befallen("renewed", mv.op)
			if hand.Rotates {
				subject.fate = ended
			}
		case subject != nil:
			made.parent = subject.id
		}
		for _, s := range m.all {
			if s.hand.Kind == hand.Kind && s != subject {
				s.befallen("another-made", mv.op)
			}
		}
		m.all = append(m.all, made)
	case mv.op.Ends() != nil && subject != nil:
		m.end(subject, m.find(mv.by), mv.op)
	}
}

func (s *state) befallen(step string, by *openapi.Operation) {
	if s.fate == living { // what befalls what has ended is not what ended it
		s.befell = append(s.befell, event{step, by.ID()})
	}
}

// end ends a credential; what becomes of the others is what the contract says. By the authority of another account it may do so or not.
func (m *model) end(subject, by *state, op *openapi.Operation) {
	was, comes := subject.fate, ended
	if by != nil && by.second != subject.second && was == living {
		comes = unknown
	}
	for _, other := range m.all {
		if other == subject {
			continue
		}
		spared, step := m.relation(subject, other)
		if other == by {
			step = "ends-another"
		}
		other.befallen(step, op)
		switch {
		case was != living || other.fate != living || slices.Contains(op.Ends().Spares, spared):
		case op.Ends().Reach(spared), other == by && op.Ends().Reach("caller"):
			other.fate = comes
		default:
			other.fate = unknown
		}
	}
	subject.befallen("ended", op)
	subject.fate = comes
}

// relation is what another credential is to one that ends: as an end spares it, and as a step of its life.
func (m *model) relation(of, other *state) (spares, step string) {
	switch {
	case m.descends(other, of):
		return "children", "parent-ended"
	case m.descends(of, other):
		return "parent", "child-ended"
	case other.hand.Kind != of.hand.Kind:
		return "siblings", "sibling-ended" // of another parent: as far off as that parent
	case other.original == of.id:
		return "renewal", "original-ended"
	case of.original == other.id:
		return "original", "renewal-ended"
	case other.parent == of.parent:
		return "siblings", "sibling-ended"
	}
	return "others", "sibling-ended"
}

// origin is the first of those that came of each other by renewal.
func (m *model) origin(id int) int {
	for s := m.find(id); s != nil && s.original != none; s = m.find(id) {
		id = s.original
	}
	return id
}

func (m *model) descends(s, from *state) bool {
	for p := m.find(s.parent); p != nil; p = m.find(p.parent) {
		if p == from {
			return true
		}
	}
	return false
}

// pick is one of those that live, or that have ended, of a kind, and fit; nil where there is none.
func (m *model) pick(r *rand.Rand, kind string, f fate, fit func(*state) bool) *state {
	var some []*state
	for _, s := range m.all {
		if s.fate == f && s.hand.Kind == kind && !s.aside && fit(s) {
			some = append(some, s)
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some[r.IntN(len(some))]
}

// looks are the credentials that are looked at after a move. One whose use hands out others is when the move was about its kind, and
// at the end; what came of a look is after an end.
func (m *model) looks(mv move, last bool) (all []*state) {
	end := mv.op.Ends()
	for _, s := range m.all {
		about := mv.of == s.id || end != nil && (end.Kind == s.hand.Kind || m.parentOf(mv.of) == s.id)
		switch {
		case s.fate == unknown,
			openerOf(m.doc, s.hand.Kind).HandsOut() != nil && !last && !about,
			s.aside && !last && end == nil:
		default:
			all = append(all, s)
		}
	}
	return all
}

func (m *model) parentOf(id int) int {
	if s := m.find(id); s != nil {
		return s.parent
	}
	return none
}

// most is how many credentials of one kind a walk holds that live: each is looked at after every move.
const most = 4

// generate makes a walk of a length. The same seed and number make the same walk.
func generate(doc *openapi.Document, seed uint64, number, length int) way {
	r := rand.New(rand.NewPCG(seed, uint64(number)))
	m := &model{doc: doc}
	w := way{quiet: number%3 == 2}
	for range 20 * length { // most tries make a move
		if len(w.moves) == length {
			break
		}
		mv, ok := m.try(r, w.quiet, number >= unmixed)
		if !ok {
			continue
		}
		mv.id = len(w.moves)
		m.apply(mv)
		w.moves = append(w.moves, mv)
	}
	other := move{id: len(w.moves), op: doc.Login().By, of: none, by: none, elsewhere: true}
	w.moves = slices.Insert(w.moves, len(w.moves)/2, other)
	return w
}

// try makes a move of one of the operations that hand out or end something, if the model has what it takes. Where nobody looks, there are
// uses as well, and in a mixed one logins of the second account.
func (m *model) try(r *rand.Rand, quiet, mixed bool) (mv move, ok bool) {
	var moving []*openapi.Operation
	for _, op := range m.doc.Operations() {
		if op.HandsOut() != nil || op.Ends() != nil || len(op.Takes()) > 0 {
			moving = append(moving, op)
		}
	}
	mv = move{op: moving[r.IntN(len(moving))], of: none, by: none}
	takes := mv.op.Takes()
	mv.stray = r.IntN(6) == 0
	if len(takes) == 0 {
		mv.second = !mv.stray && mixed && r.IntN(2) == 0
		return mv, mv.stray || m.count(mv.op.HandsOut().Kind) < most
	}
	if mv.op.HandsOut() == nil && mv.op.Ends() == nil {
		mv.stray = mv.stray || !quiet // the probe with what lives is sent after every move
	}
	mv.broken = !mv.stray && breaks(mv.op) && r.IntN(6) == 0
	wanted := living
	if mv.op.Ends() != nil && mv.op.Ends().Always && !mv.broken && r.IntN(4) == 0 {
		wanted = ended
	}
	if mv.stray && r.IntN(2) == 0 {
		wanted = ended
	}
	like := m.pick(r, takes[0].Kind, wanted, func(*state) bool { return true })
	if like == nil || !mv.stray && !mv.broken && mv.op.HandsOut() != nil && m.count(mv.op.HandsOut().Kind) >= most {
		return mv, false
	}
	mv.of = like.id
	if len(takes) > 1 {
		by := m.pick(r, takes[1].Kind, living, func(s *state) bool { return s.second == like.second })
		if by == nil {
			return mv, false
		}
		if mv.by = by.id; mv.op.HandsOut() != nil && !mv.stray {
			mv.by = like.id // by the authority of another is no more than a SHOULD, and has its check
		}
	}
	return mv, true
}

// breaks says whether an operation about a credential has a body that can break off.
func breaks(op *openapi.Operation) bool {
	return len(op.Takes()) > 0 && op.RequestMediaType() != "" && !op.IsForm()
}

func (m *model) count(kind string) (living int) {
	for _, s := range m.all {
		if s.hand.Kind == kind && s.fate != ended && !s.aside {
			living++
		}
	}
	return living
}

// needed are the moves of a walk from a number on, and those before them that handed out what they are about.
func needed(moves []move, from int) (left []move) {
	wanted := map[int]bool{}
	for i, mv := range slices.Backward(moves) {
		if i >= from || wanted[mv.id] {
			wanted[mv.of], wanted[mv.by] = true, true
			left = append(left, mv)
		}
	}
	slices.Reverse(left)
	return left
}

// without takes moves out of a walk, and those that need what they handed out.
func without(moves []move, out func(move) bool) []move {
	gone := map[int]bool{}
	var left []move
	for _, mv := range moves {
		if out(mv) || gone[mv.of] || gone[mv.by] {
			gone[mv.id] = true
			continue
		}
		left = append(left, mv)
	}
	return left
}
