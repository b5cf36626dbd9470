package redact

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzScrub has a text and two secrets from outside. Whatever they are, no secret is left, except one that the names
// themselves could spell; a second Scrub changes nothing, and scan and Scrub agree.
func FuzzScrub(f *testing.F) {
	f.Add(`{"token":"a\u002Bb%2Bc&amp;d"}`, "a+b+c&d", "b+c")
	f.Add(`\\\\\\\\u0041`, `\\\\`, `\u00`)
	f.Add("%25%32%35252541", "%25%", "%252")
	f.Add("‹a› ‹‹a››", "‹a›", "a››")
	f.Add("&&amp;amp;&#38;#38;", "&amp;", "&&#3")
	f.Add("c2VjcmV0\r\nc2VjcmV0", "secret", "ecre")
	f.Add("\xe2\x80\xb9a\xff", "\xb9a\xff\xff", "ab")
	f.Fuzz(func(t *testing.T, text, first, second string) {
		var r Redactor
		r.Add("a", first)
		r.Add("b", second)
		hits := r.scan(text, nil)
		for _, h := range hits {
			if h.from < 0 || h.to <= h.from || h.to > len(text) {
				t.Fatalf("hit outside of the text: %+v", h)
			}
		}
		out := r.Scrub(text)
		if (len(hits) == 0) != (out == text) && !strings.ContainsAny(first+second, "‹›ab") {
			t.Fatalf("%d hits, and %q became %q", len(hits), text, out)
		}
		for _, secret := range []string{first, second} {
			if strings.ContainsAny(secret, "‹›") || !utf8.ValidString(secret) {
				return // may be part of a name, or a secret that looks like one
			}
			if !tooShort(secret) && strings.Contains(out, secret) {
				t.Fatalf("%q survived in %q, from %q", secret, out, text)
			}
		}
		if again := r.Scrub(out); again != out {
			t.Fatalf("%q scrubbed again is %q", out, again)
		}
	})
}

// FuzzEscapes reads any text's escapes; each must end behind its start and within the text.
func FuzzEscapes(f *testing.F) {
	for _, s := range []string{`\ud83d\ude00\\u0041\x4`, "%u0041%4", "%2525&#x110000;&#0;&amp;lt;&lt", `\\\\\\\\\\\\%5C%5C&#92;`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := readEscapes(text)
		for i := range len(text) {
			if !isIntroducer(text[i]) {
				continue
			}
			for _, r := range e.at(i) {
				if r.end <= i+1 || r.end > len(text) || r.layer < 1 || r.char > utf8.MaxRune || r.char < -256 {
					t.Fatalf("at %d of %q: %+v", i, text, r)
				}
			}
		}
	})
}
