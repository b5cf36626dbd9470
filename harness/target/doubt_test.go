package target

import (
	"fmt"
	"strings"
	"testing"
)

// What stands at the ends of a password by a slip is refused where no password has it, and pointed out where one may.
func TestEndsOfAPassword(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"pass-word":        "",
		"pass word":        "",
		"pass\nword":       "",
		`pass"word'`:       "",
		`"`:                "",
		"pass-word\n":      "line break",
		"pass-word\r":      "line break",
		"\r\npass-word":    "line break",
		"\uFEFFpass-word":  "byte order mark",
		" pass-word":       "doubt: blank",
		"pass-word\t":      "doubt: blank",
		"pass-word\u00a0":  "doubt: blank",
		`"pass-word"`:      "doubt: quotes",
		"'pass-word'":      "doubt: quotes",
		"\u201cpass\u201d": "doubt: quotes",
	} {
		for _, other := range []bool{false, true} {
			d := Target{Profile: "adaxes-2025.1", URL: "https://host.example.com", Account: Account{Username: "u@example.com", Password: Secret(password)}}
			key := "account.password"
			if other {
				d.Account.Password, key = "right", "accounts.disabled.password"
				d.Accounts = map[string]Account{"disabled": {Username: "off@example.com", Password: Secret(password)}}
			}
			r := Reader{Systems: []Vocabulary{{Accounts: []string{"disabled"}}}}
			got := ""
			if err := r.Validate(&d); err != nil {
				got = err.Error()
			} else if doubts := d.Doubts(); len(doubts) > 0 {
				got = "doubt: " + strings.Join(doubts, "; ")
			}
			words := strings.TrimPrefix(want, "doubt: ")
			if (got == "") != (want == "") || want != "" && (!strings.Contains(got, words) || !strings.Contains(got, key) || strings.HasPrefix(got, "doubt") != strings.HasPrefix(want, "doubt")) {
				t.Errorf("%q: %q, want %q at %s", password, got, want, key)
			}
			if strings.Contains(got, "pass-word") {
				t.Errorf("the password is in %s", fmt.Sprint(got))
			}
		}
	}
}
