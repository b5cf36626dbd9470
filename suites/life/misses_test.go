package life

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
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
	for _, right := range []string{"", "plain", "a+b c", "%41%00", "%zz", "&amp;&lt", "\u00e9", "e\u0301", "\u2126", "\u212b", strings.Repeat("\u00e9", 36) + "x",
		strings.Repeat("x", 71) + "\u00e9", strings.Repeat("x", 72), strings.Repeat("x", 73)} {
		for name, m := range oddMisses() {
			if near, ok := m.of(right); ok && norm.NFC.String(near) == norm.NFC.String(right) {
				t.Errorf("%s: the miss of %q is %q", name, right, near)
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

// What a server that conforms might take for the same is sent nowhere.
func TestMissesFitTheirPlaces(t *testing.T) {
	t.Parallel()
	places := map[string]openapi.Place{
		"body": {In: "body"}, "query": {In: "query"}, "path": {In: "path"}, "header": {In: "header"}, "cookie": {In: "header", Name: "Cookie"},
		"basic": {In: "header", Scheme: openapi.Scheme{User: "$response.body#/name"}},
	}
	for text, in := range map[string]string{
		"%663a9c4": "body query path header", "Bearer f3a9c4": "body", "\uff463a9c4": "body query path",
		"f39ac4": "body query path header cookie basic", "4c9a3f": "body query path header cookie basic",
	} {
		for name, place := range places {
			sent := slices.ContainsFunc(nearOf("f3a9c4", place), func(n near) bool { return n.text == text })
			if sent != slices.Contains(strings.Fields(in), name) {
				t.Errorf("%s in %s: %v", text, name, sent)
			}
		}
	}
	for text, want := range map[string]string{"aAbB": "abAB", "aabb": "abab", "a-b": "a-b", "": "", "F0": "0F", "ab--cd": "ab--dc"} {
		if got := neighboursSwapped(text, len(text)/2); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// A password has the near misses that it has the characters for, and a target lacks the others before anything is sent.
func TestOddMisses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("aZ9", 24)
	for name, each := range map[string]struct{ right, near, without string }{
		"plus-as-blank":   {"a+b+c d", "a b c d", "a b"},
		"blank-as-plus":   {"a+b c", "a+b+c", "a+b"},
		"another-blank":   {"a b c", "a  b  c", "a+b"},
		"percent-decoded": {"a%41b%c3%a9%", "aAb\u00e9%", "%00 %ff %4g"},
		"accent-dropped":  {"\u00e9\u00f1\u00d6\u00df", "enO\u00df", "\u00df\u00f8"},
		"entity-decoded":  {"a&amp;b&#43;c", "a&b+c", "a&b;#43"},
		"cut-at-72":       {long + "x", long, strings.Repeat("x", 71) + "\u00e9x"},
		"other-behind-72": {long + "x9f\u00e9", long + "y0ax", long},

		"oddPassword/other-case": {"a+B\u00e9", "A+b\u00c9", "1+2"},
		"longPassword/wrong":     {long, string(check.NoPassword), string(check.NoPassword)},
	} {
		m, known := passwordMissCalled(name)
		if near, ok := m.of(each.right); !known || !ok || near != each.near {
			t.Errorf("%s: the miss of %q is %q, %v, want %q", name, each.right, near, ok, each.near)
		}
		for password, lacks := range map[string]bool{each.right: false, each.without: true} {
			in := &target.Target{Accounts: map[string]target.Account{m.account: {Password: target.Secret(password)}}}
			reason, remedy := m.lackingIn(in)
			if (reason != "") != lacks || (remedy != "") != lacks || lacks && strings.Contains(reason+remedy, password) {
				t.Errorf("%s: of %q it says %q, %q", name, password, reason, remedy)
			}
		}
	}
	if got := len(oddMisses()); got != 8 {
		t.Errorf("%d near misses", got)
	}
	for name, why := range map[string]string{
		"decomposed": "a server may compose what comes decomposed", "/wrong": "the target's own account has a name of its own for it",
		"oddPassword/": "nothing is sent", "oddPassword/decomposed": "a server may compose what comes decomposed",
	} {
		if _, known := passwordMissCalled(name); known {
			t.Errorf("%s: %s", name, why)
		}
	}
}

// What stores take for a key is nobody's credential: it has nothing of the right one, and stands in every place.
func TestKeysStandInEveryPlace(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"body", "query", "path", "header"} {
		found := 0
		for _, n := range nearOf("f3a9c4", openapi.Place{In: in}) {
			if n.anybodys {
				found++
			}
		}
		if found != len(keys)+2 {
			t.Errorf("%d in %s, want %d", found, in, len(keys)+2)
		}
	}
}
