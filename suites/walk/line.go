package walk

import (
	"context"
	"slices"

	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// Line walks once straight through every life of the contract, with the options in every request: each credential is handed out,
// works, is renewed, is ended in each of the ways that there are, and works no more. It returns the requirement that the walk broke.
func Line(ctx context.Context, a *life.API, options ...life.Option) (part check.Part, broke string) {
	if a.Client.Document().Login() == nil {
		return lineOfGiven(ctx, a.Spelt(options...))
	}
	all := promisesOf(a.Client.Document())
	_, broken, end := makeWalk(ctx, a.Spelt(options...), all, way{moves: line(all.doc)})
	if broken != nil {
		return check.Part{End: broken.end, Answers: broken.answers}, broken.requirement
	}
	return check.Part{End: end}, ""
}

// lineOfGiven is Line where the target gives what lives: it opens each operation that takes it, and a made-up one opens none.
func lineOfGiven(ctx context.Context, a *life.API) (part check.Part, broke string) {
	doc := a.Client.Document()
	for _, op := range doc.Operations() {
		if len(op.Takes()) == 0 {
			continue
		}
		part = a.Together(ctx, 1, func(_ int, own *life.API) {
			c := own.Make(ctx, op.Takes()[0].Kind)
			own.ExpectAccepted(ctx, op, c, life.Noun(c.Kind))
			if op.Anonymous() {
				return
			}
			own.Against(own.Working(ctx, op, c), func() {
				own.ExpectNothing(ctx, own.Present(ctx, op.ID(), c, life.InsteadOf(op, own.MadeUp(c.Value))), "a made-up "+c.Kind)
			})
		})[0]
		if part.End != nil {
			return part, op.SuccessRequirement()
		}
	}
	return part, ""
}

// line are the moves of it.
func line(doc *openapi.Document) []move { return straight(doc, 1) }

// tour has everything handed out several times, and what was renewed renewed again, before it ends.
func tour(doc *openapi.Document) []move { return straight(doc, several) }

// kept has everything handed out several times, and ends nothing.
func kept(doc *openapi.Document) []move {
	p := path{doc: doc, last: map[string]int{}}
	for _, h := range p.hands() {
		for range several {
			p.hand(h)
		}
	}
	return p.moves
}

// asSecond are moves whose logins are those of the second account.
func asSecond(moves []move) []move {
	for i, mv := range moves {
		moves[i].second = mv.of == none && !mv.stray && !mv.elsewhere
	}
	return moves
}

// asOthers are moves whose logins are made in every other way that there is.
func asOthers(moves []move) []move {
	for i, mv := range moves {
		moves[i].otherwise = mv.of == none && !mv.stray && !mv.elsewhere
	}
	return moves
}

// families has each kind of credential handed out several times, by a parent of its own where it has one, and ends all of them, as who ends
// the last may end more than that; and once more, where what has a parent loses that first, as what is left may hang on it.
func families(doc *openapi.Document) []move {
	p := path{doc: doc, last: map[string]int{}}
	for _, kind := range doc.Kinds() {
		ends, h := doc.Ends(kind), doc.HandOuts(kind)[0]
		if len(ends) == 0 {
			continue
		}
		born := func() (all []int) {
			clear(p.last)
			for range several {
				all = append(all, p.hand(h))
			}
			return all
		}
		for i, child := range born() {
			p.end(ends[i%len(ends)], child)
		}
		if h.From == "" || len(doc.Ends(h.From)) == 0 {
			continue
		}
		children := born()
		p.end(doc.Ends(h.From)[0], p.last[h.From])
		for i, child := range children[1:] {
			p.end(ends[i%len(ends)], child)
		}
		for _, renewal := range doc.HandOuts(kind) {
			if renewal.Renews() && !renewal.Rotates {
				p.last[kind] = children[0]
				p.end(ends[0], p.hand(renewal))
			}
		}
	}
	return p.moves
}

// authorities has each kind of credential ended by every other that could authorize it: a renewal by a sibling of what it was renewed from, by
// that itself, and by one of another parent; one by its own other name; and one of the target's account by that of another account.
func authorities(doc *openapi.Document) []move {
	p := path{doc: doc, last: map[string]int{}}
	for _, kind := range doc.Kinds() {
		ends, h := doc.Ends(kind), doc.HandOuts(kind)[0]
		if len(ends) == 0 || len(ends[0].By.Takes()) < 2 {
			continue
		}
		// family is two of one parent, and what each is renewed to.
		family := func() (all []int) {
			clear(p.last)
			for range 2 {
				all = append(all, p.hand(h))
			}
			for _, renewal := range doc.HandOuts(kind) {
				for i := 0; i < 2 && renewal.Renews() && !renewal.Rotates; i++ {
					p.last[kind] = all[i]
					all = append(all, p.hand(renewal))
				}
			}
			return all
		}
		end := func(of, by int) { p.add(ends[0].By, of, by) }
		before := len(p.moves)
		foreign := family()[0]
		asSecond(p.moves[before:])
		one, other := family(), family()
		end(one[0], foreign)
		end(one[1], one[1])
		p.moves[len(p.moves)-1].named = true
		if len(one) > 2 {
			end(one[3], one[2])
			end(other[2], other[1])
			end(other[3], other[1])
			end(one[2], other[0])
		}
		end(other[1], other[0])
	}
	return p.moves
}

// several is how many of each kind a tour holds: what goes wrong with the third is seen, and what does with the second renewal.
const several = 3

// often is how many times in a row something is asked for that any number may be asked for: what is counted, or kept in a table of a
// size that was thought enough, goes wrong by the eleventh.
const often = 11

// uses has each kind of credential handed out once, and used often.
func uses(doc *openapi.Document) []move {
	p := path{doc: doc, last: map[string]int{}}
	for _, h := range p.hands() {
		if h.Renews() {
			continue
		}
		of := p.hand(h)
		if op := openerOf(doc, h.Kind); op.HandsOut() == nil {
			for range often {
				p.add(op, of, none)
			}
		}
	}
	return p.moves
}

// heap has everything handed out often, and each renewal renewed, and ends what was renewed first and the first of each kind: whatever
// was given one that an earlier one had ends with it.
func heap(doc *openapi.Document) []move {
	p := path{doc: doc, last: map[string]int{}}
	first, renewed := map[string]int{}, map[string]int{}
	hands := p.hands()
	for _, h := range hands {
		if before, known := p.last[h.Kind]; known && h.Renews() {
			renewed[h.Kind] = before
		}
		for range often {
			id := p.hand(h)
			if _, known := first[h.Kind]; !known {
				first[h.Kind] = id
			}
		}
	}
	for _, kind := range slices.Backward(doc.Kinds()) {
		ends := doc.Ends(kind)
		if len(ends) == 0 {
			continue
		}
		if original, known := renewed[kind]; known {
			p.end(ends[0], original)
			p.renewOf(original)
		}
		p.end(ends[0], first[kind])
	}
	return p.moves
}

// renewOf renews what a credential was renewed to.
func (p *path) renewOf(original int) {
	for _, mv := range p.moves {
		if h := mv.op.HandsOut(); h != nil && h.Renews() && mv.of == original {
			p.last[h.Kind] = mv.id
			p.hand(h)
			return
		}
	}
}

// end ends what a move has handed out, by its own authority.
func (p *path) end(e *openapi.End, of int) int {
	by := none
	if len(e.By.Takes()) > 1 {
		by = of
	}
	return p.add(e.By, of, by)
}

// path is moves that follow from one another.
type path struct {
	doc   *openapi.Document
	moves []move
	last  map[string]int // credential of a kind, by the move that handed it out
}

func (p *path) add(op *openapi.Operation, of, by int) int {
	p.moves = append(p.moves, move{id: len(p.moves), op: op, of: of, by: by})
	return len(p.moves) - 1
}

// hand has something handed out, by what was handed out last of the kind that it takes.
func (p *path) hand(h *openapi.HandOut) int {
	from, by := none, none
	if h.From != "" {
		known := false
		if from, known = p.last[h.From]; !known {
			from = p.hand(p.doc.HandOuts(h.From)[0])
		}
	}
	if len(h.By.Takes()) > 1 {
		by = from
	}
	p.last[h.Kind] = p.add(h.By, from, by)
	return p.last[h.Kind]
}

// hands are the ways to have something handed out, parents first.
func (p *path) hands() []*openapi.HandOut {
	var hands []*openapi.HandOut
	for _, kind := range p.doc.Kinds() {
		hands = append(hands, p.doc.HandOuts(kind)...)
	}
	slices.SortStableFunc(hands, func(a, b *openapi.HandOut) int { return depth(p.doc, a) - depth(p.doc, b) })
	return hands
}

func straight(doc *openapi.Document, times int) []move {
	p := path{doc: doc, last: map[string]int{}}
	hands := p.hands()
	for _, h := range hands {
		for range times {
			p.hand(h) // a renewal renews the one before it
		}
	}
	if times > 1 {
		p.moves = append(p.moves, strays(doc, p.moves)...)
	}
	// What was handed out last ends first.
	for _, h := range slices.Backward(hands) {
		for i, e := range doc.Ends(h.Kind) {
			if h.Renews() && i == 0 {
				continue // it is ended where its kind is
			}
			of, known := p.last[h.Kind]
			if !known {
				of = p.hand(doc.HandOuts(h.Kind)[0])
			}
			end := p.end(e, of)
			delete(p.last, h.Kind)
			if times > 1 {
				again(&p.moves, e, of)
				misuse(doc, &p.moves, end)
				throughAnother(doc, &p.moves, e)
				goOn(doc, &p.moves, h.Kind)
			}
		}
	}
	return p.moves
}

// strays are one move by nobody for each operation that there could be one for.
func strays(doc *openapi.Document, before []move) (all []move) {
	m := &model{doc: doc}
	for _, mv := range before {
		m.apply(mv)
	}
	living := func(kind string) int {
		i := slices.IndexFunc(m.all, func(s *state) bool { return s.hand.Kind == kind })
		return m.all[i].id
	}
	for _, op := range doc.Operations() {
		takes := op.Takes()
		if h := op.HandsOut(); len(takes) == 0 && h == nil {
			continue
		}
		stray := move{id: len(before) + len(all), op: op, of: none, by: none, stray: true}
		if len(takes) > 0 {
			stray.of = living(takes[0].Kind)
		}
		if len(takes) > 1 {
			stray.by = living(takes[1].Kind)
		}
		all = append(all, stray)
		if breaks(op) {
			for i := range 2 { // one of them breaks off, and one says what nobody knows
				all = append(all, move{id: stray.id + 1 + i, op: op, of: stray.of, by: stray.by, broken: true})
			}
		}
	}
	for _, op := range doc.Operations() {
		if op.Ends() != nil && len(doc.Kinds()) > 1 {
			stray := move{id: len(before) + len(all), op: op, of: living(op.Takes()[0].Kind), by: none, stray: true, misplaced: true}
			if takes := op.Takes(); len(takes) > 1 {
				stray.by = living(takes[1].Kind)
			}
			all = append(all, stray)
		}
	}
	for _, op := range doc.Operations() {
		if takes := op.Takes(); len(takes) > 1 {
			for range 2 { // one of them by made-up authority, and one by none
				all = append(all, move{id: len(before) + len(all), op: op, of: living(takes[0].Kind), by: none, stray: true})
			}
		}
	}
	return all
}

// again ends what has ended once more, by its own authority where that takes any: whatever the answer, it stays ended.
func again(moves *[]move, e *openapi.End, of int) {
	if len(e.By.Takes()) == 1 {
		*moves = append(*moves, move{id: len(*moves), op: e.By, of: of, by: none})
	}
}

// firstLiving is the first that lives of a kind after moves, none where none does.
func firstLiving(doc *openapi.Document, moves []move, kind string) int {
	if all := livingOf(doc, moves, kind); len(all) > 0 {
		return all[0]
	}
	return none
}

// livingOf are those that live of a kind after moves.
func livingOf(doc *openapi.Document, moves []move, kind string) (all []int) {
	m := &model{doc: doc}
	for _, mv := range moves {
		m.apply(mv)
	}
	for _, s := range m.all {
		if s.fate == living && s.hand.Kind == kind {
			all = append(all, s.id)
		}
	}
	return all
}

// goOn renews what lives beside what has ended.
func goOn(doc *openapi.Document, moves *[]move, kind string) {
	for _, h := range doc.HandOuts(kind) {
		if of := firstLiving(doc, *moves, kind); h.Renews() && of != none {
			more := move{id: len(*moves), op: h.By, of: of, by: none}
			if len(h.By.Takes()) > 1 {
				more.by = of
			}
			*moves = append(*moves, more)
		}
	}
}

// throughAnother ends what lives by the authority of another that lives, twice, for each of two names of that.
func throughAnother(doc *openapi.Document, moves *[]move, e *openapi.End) {
	for range 2 {
		alive := livingOf(doc, *moves, e.Kind)
		if len(e.By.Takes()) > 1 && len(alive) > 1 {
			*moves = append(*moves, move{id: len(*moves), op: e.By, of: alive[1], by: alive[0]})
		}
	}
}

// misuse tries what a move has ended where it could hand something out yet, by the authority of another.
func misuse(doc *openapi.Document, moves *[]move, end int) {
	ended := (*moves)[end]
	for _, h := range doc.HandOuts(ended.op.Ends().Kind) {
		if by := firstLiving(doc, *moves, h.Kind); h.Renews() && by != none {
			if len(h.By.Takes()) == 1 { // it is its own authority
				by = none
			}
			*moves = append(*moves, move{id: len(*moves), op: h.By, of: ended.of, by: by, stray: true})
		}
	}
}

// depth is how many hand-outs come before one: those of its parents, and that of what it renews.
func depth(doc *openapi.Document, h *openapi.HandOut) int {
	if h.From == "" {
		return 0
	}
	return 1 + depth(doc, doc.HandOuts(h.From)[0])
}
