package redact

import (
	"encoding/json"
	"sort"
	"unicode"
	"unicode/utf8"
)

// maxForks bounds how often one walk may go two ways at once. Only a secret that is full of introducers, in a text
// that is full of them, comes near it; the walk then gives up and takes all it has looked at for secret.
const maxForks = 4096

// everySet has the marks of all sets.
const everySet = 0xff

// A span is a stretch of text that stands for a secret.
type span struct {
	from, to int
	id       int32
}

// A scanner looks for needles in one text.
type scanner struct {
	text    string
	esc     *escapes
	needles *needles
	values  []string
	markers []span // names that stand in the text already
	stack   []state
	seen    map[state]bool
	forks   int
	gaveUp  int // the end of what was taken for secret unread
	// last is what the walk before this one found, far is the end of what it looked at, and run that of the stretch of one byte in which
	// it began.
	last     span
	far, run int
}

// scan returns, for each place in the text where secrets start, the longest, in order.
func (s *scanner) scan() []span {
	var out []span
	text := s.text
	lastOdd := -1 // what may be read in another way, or is no part of what it stands in
	var w uint64
	for i := 1 - sure; i < len(text); i++ {
		if ahead := i + sure - 1; ahead < len(text) {
			b := text[ahead]
			if w = w<<8 | uint64(coarse[b]); isIntroducer(b) || b == '\r' || b == '\n' {
				lastOdd = ahead
			}
		} else {
			w <<= 8
		}
		if i < s.gaveUp { // or before the text
			continue
		}
		best := span{from: i, to: i}
		if i+shortest <= len(text) {
			sets := s.needles.starts[start(w)] | s.needles.shorts[start(w>>(8*(sure-shortest)))]
			if lastOdd >= i {
				sets = everySet
			}
			if sets != 0 && s.clear(i) {
				s.find(sets, &best)
			}
		}
		if s.needles.shortStarts[text[i]] && s.clear(i) {
			s.short(&best)
		}
		if best.to > i {
			out = append(out, best)
		}
	}
	return out
}

// find lengthens best to the longest secret that starts there, in one of the sets of some marks.
func (s *scanner) find(sets uint8, best *span) {
	from := best.from
	if s.again(from) {
		if s.far++; s.last.to > s.last.from {
			best.to, best.id = s.last.to+1, s.last.id
		}
	} else {
		s.far = from + shortest // the marks have seen as much
		for _, t := range []*set{s.needles.literal, s.needles.base64, s.needles.hex} {
			if sets&t.mark != 0 {
				s.walk(t, best)
			}
		}
	}
	s.last = *best
}

// again says that a walk from a place would see nothing but what the one before it has seen, one byte further: a secret that is one
// letter over and over, in a text that is, would else be compared in full at every place.
func (s *scanner) again(from int) bool {
	if from == 0 || s.last.from != from-1 || s.far < from || len(s.markers) > 0 || s.text[from] != s.text[from-1] || isIntroducer(s.text[from]) {
		return false
	}
	for s.run = max(s.run, from); s.run < len(s.text) && s.text[s.run] == s.text[from]; {
		s.run++
	}
	return s.run > s.far
}

// walk follows the text from best.from through t, in every reading, and lengthens best where a needle ends later.
func (s *scanner) walk(t *set, best *span) {
	s.stack, s.forks = s.stack[:0], 0
	if len(s.seen) > 0 {
		clear(s.seen)
	}
	st := state{pos: best.from}
	for alive := true; alive; {
		st, alive = s.advance(t, st, best)
		if !alive && len(s.stack) > 0 {
			st, alive = s.stack[len(s.stack)-1], true
			s.stack = s.stack[:len(s.stack)-1]
		}
	}
}

