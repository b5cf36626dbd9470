package redact

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// introducers are the bytes that start an escape: percent-encoding, JSON and programming languages, HTML and XML.
const introducers = `%\&`

// Bounds on the readings of one introducer: their number, and how many layers of escapes are taken off. Real text
// stays well below both; they keep hostile text from costing more than its length.
const (
	maxReadings = 16
	maxLayers   = 6
)

// A reading is one way to understand the text at an introducer: as a character that ends before end.
type reading struct {
	char  rune  // negative: the single byte -1-char, from %XX
	layer int32 // how many layers of escapes were taken off
	end   int
}

// escapes holds every reading of every introducer in a text. It is built from right to left, so that each escape is
// read from characters whose own readings are known: %25%32%42 is a plus sign because %25 is a percent sign and the
// readings of %32 and %42 are digits. A literal reading (the introducer as itself) is always possible and not held.
type escapes struct {
	text     string
	pages    []page
	starts   []int // into readings, by rank
	readings []reading
}

// A page marks the introducers among 64 bytes and counts those to its right.
type page struct {
	marks uint64
	after int
}

func isIntroducer(b byte) bool { return b == '%' || b == '\\' || b == '&' }

func readEscapes(text string) *escapes {
	e := &escapes{text: text}
	n := 0
	for _, c := range introducers {
		n += strings.Count(text, string(c))
	}
	if n == 0 {
		return e
	}
	e.starts, e.readings = make([]int, 0, n), make([]reading, 0, n)
	e.pages = make([]page, len(text)/64+1)
	for i := len(text) - 1; i >= 0; i-- {
		p := &e.pages[i>>6]
		if i == len(text)-1 || i&63 == 63 {
			p.after = len(e.starts)
		}
		if isIntroducer(text[i]) {
			e.starts = append(e.starts, len(e.readings))
			e.read(i)
			p.marks |= 1 << (i & 63)
		}
	}
	return e
}

// at returns the readings of the introducer at i, which must be one.
func (e *escapes) at(i int) []reading {
	p := &e.pages[i>>6]
	rank := p.after + bits.OnesCount64(p.marks>>(i&63)>>1)
	from, to := e.starts[rank], len(e.readings)
	if rank+1 < len(e.starts) {
		to = e.starts[rank+1]
	}
	return e.readings[from:to]
}

// read appends the readings at i: first those that take one escape off the text itself, then those that take
// another off what came out. What was escaped as a whole has the character after a backslash in no deeper layer than
// the backslash; only in a mixture is it deeper, and such readings come last, lest they hide the likely one.
func (e *escapes) read(i int) {
	first := len(e.readings)
	for _, mixed := range []bool{false, true} {
		more := e.unfold(first, reading{char: rune(e.text[i]), end: i + 1}, mixed)
		for k := first; k < len(e.readings); k++ {
			if r := e.readings[k]; r.layer < maxLayers && e.unfold(first, r, mixed) {
				more = true
			}
		}
		if !more {
			return
		}
	}
}

func (e *escapes) add(first int, r reading) {
	if len(e.readings)-first >= maxReadings {
		return
	}
	for _, have := range e.readings[first:] {
		if have.char == r.char && have.end == r.end {
			return
		}
	}
	e.readings = append(e.readings, r)
}

// unfold appends what the escape that starts with the character in stands for. It reports whether there is more
// when the layers may be mixed.
func (e *escapes) unfold(first int, in reading, mixed bool) (more bool) {
	layer := in.layer + 1
	switch in.char {
	case '%':
		if char, end, ok := e.byteCode(in.end); ok {
			e.add(first, reading{char, layer, end})
		}
		// JavaScript's old escape function writes %uXXXX.
		if _, next, ok := e.plain(in.end, isU); ok {
			if char, end, ok := e.utf16(next, '%'); ok {
				e.add(first, reading{char, layer, end})
			}
		}
	case '&':
		if char, end, ok := e.entity(in.end); ok {
			e.add(first, reading{char, layer, end})
		}
	case '\\':
		for _, end := range e.doubled(in.end, in.layer) {
			if end > 0 {
				e.add(first, reading{'\\', layer, end})
			}
		}
		for r := range e.chars(in.end) {
			switch {
			case r.char < 0 || r.char >= utf8.RuneSelf || r.char == '\\':
			case r.layer > in.layer && !mixed:
				more = true
			default:
				e.backslash(first, byte(r.char), layer, r.end)
			}
		}
	}
	return more
}
