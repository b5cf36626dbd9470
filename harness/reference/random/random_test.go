package random_test

import (
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"example.org/conform/harness/reference/random"
)

// No password but the odd one holds what a decoder takes for an escape.
func TestPasswordsHoldNoEscape(t *testing.T) {
	t.Parallel()
	for range 2000 {
		p := random.Password(random.Escaped)
		decoded, err := url.PathUnescape(p)
		if html.UnescapeString(p) != p || err == nil && decoded != p {
			t.Fatalf("%q holds an escape", p)
		}
	}
}

// An odd password is changed by every decoder, and can be pasted between quotes of either kind.
func TestOddPasswords(t *testing.T) {
	t.Parallel()
	for range 200 {
		p := random.Odd()
		form, err := url.QueryUnescape(p)
		if err != nil || form == p || html.UnescapeString(p) == p || len(strings.Fields(p)) != 2 || !strings.ContainsAny(p, "\u00e9") ||
			!strings.Contains(p, "<") || strings.ContainsAny(p, "\"'\\$#`") || strings.ContainsFunc(p, unicode.IsControl) {
			t.Fatalf("%q is not odd enough, or too odd", p)
		}
		if strings.ContainsFunc(form, unicode.IsControl) || !strings.Contains(p[:8], "+") || !strings.Contains(p[:8], " ") {
			t.Fatalf("%q: what decodes to %q", p, form)
		}
	}
	if long := random.Long(); len(long) != 96 || long == random.Long() {
		t.Errorf("a long password is %q", long)
	}
}