// advance takes one step from st, or many where the text can be read in one way only. A second way goes onto the
// stack.
func (s *scanner) advance(t *set, st state, best *span) (state, bool) {
	if st.begun() {
		st = t.along(st, s.text)
	}
	if t.ended(st) && st.pos >= best.to && s.clear(st.pos) {
		// Of two readings that end at the same place the one counts that stands there as it is, in whatever order they were found.
		if id := s.pick(t, st, best.from); st.pos > best.to || id != best.id && s.stands(id, s.text[best.from:st.pos]) {
			best.to, best.id = st.pos, id
		}
	}
	if s.far = max(s.far, st.pos+1); st.pos >= len(s.text) {
		return st, false
	}
	b := s.text[st.pos]
	inside := t.wrapped && st.begun()
	if inside && (b == '\r' || b == '\n') {
		st.pos++
		return st, true
	}
	next, alive := t.step(st, b)
	next.pos = st.pos + 1
	if !isIntroducer(b) {
		return next, alive
	}
	for _, r := range s.esc.at(st.pos) {
		if inside && (r.char == '\r' || r.char == '\n') {
			next, alive = s.fork(t, next, alive, state{st.node, st.read, r.end}, best)
			continue
		}
		if other, ok := t.stepRune(st, r.char); ok {
			other.pos = r.end
			next, alive = s.fork(t, next, alive, other, best)
		}
		// A byte that was taken for a Latin-1 character.
		if r.char >= utf8.RuneSelf && r.char <= 0xff {
			if other, ok := t.step(st, byte(r.char)); ok {
				other.pos = r.end
				next, alive = s.fork(t, next, alive, other, best)
			}
		}
	}
	return next, alive
}

// fork takes other as the next state if there is none yet, and puts it onto the stack if there is.
func (s *scanner) fork(t *set, next state, alive bool, other state, best *span) (state, bool) {
	if !alive {
		return other, true
	}
	if s.seen[other] {
		return next, true
	}
	if s.forks++; s.forks > maxForks {
		if far := s.beyondMarker(max(next.pos, other.pos)); far > best.to {
			best.to, best.id = far, t.nodes[other.node].some
		}
		s.gaveUp = best.to
		s.stack = s.stack[:0]
		return next, false
	}
	if s.seen == nil {
		s.seen = make(map[state]bool)
	}
	s.seen[other] = true
	s.stack = append(s.stack, other)
	return next, true
}

// stepRune goes the bytes of one decoded character further.
func (t *set) stepRune(st state, c rune) (state, bool) {
	if c < 0 {
		return t.step(st, byte(-1-c))
	}
	var buf [utf8.UTFMax]byte
	ok := true
	for _, b := range buf[:utf8.EncodeRune(buf[:], c)] {
		if st, ok = t.step(st, b); !ok {
			break
		}
	}
	return st, ok
}

// pick chooses among secrets that share the needle of a state the one that stands there letter for letter, or as JSON writes it, else
// the first.
func (s *scanner) pick(t *set, st state, from int) int32 {
	also := t.also[st.node]
	if len(also) == 0 {
		return t.nodes[st.node].id
	}
	for _, id := range also {
		if s.stands(id, s.text[from:st.pos]) {
			return id
		}
	}
	return t.nodes[st.node].id
}

// stands says that a text is a secret letter for letter, or as JSON writes it.
func (s *scanner) stands(id int32, there string) bool {
	var read string
	_ = json.Unmarshal([]byte(`"`+there+`"`), &read) // what is not JSON stands for nothing more
	return s.values[id] == there || s.values[id] == read
}

// short looks for a secret that is too short for anything else and stands as a token of its own.
func (s *scanner) short(best *span) {
	if before, _ := utf8.DecodeLastRuneInString(s.text[:best.from]); best.from > 0 && isWord(before) {
		return
	}
	for to := min(best.from+s.needles.longestShort, len(s.text)); to > best.to; to-- {
		id, known := s.needles.short[s.text[best.from:to]]
		if after, _ := utf8.DecodeRuneInString(s.text[to:]); known && s.clear(to) && (to == len(s.text) || !isWord(after)) {
			best.to, best.id = to, id
		}
	}
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// clear says that pos does not cut a name.
func (s *scanner) clear(pos int) bool { return s.beyondMarker(pos) == pos }

// beyondMarker returns the end of the name that pos lies in, else pos.
func (s *scanner) beyondMarker(pos int) int {
	i := sort.Search(len(s.markers), func(i int) bool { return s.markers[i].to > pos })
	if i < len(s.markers) && s.markers[i].from < pos {
		return s.markers[i].to
	}
	return pos
}
