package redact

import (
	"iter"
	"strings"
)

// The bounds of what LooksRandom takes for made by chance.
const (
	randomLength  = 16 // characters; what is shorter is a word, a number or a version
	randomNumber  = 20 // digits of a number; a moment in nanoseconds has 19
	letterOrDigit = 5  // of so many characters one changes between letters and digits, or between large and small ones
	letters       = 3  // and of so many, where there is no digit at all: names are written InCapitalWords too
)

// LooksRandom reports whether a word may be a key, an identifier of a session or a token: a long one whose letters, capitals and digits
// follow each other without order. Dates, versions, addresses, security identifiers, media types and words joined by hyphens have an
// order: what stands between hyphens, dots and the like is looked at by itself.
func LooksRandom(word string) bool {
	changes, digits, alike := 0, 0, 0
	var last byte
	for i := range len(word) {
		c := class(word[i])
		if c == '0' {
			digits++
		}
		if c != 0 && last != 0 && c != last {
			changes++
		}
		if c != 0 {
			alike++
		}
		last = c
	}
	switch {
	case alike < randomLength:
		return false
	case digits == alike && digits == len(word):
		return digits >= randomNumber
	case digits == 0:
		return changes*letters >= alike
	}
	return changes*letterOrDigit >= alike
}

// class is that of a character among letters and digits, zero for any other.
func class(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return '0'
	case c >= 'a' && c <= 'z':
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	}
	return 0
}

// RandomWords are the words of a text that LooksRandom takes for random. An address is taken apart at its slashes, which are letters of
// base64 elsewhere.
func RandomWords(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for chunk := range strings.FieldsFuncSeq(text, among("\"'\\<>(){}[],;")) {
			between := "=&?:"
			if strings.HasPrefix(chunk, "/") || strings.Contains(chunk, "://") {
				between += "/#"
			}
			for word := range strings.FieldsFuncSeq(chunk, among(between)) {
				if LooksRandom(word) && !yield(word) {
					return
				}
			}
		}
	}
}

// among reports whether a character is one of some, or white space.
func among(some string) func(rune) bool {
	return func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(some, r) }
}
