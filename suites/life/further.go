package life

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// furtherMisses names the near misses of a password that one check tries, as many of them as a run may send.
const furtherMisses = "further-near-misses"

// furtherMiss is one of them: what it is called, how it differs from the right one, and its text.
type furtherMiss struct{ slug, words, text string }

// further lists them, what real servers are likeliest to take first. Some may be the right one, or the same as one before. With NULs alone behind
// it a password is the same to HMAC, which fills its key up with them (RFC 2104, 2), and so to all that is built of that.
func further(password, name string) []furtherMiss {
	r := []rune(password)
	return []furtherMiss{
		{"capitals", "in capitals", strings.ToUpper(password)},
		{"small", "in small letters", strings.ToLower(password)},
		{"name", "that is the account's name", name},
		{"first-missing", "without its first character", string(r[min(len(r), 1):])},
		{"digit-more", "with a digit more", password + "1"},
		{"last-two-missing", "without its last two characters", string(r[:max(len(r)-2, 0)])},
		{"swapped", "with two neighbours swapped", swapped(password)},
		{"reversed", "backwards", reversed(password)},
		{"doubled", "twice over", password + password},
		{"name-reversed", "that is the account's name backwards", reversed(name)},
		{"eight", "cut behind its eighth character", string(r[:min(len(r), 8)])},
		{"first-half", "without its second half", string(r[:len(r)/2])},
		{"last-other-case", "with its last letter in the other case", lastOtherCase(password)},
		{"line-feed", "with a line feed behind it", password + "\n"},
		{"tab", "with a tab behind it", password + "\t"},
	}
}

// furtherOf are those that are neither the right password, nor empty, nor one of those before.
func furtherOf(account target.Account) (all []furtherMiss) {
	password := account.Password.Reveal()
	_, _ = within(account.Username, func(local string) (string, bool) {
		all = further(password, local)
		return local, true
	})
	seen := []string{"", password}
	return slices.DeleteFunc(all, func(m furtherMiss) bool {
		known := slices.Contains(seen, m.text)
		seen = append(seen, m.text)
		return known
	})
}

// swapped has the two neighbours nearest to the middle swapped that differ.
func swapped(text string) string {
	r := []rune(text)
	for i := range r {
		at := (len(r)/2 + i) % len(r)
		if at > 0 && r[at-1] != r[at] {
			r[at-1], r[at] = r[at], r[at-1]
			return string(r)
		}
	}
	return text
}

// lastOtherCase has the last letter of a text in the other case.
func lastOtherCase(text string) string {
	r := []rune(text)
	for i := range slices.Backward(r) {
		if other, ok := check.OtherCase(string(r[i])); ok {
			return string(r[:i]) + other + string(r[i+1:])
		}
	}
	return text
}

// reversed is a text backwards.
func reversed(text string) string {
	if !utf8.ValidString(text) {
		return text
	}
	r := []rune(text)
	slices.Reverse(r)
	return string(r)
}

// refusesFurther expects that each of them is refused, between two logins with the right password.
func refusesFurther(ctx context.Context, a *API, _ *openapi.Operation, _ openapi.Promise) {
	all := furtherOf(a.Target.Account)
	all = all[:min(len(all), a.Rest)]
	if len(all) == 0 {
		a.Skip("other checks send as many wrong passwords as the run may send", "raise limits.badLogins in the target")
	}
	a.Against(a.LoggingIn(ctx), func() {
		for _, m := range all {
			a.Secret("password-"+m.slug, m.text)
			answer := a.TryPassword(ctx, furtherMisses+"/"+m.slug, m.text)
			a.ExpectNothing(ctx, answer, "a further near miss, a password "+m.words+",")
		}
	})
}
