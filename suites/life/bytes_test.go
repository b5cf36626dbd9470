package life

import (
	"strings"
	"testing"

	"example.org/conform/openapi"
)

// What a lenient decoder reads as the same bytes is the same credential, and what it reads as others is another one.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	for right, others := range map[string]struct{ same, other []string }{
		"QUJDREVG":         {[]string{"QUJDREVG0", "QUJDREVG00", "QUJD REVG", "QUJDREVG\n", " QUJDREVG", "QUJDREVG:0000"}, []string{"QUJDREVG0000", "qUJDREVG", "QUJDREV"}},
		"QUJDRA==":         {[]string{"QUJDRA", "QUJDRA==0", "QUJDRA==:0000", "QUJDRB==", "QUJDRC"}, []string{"QUJDRQ==", "QUJDR/", "QUJDRA0000"}},
		"QUJDREU":          {[]string{"QUJDREV", "QUJDREU="}, []string{"QUJDREk", "QUJDREU0"}},
		"aGVhZA.Ym9keQ.QU": {[]string{"aGVhZA.Ym9keQ.QV", "aGVhZB.Ym9keQ.QU"}, []string{"aGVhZA.Ym9keQ.QUU", "aGVhZA.Ym9keQ", "Ym9keQ.aGVhZA.QU"}},
		"0a1B":             {[]string{"0A1b", "0a1B0", "0a1B:00", "0a1Bzz"}, []string{"0a1B0000", "0a1C", "00a1B"}},
		"abcde":            {nil, []string{"abcd", "abcde0", "abcdeA"}},
		"a::b":             {nil, []string{"a::b0", "a::B"}},
	} {
		for _, other := range others.same {
			if !sameBytes(right, other) {
				t.Errorf("%q and %q are the same to some decoder", right, other)
			}
		}
		for _, other := range others.other {
			if sameBytes(right, other) {
				t.Errorf("%q and %q are two credentials", right, other)
			}
		}
	}
}

// Near misses that are sent whatever the server shows differ in their bytes, and there are enough of them left.
func TestMissesDifferInBytes(t *testing.T) {
	t.Parallel()
	for _, right := range []string{
		"QUJDREVGR0hJSktM", "QUJDREVGR0hJSktMTQ==", "QUJDREVGR0hJSktMTQ", "QUJDREVGR0hJSktMTU0", strings.Repeat("9f3a", 8), "aGVhZA.Ym9keUJPRFk.U0lHTkFUVVJF",
	} {
		for name, of := range misses() {
			if other, ok := of(right); ok && sameBytes(right, other) {
				t.Errorf("%s of %q is %q, the same bytes", name, right, other)
			}
		}
		if _, ok := longer(right); !ok {
			t.Errorf("%q has none with more behind it", right)
		}
		differ := 0
		for _, n := range nearOf(right, openapi.Place{In: "header"}) {
			if !n.anybodys && !sameBytes(right, n.text) {
				differ++
			}
		}
		if differ < 7 {
			t.Errorf("%q has %d near misses that differ in bytes", right, differ)
		}
	}
}
