package redact

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxForks bounds how often one walk may go two ways at once. Only a secret that is full of introducers, in a text
// that is full of them, comes near it; the walk then gives up and takes all it has looked at for secret.
const maxForks = 4096

// A span is a stretch of text that stands for a secret.
type span struct {
	from, to int
	id       int32
	kind     Encoding
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
}

// A state is a place in a trie and in the text: off bytes of the node's label are behind it.
type state struct {
	n   *node
	off int
	pos int
}

// scan returns, for each place in the text where secrets start, the longest, in order.
func (s *scanner) scan() []span {
	var out []span
	text := s.text
	lastIntroducer := -1
	var w uint32
	for i := 0; i < min(3, len(text)); i++ {
		w = w<<8 | uint32(coarse[text[i]])
		if isIntroducer(text[i]) {
			lastIntroducer = i
		}
	}
	marker := 0
	short := len(s.needles.short.root.kids) > 0
	for i := range len(text) {
		if i+3 < len(text) {
			b := text[i+3]
			w = w<<8 | uint32(coarse[b])
			if isIntroducer(b) {
				lastIntroducer = i + 3
			}
		}
		for marker < len(s.markers) && s.markers[marker].to <= i {
			marker++
		}
		if i < s.gaveUp || marker < len(s.markers) && s.markers[marker].from < i {
			continue
		}
		best := span{from: i, to: i}
		if i+shortest <= len(text) {
			word, bit := startBit(w)
			if s.needles.starts[word]&bit != 0 || lastIntroducer >= i {
				s.walk(s.needles.literal, &best)
				s.walk(s.needles.base64, &best)
				s.walk(s.needles.hex, &best)
			}
		}
		if short {
			s.shortWalk(&best)
		}
		if best.to > i {
			out = append(out, best)
		}
	}
	return out
}

// walk follows the text from best.from through t, in every reading, and lengthens best where a needle ends later.
func (s *scanner) walk(t *trie, best *span) {
	s.stack, s.forks = s.stack[:0], 0
	if len(s.seen) > 0 {
		clear(s.seen)
	}
	st := state{n: &t.root, pos: best.from}
	alive := true
	for alive {
		st, alive = s.advance(t, st, best)
		if !alive && len(s.stack) > 0 {
			st, alive = s.stack[len(s.stack)-1], true
			s.stack = s.stack[:len(s.stack)-1]
		}
	}
}

// advance takes one step from st, or many where the text can be read in one way only. A second way goes onto the
// stack.
func (s *scanner) advance(t *trie, st state, best *span) (state, bool) {
	if rest := st.n.label[st.off:]; rest != "" && st.pos < len(s.text) && s.text[st.pos] == rest[0] && st.off > 0 {
		same := commonPrefix(rest, s.text[st.pos:])
		st.off, st.pos = st.off+same, st.pos+same
	}
	if st.off == len(st.n.label) && len(st.n.ids) > 0 && st.pos > best.to && s.clear(st.pos) {
		best.to, best.kind, best.id = st.pos, t.kind, s.pick(st.n.ids, best.from, st.pos)
	}
	if st.pos >= len(s.text) {
		return st, false
	}
	b := s.text[st.pos]
	inside := t.wrapped && st.n != &t.root
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
			next, alive = s.fork(next, alive, state{st.n, st.off, r.end}, best)
			continue
		}
		if other, ok := t.stepRune(st, r.char); ok {
			other.pos = r.end
			next, alive = s.fork(next, alive, other, best)
		}
		// A byte that was taken for a Latin-1 character.
		if r.char >= utf8.RuneSelf && r.char <= 0xff {
			if other, ok := t.step(st, byte(r.char)); ok {
				other.pos = r.end
				next, alive = s.fork(next, alive, other, best)
			}
		}
	}
	return next, alive
}

// fork takes other as the next state if there is none yet, and puts it onto the stack if there is.
func (s *scanner) fork(next state, alive bool, other state, best *span) (state, bool) {
	if !alive {
		return other, true
	}
	if s.seen[other] {
		return next, true
	}
	if s.forks++; s.forks > maxForks {
		if far := s.beyondMarker(max(next.pos, other.pos)); far > best.to {
			best.to, best.id, best.kind = far, other.n.any(), Literal
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

// step goes one byte further in the trie; the place in the text is left to the caller.
func (t *trie) step(st state, b byte) (state, bool) {
	b = t.fold[b]
	if st.off < len(st.n.label) {
		return state{st.n, st.off + 1, st.pos}, st.n.label[st.off] == b
	}
	k := st.n.kid(b)
	return state{k, 1, st.pos}, k != nil
}

// stepRune goes the bytes of one decoded character further.
func (t *trie) stepRune(st state, c rune) (state, bool) {
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

// pick chooses among secrets that share a needle the one that stands there letter for letter, else the first.
func (s *scanner) pick(ids []int32, from, to int) int32 {
	for _, id := range ids[1:] {
		if s.values[id] == s.text[from:to] {
			return id
		}
	}
	return ids[0]
}

// shortWalk looks for a secret that is too short for anything else and stands as a token of its own.
func (s *scanner) shortWalk(best *span) {
	if before, _ := utf8.DecodeLastRuneInString(s.text[:best.from]); best.from > 0 && isWord(before) {
		return
	}
	n := &s.needles.short.root
	for pos := best.from; ; {
		if len(n.ids) > 0 && pos > best.to && s.clear(pos) {
			if after, _ := utf8.DecodeRuneInString(s.text[pos:]); pos == len(s.text) || !isWord(after) {
				best.to, best.kind, best.id = pos, Literal, n.ids[0]
			}
		}
		if pos == len(s.text) {
			return
		}
		if n = n.kid(s.text[pos]); n == nil || !strings.HasPrefix(s.text[pos:], n.label) {
			return
		}
		pos += len(n.label)
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
