package fault_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/kernel"
)

// compared is the configuration of a server that compares passwords, and nothing else.
type compared struct {
	same func(right, given string) bool
}

var passwords = fault.Passwords(func(same func(right, given string) bool) func(*compared) {
	return func(c *compared) { c.same = same }
})

func TestEachServerCountsForItself(t *testing.T) {
	t.Parallel()
	var one, other compared
	passwords["third-wrong-password"].Apply(&one)
	passwords["third-wrong-password"].Apply(&other)
	var let []bool
	for range 3 {
		let = append(let, one.same("right", "wrong"))
	}
	if !slices.Equal(let, []bool{false, false, true}) || other.same("right", "wrong") {
		t.Errorf("let in %v: each server counts for itself", let)
	}
}

func TestPasswordsLetTheRightOneIn(t *testing.T) {
	t.Parallel()
	const right = "aB3:long-enough"
	for name, wrong := range map[string]string{
		"any-password": "x", "empty-password": "", "password-in-any-case": strings.ToUpper(right), "password-cut-short": right[:8] + "x",
		"password-without-its-end": right[:9], "password-without-its-last-character": right[:14], "password-cut-at-fourteen": right[:14], "password-trimmed": right + " ",
		"password-trimmed-at-its-start": " " + right, "password-trimmed-at-its-end": right + " ", "password-without-line-end": right + "\n",
		"password-up-to-a-nul": right + "\x00x", "password-unescaped": "%61" + right[1:], "password-as-html": "&#97;" + right[1:],
		"password-without-accents": "á" + right[1:], "password-in-full-width": "ａ" + right[1:],
		"password-with-escapes-read-twice":     `\u0061` + right[1:],
		"password-without-what-cannot-be-seen": right[:6] + "\u200b" + right[6:], "password-with-caps-lock": "Ab3:LONG-ENOUGH", "password-without-halves-of-pairs": right + "\ufffd",
		"password-but-for-its-first-letter": "A" + right[1:],
	} {
		var c compared
		passwords[name].Apply(&c)
		if !c.same(right, right) || !c.same(right, wrong) {
			t.Errorf("%s refuses %q or %q", name, right, wrong)
		}
	}
}

// What goes wrong with odd and with long passwords goes wrong with no other: the account that everybody works with logs in.
func TestOddPasswords(t *testing.T) {
	t.Parallel()
	const ordinary = `aB3+c/d%e&f"g`
	const odd = "aB+c d\u00e9f<gh%41ij&amp;kl"
	long := strings.Repeat("aB3", 30)
	for name, wrong := range map[string]string{
		"password-plus-as-blank": "aB c d\u00e9f<gh%41ij&amp;kl", "password-set-plus-as-blank": "aB c d\u00e9f<gh%41ij&amp;kl",
		"password-set-blank-as-plus": "aB+c+d\u00e9f<gh%41ij&amp;kl", "password-set-unescaped": "aB+c d\u00e9f<ghAij&amp;kl",
		"password-set-as-html": "aB+c d\u00e9f<gh%41ij&kl", "password-set-without-accents": "aB+c def<gh%41ij&amp;kl",
		"password-without-spare-blanks":   "aB+c  d\u00e9f<gh%41ij&amp;kl",
		"password-with-an-escape-refused": "", "password-with-an-entity-refused": "", "password-beyond-ascii-refused": "",
		"password-with-markup-refused": "", "password-cut-at-its-blank-refused": "",
	} {
		var c compared
		passwords[name].Apply(&c)
		refuses := wrong == ""
		if !c.same(ordinary, ordinary) || !c.same(long, long) || c.same(odd, odd) == refuses || !refuses && !c.same(odd, wrong) || c.same(odd, "x") {
			t.Errorf("%s: the right one %v, %q %v", name, c.same(odd, odd), wrong, c.same(odd, wrong))
		}
		if !refuses && !slices.Contains(fault.NearlyRight(odd), wrong) {
			t.Errorf("%s: a login that shows a hash alone is not held against %q", name, wrong)
		}
	}
	for name, wrong := range map[string]string{
		"password-cut-at-72-bytes": long[:72] + "x", "long-password-without-its-end": long[:72],
		"password-by-its-length-and-72-bytes": long[:72] + strings.Repeat("x", 18), "long-password-refused": "",
	} {
		var c compared
		passwords[name].Apply(&c)
		refuses := wrong == ""
		if !c.same(ordinary, ordinary) || !c.same(odd, odd) || c.same(long, long) == refuses || !refuses && !c.same(long, wrong) || c.same(long, long[:71]) {
			t.Errorf("%s: the right one %v, %q %v", name, c.same(long, long), wrong, c.same(long, wrong))
		}
	}
}

func TestMends(t *testing.T) {
	t.Parallel()
	form := fault.Form{Operation: kernel.Operation("issue"), Word: "issue-", Members: []string{"sessionId"}}
	for name, body := range map[string]string{
		"issue-body-cut-accepted": `{"sessionId":"good"`, "issue-array-accepted": `[{"sessionId":"good"}]`, "issue-empty-body-accepted": "",
		"issue-nested-accepted":       `{"of":{"sessionId":"good"}}`,
		"session-id-missing-accepted": `{}`, "session-id-null-accepted": `{"sessionId":null}`, "session-id-blank-accepted": `{"sessionId":""}`,
		"session-id-number-accepted": `{"sessionId":1}`, "session-id-array-accepted": `{"sessionId":["good"]}`,
	} {
		var mend func(*call)
		mends := seams.Mends(form, func(before func(*call)) func(*settings) { return func(*settings) { mend = before } },
			func(*call, string) any { return "good" })
		mends[name].Apply(nil)
		c := call{Body: []byte(body)}
		if mend(&c); string(c.Body) != `{"sessionId":"good"}` {
			t.Errorf("%s makes %s of %q", name, c.Body, body)
		}
		other := call{Body: []byte(`{"sessionId":true}`)}
		if mend(&other); json.Valid(other.Body) && strings.Contains(string(other.Body), "good") {
			t.Errorf("%s mends what is malformed in another way", name)
		}
	}
}
