package life

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/suites/check"
)

// A server may keep a credential as bytes and read what comes by a decoder that is lenient: one that drops a character dangling behind the last
// group, overlooks what is not of its alphabet, or stops there. Two texts that it reads as the same bytes are the same credential.

var (
	// baseText is what may be base64, in either alphabet; a signed token is three of them.
	baseText = regexp.MustCompile(`^[A-Za-z0-9+/_-]+={0,2}(?:\.[A-Za-z0-9+/_-]+={0,2})*$`)
	hexText  = regexp.MustCompile(`^(?:[0-9a-fA-F]{2})+$`)
)

// sameBytes says whether there is a lenient decoder that reads the right text and another one as the same bytes.
func sameBytes(right, other string) bool {
	if hexText.MatchString(right) && strings.EqualFold(right, oddDigitDropped(digits.FindString(other))) {
		return true
	}
	if !baseText.MatchString(right) {
		return false
	}
	for _, read := range []func(string) string{whole, upToPadding, upToOthers} {
		if same(strings.Split(right, "."), strings.Split(other, "."), read) {
			return true
		}
	}
	return false
}

// same compares texts part by part, as a decoder reads them. A part with a dangling character is nobody's base64.
func same(right, other []string, read func(string) string) bool {
	if len(right) != len(other) {
		return false
	}
	for i := range right {
		core, text := strings.TrimRight(right[i], "="), ofItsAlphabet(read(other[i]))
		if len(core)%4 == 0 {
			text = text[:len(text)/4*4] // what is no whole group may be dropped as a whole
		}
		if len(core)%4 == 1 || !bytes.Equal(leniently(core), leniently(text)) {
			return false
		}
	}
	return true
}

// ofItsAlphabet drops what is of neither alphabet.
func ofItsAlphabet(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(sixBits, r) {
			return r
		}
		return -1
	}, text)
}

var (
	digits = regexp.MustCompile(`^[0-9a-fA-F]*`)
	base   = regexp.MustCompile(`^[A-Za-z0-9+/_-]*`)
)

func oddDigitDropped(text string) string { return text[:len(text)/2*2] }

// The ways in which decoders come to an end.
func whole(text string) string       { return text }
func upToPadding(text string) string { before, _, _ := strings.Cut(text, "="); return before }
func upToOthers(text string) string  { return base.FindString(text) }

// leniently decodes a text in base64's alphabets, and drops the bits that make no byte.
func leniently(text string) []byte {
	var decoded []byte
	bits, count := 0, 0
	for i := range len(text) {
		bits, count = bits<<6|strings.IndexByte(sixBits, text[i])&63, count+6
		if count >= 8 {
			count -= 8
			decoded = append(decoded, byte(bits>>count))
			bits &= 1<<count - 1
		}
	}
	return decoded
}

// withoutTwins drops the near misses that a lenient decoder reads as the hero itself. Those that hold what is of no alphabet, such as a blank,
// it keeps for a server that shows that it does not read so.
func (s *story) withoutTwins(ctx context.Context, drawn []near) []near {
	right := s.sentAs()
	var kept []near
	asked, lenient := false, false
	for _, n := range drawn {
		if n.anybodys || !sameBytes(right, n.text) {
			kept = append(kept, n)
			continue
		}
		if inItsAlphabet(right, n.text) {
			continue
		}
		if !asked {
			asked, lenient = true, s.readsLeniently(ctx, right)
		}
		if !lenient {
			kept = append(kept, n)
		}
	}
	return kept
}

// inItsAlphabet says whether a text is written in what the right one may be written in, and in nothing else.
func inItsAlphabet(right, text string) bool {
	if hexText.MatchString(right) && digits.FindString(text) == text {
		return true
	}
	return baseText.MatchString(text)
}

// readsLeniently asks whether the server takes the hero for itself with something between its characters, without its padding, or, where it
// has none, with what is of no alphabet behind it.
func (s *story) readsLeniently(ctx context.Context, right string) bool {
	middle := len(strings.TrimRight(right, "=")) / 8 * 4
	if middle == 0 {
		middle = len(right) / 2 // too short to be of groups
	}
	spellings := []string{right[:middle] + " " + right[middle:], right[:middle] + ":" + right[middle:], right + "!"}
	if core := strings.TrimRight(right, "="); core != right {
		spellings[2] = core
	}
	op, place := s.op, s.place()
	if op.Ends() != nil {
		op = s.Opener(s.kind())
		place = op.Takes()[0]
	}
	return slices.ContainsFunc(spellings, func(text string) bool {
		s.Redactor.Vary("near-miss-"+s.hero.Kind, text)
		return !check.Refused(s.Present(ctx, op.ID(), s.hero, s.missingAt(place, near{text: text}, "")...))
	})
}
