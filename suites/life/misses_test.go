package life

import (
	"strings"
	"testing"
	"unicode"
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
