package redact

import (
	"html"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// This file reads the single escapes: what may follow an introducer, and what it then stands for.

// The characters that an escape is made of.
func isDigit(c byte) bool { return digit(c) >= 0 }
func isName(c byte) bool  { return isAlnum(c) || c == '#' || c == ';' }
func isU(c byte) bool     { return c == 'u' }

// chars are the characters that the text at i can be read as: what stands there, and what an escape stands for.
func (e *escapes) chars(i int) iter.Seq[reading] {
	return func(yield func(reading) bool) {
		if i >= len(e.text) || !yield(reading{char: rune(e.text[i]), end: i + 1}) || !isIntroducer(e.text[i]) {
			return
		}
		for _, r := range e.at(i) {
			if !yield(r) {
				return
			}
		}
	}
}

// plain reads a character of a kind, escaped or not.
func (e *escapes) plain(i int, is func(byte) bool) (c byte, end int, ok bool) {
	for r := range e.chars(i) {
		if r.char >= 0 && r.char < utf8.RuneSelf && is(byte(r.char)) {
			return byte(r.char), r.end, true
		}
	}
	return 0, i, false
}

// hex reads n hexadecimal digits.
func (e *escapes) hex(i, n int) (v rune, end int, ok bool) {
	for ; n > 0; n-- {
		c, next, ok := e.plain(i, isDigit)
		if !ok {
			return 0, i, false
		}
		v, i = v<<4|digit(c), next
	}
	return v, i, true
}

// digit is the value of a hexadecimal digit, negative for another character.
func digit(c byte) rune {
	v := strings.IndexByte("0123456789abcdefABCDEF", c)
	if v > 0xf {
		v -= 6
	}
	return rune(v)
}

// byteCode reads XX.
func (e *escapes) byteCode(i int) (rune, int, bool) {
	v, end, ok := e.hex(i, 2)
	if v >= utf8.RuneSelf {
		v = -1 - v
	}
	return v, end, ok
}

// utf16 reads XXXX and, after a high surrogate, the second escape of the pair.
func (e *escapes) utf16(i int, introducer byte) (rune, int, bool) {
	v, end, ok := e.hex(i, 4)
	if !ok || !utf16.IsSurrogate(v) {
		return v, end, ok
	}
	for second := range e.chars(end) {
		if second.char != rune(introducer) {
			continue
		}
		if _, next, ok := e.plain(second.end, isU); ok {
			if low, after, ok := e.hex(next, 4); ok {
				if r := utf16.DecodeRune(v, low); r != utf8.RuneError {
					return r, after, true
				}
			}
		}
	}
	return 0, i, false
}

// backslash appends what a backslash and the character c, which ends at end, stand for.
func (e *escapes) backslash(first int, c byte, layer int32, end int) {
	char, ok := rune(c), false
	switch c {
	case 'u':
		char, end, ok = e.utf16(end, '\\')
	case 'U':
		char, end, ok = e.hex(end, 8)
		ok = ok && utf8.ValidRune(char)
	case 'x':
		char, end, ok = e.byteCode(end)
	default:
		if k := strings.IndexByte("abfnrtv", c); k >= 0 {
			char, ok = rune("\a\b\f\n\r\t\v"[k]), true
			break
		}
		// JSON allows \" and \/; other quoting puts a backslash before any punctuation.
		ok = c > ' ' && c < 0x7f && !isAlnum(c) && !isIntroducer(c)
	}
	if ok {
		e.add(first, reading{char, layer, end})
	}
}

// doubled returns where a second backslash at i may end, zero for no place: read as deeply as the first one was,
// since both came through the same layers, and read literally. Where neither is possible, the first other reading.
func (e *escapes) doubled(i int, layer int32) (ends [2]int) {
	if i >= len(e.text) || !isIntroducer(e.text[i]) {
		return ends
	}
	if e.text[i] == '\\' {
		ends[1] = i + 1
	}
	best := int32(0)
	for _, r := range e.at(i) {
		switch {
		case r.char != '\\':
		case r.layer <= layer && r.layer > best:
			best, ends[0] = r.layer, r.end
		case ends == [2]int{}:
			ends[0] = r.end
		}
	}
	return ends
}

// entity reads what follows an ampersand: a name or a number, and the semicolon.
func (e *escapes) entity(i int) (rune, int, bool) {
	const longest = 32 // of HTML's names
	var name [longest]byte
	n := 0
	for ; n < longest; n++ {
		c, next, ok := e.plain(i, isName)
		if !ok {
			break
		}
		if c == ';' {
			r, ok := entityRune(string(name[:n]))
			return r, next, ok
		}
		name[n], i = c, next
	}
	return 0, i, false
}

func entityRune(name string) (rune, bool) {
	s := html.UnescapeString("&" + name + ";")
	r, size := utf8.DecodeRuneInString(s)
	return r, size == len(s) && r != utf8.RuneError
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
