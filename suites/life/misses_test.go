package life

import (
	"strings"
	"testing"
	"unicode"

	"example.org/conform/openapi"
)

// Every miss is another credential of its own, or none at all: what equals the right one would blame a server for
// taking it.
func TestAMissIsNeverTheRightOne(t *testing.T) {
	t.Parallel()
	for _, right := range []string{"", "x", "7", "é", "aA", "20251", "password", "====", "ÀÉ+/=", strings.Repeat("F", 64), strings.Repeat("zZ9", 200)} {
		for _, all := range []map[string]miss{misses(), passwordMisses()} {
			for name, of := range all {
				if near, ok := of(right); ok && near == right {
					t.Errorf("%s: the miss of %q is %q", name, right, near)
				}
			}
		}
	}
	if _, ok := prefix("x"); ok {
		t.Error("the password without its only character is the empty password, which is a miss of its own")
	}
}

// A server may read hexadecimal digits in either letter case: a changed character must be another digit.
func TestOneChangedIsAnotherInAnyLetterCase(t *testing.T) {
	t.Parallel()
	for _, right := range []string{"0a1b", "0A1B", "00aa", "00FF", "zzzz", "ZZZZ", "9999", "abcd=="} {
		near, ok := oneChanged(right)
		if !ok || strings.EqualFold(near, right) || len(near) != len(right) {
			t.Errorf("%q becomes %q, %v", right, near, ok)
		}
		hexadecimal := func(s string) bool { return strings.Trim(strings.ToLower(s), "0123456789abcdef") == "" }
		if hexadecimal(right) != hexadecimal(near) {
			t.Errorf("%q becomes %q, which is no number any more", right, near)
		}
		for i, c := range near {
			if unicode.IsUpper(c) != unicode.IsUpper(rune(right[i])) {
				t.Errorf("%q becomes %q, in another letter case", right, near)
			}
		}
	}
}

// An old hash takes a password for the right one by its first eight characters, so all behind them has to differ.
func TestFirstEightKeepsThoseAlone(t *testing.T) {
	t.Parallel()
	for right, want := range map[string]string{
		"12345678": "12345679", "Sekret-Pw1!x": "Sekret-Px2xy", "ab": "ac", "Größe-über-9": "Größe-übfsx0",
	} {
		if near, ok := FirstEight(right); !ok || near != want {
			t.Errorf("%q becomes %q, %v, want %q", right, near, ok, want)
		}
	}
	for _, short := range []string{"", "x"} {
		if near, ok := FirstEight(short); ok {
			t.Errorf("%q has a miss, %q", short, near)
		}
	}
}

// White space around a value counts where it can be sent, and HTTP takes it away around that of a header field.
func TestWhiteSpaceIsAMissWhereItArrives(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"body": 5, "query": 5, "path": 0, "header": 0} {
		spaced := 0
		for _, n := range nearOf("f3a9c4", openapi.Place{In: in}) {
			if strings.TrimSpace(n.text) == "f3a9c4" {
				spaced++
			}
		}
		if spaced != want {
			t.Errorf("%d misses in %s have white space around the right text, want %d", spaced, in, want)
		}
	}
}
