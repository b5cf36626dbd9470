package life

import (
	"testing"

	"example.org/conform/harness/target"
)

// Each further miss is another password than the right one and all before it, and says something.
func TestFurtherMisses(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]int{"Sekret-Pw1!x": 15, "secret": 13, "20251": 11, "svc": 10, "x": 7, "aa": 9, "\u00c9t\u00e9": 13} {
		seen := map[string]bool{"": true, password: true}
		all := furtherOf(target.Account{Username: `EXAMPLE\svc`, Password: target.Secret(password)})
		for _, m := range all {
			if seen[m.text] || m.slug == "" || m.words == "" {
				t.Errorf("%s: the miss of %q is %q", m.slug, password, m.text)
			}
			seen[m.text] = true
		}
		if len(all) != want {
			t.Errorf("%q has %d, want %d: %v", password, len(all), want, all)
		}
	}
	for right, want := range map[string]string{"abcd": "acbd", "abbb": "babb", "aaa": "aaa", "": ""} {
		if got := swapped(right); got != want {
			t.Errorf("%q becomes %q, want %q", right, got, want)
		}
	}
	for right, want := range map[string]string{"abcd1": "abcD1", "ABC": "ABc", "12": "12", "": ""} {
		if got := lastOtherCase(right); got != want {
			t.Errorf("%q becomes %q, want %q", right, got, want)
		}
	}
	if m := furtherOf(target.Account{Username: "svc@example.com", Password: "Sekret-Pw1!x"}); m[2].text != "svc" || m[7].text != "x!1wP-terkeS" {
		t.Errorf("%v", m)
	}
}
