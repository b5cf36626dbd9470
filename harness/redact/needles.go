package redact

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// shortest is the number of characters from which a secret is looked for inside other text and in base64 and
// hexadecimal, and shortestNumber that of a secret of digits alone. Anything shorter turns up by chance in every
// artefact: a row number such as 4711 in a port, a size, a moment or a request's identifier.
const shortest, shortestNumber = 4, 10

func tooShort(value string) bool {
	return utf8.RuneCountInString(value) < shortest ||
		len(value) < shortestNumber && strings.Trim(value, "0123456789") == ""
}

// wideLimit is the number of bytes up to which a secret is also looked for as UTF-16 in base64 and hexadecimal.
// Passwords travel so (NTLM, PowerShell), tokens do not, and a long token would cost three times the memory.
const wideLimit = 256

// A needles set is what a redactor looks for, derived from the secrets.
type needles struct {
	literal, base64, hex *set
	// short are the secrets that are too short for a set, and longestShort is the number of bytes of the longest.
	short        map[string]int32
	longestShort int
	// shortStarts are the bytes that those begin with.
	shortStarts [256]bool
	// starts has the sets' marks by the hash of the first eight bytes of each needle, folded by coarse, and shorts that of the first
	// four where it has no more: of thousands of tokens some begin with almost any four.
	starts, shorts [1 << startBits]uint8
}

const startBits = 18

// sure is the number of bytes at the start of a needle that are looked at.
const sure = 8

// coarse folds bytes at least as far as every set does, so that one look serves all of them.
var coarse = folding("ABCDEFGHIJKLMNOPQRSTUVWXYZ -_", "abcdefghijklmnopqrstuvwxyz++/")

func newNeedles() *needles {
	n := &needles{
		literal: newSet(folding(" ", "+"), 1),
		base64:  newSet(folding("-_ ", "+/+"), 2),
		hex:     newSet(folding("ABCDEF", "abcdef"), 4),
		short:   map[string]int32{},
	}
	n.base64.wrapped, n.base64.plain, n.hex.plain = true, true, true
	return n
}

func start(w uint64) uint64 { return w * 0x9E3779B97F4A7C15 >> (64 - startBits) }

func (n *needles) insert(t *set, needle string, id int32) {
	t.add(0, needle, id)
	n.begins(t, needle)
}

// begins has texts looked into that begin like a needle.
func (n *needles) begins(t *set, needle string) {
	var w uint64
	for i := range min(len(needle), sure) {
		if i == shortest && len(needle) < sure {
			break
		}
		w = w<<8 | uint64(coarse[needle[i]])
	}
	if len(needle) < sure {
		n.shorts[start(w)] |= t.mark
	} else {
		n.starts[start(w)] |= t.mark
	}
}

// add derives the needles of one secret.
func (n *needles) add(value string, id int32) {
	if tooShort(value) {
		n.short[value], n.longestShort, n.shortStarts[value[0]] = id, max(n.longestShort, len(value)), true
		return
	}
	n.insert(n.literal, value, id)
	n.addEncoded(value, id)
	if latin, ok := latin1(value); ok {
		n.insert(n.literal, latin, id)
		n.addEncoded(latin, id)
	}
	if len(value) <= wideLimit {
		n.addEncoded(utf16le(value), id)
	}
	// OAuth 2.0 clients form-encode both halves of the Basic credentials before base64 (RFC 6749, section 2.3.1).
	if form := url.QueryEscape(value); form != value {
		n.addBase64(form, id)
	}
}

func (n *needles) addEncoded(raw string, id int32) {
	n.insert(n.hex, hex.EncodeToString([]byte(raw)), id)
	n.addBase64(raw, id)
}

// addBase64 derives what base64 makes of raw when 0, 1 or 2 bytes beyond a multiple of three stand before it: the
// characters that depend on raw alone. Where raw ends the data, its last character and the padding belong to it too.
func (n *needles) addBase64(raw string, id int32) {
	shifted := make([]byte, 2+len(raw))
	copy(shifted[2:], raw)
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString(shifted[2-shift:])
		from := (shift*8 + 5) / 6
		to := (shift + len(raw)) * 8 / 6
		n.begins(n.base64, encoded[from:to])
		at := n.base64.add(0, encoded[from:to], id)
		if to < len(encoded) {
			n.begins(n.base64, encoded[from:to+1])
			n.begins(n.base64, encoded[from:])
			at = n.base64.add(at, encoded[to:to+1], id)
			n.base64.add(at, encoded[to+1:], id)
		}
	}
}

// latin1 returns the value in ISO 8859-1, where that can be and differs from UTF-8.
func latin1(value string) (string, bool) {
	var b strings.Builder
	differs := false
	for _, r := range value {
		if r > 0xff {
			return "", false
		}
		differs = differs || r >= utf8.RuneSelf
		b.WriteByte(byte(r))
	}
	return b.String(), differs
}

func utf16le(value string) string {
	units := utf16.Encode([]rune(value))
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}
