package target

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Doubts are what looks like a slip in the description and may be meant, a line each that quotes no value: a password in quotes, or with
// a blank at an end, costs a wrong login where it was not. Each ends with what to do.
func (t *Target) Doubts() (doubts []string) {
	look := func(key string, a Account) {
		password := a.Password.Reveal()
		first := ends(password)
		switch {
		case strings.ContainsFunc(first, unicode.IsSpace):
			doubts = append(doubts, key+".password begins or ends with a blank; take it off unless it belongs to the password")
		case len(password) > 1 && (first == `""` || first == "''" || first == "“”"):
			doubts = append(doubts, key+".password stands in quotes that are a part of it; take them off unless they belong to the password")
		}
		if strings.TrimSpace(a.Username) != a.Username {
			doubts = append(doubts, key+".username begins or ends with a blank; take it off unless it belongs to the name")
		}
	}
	look("account", t.Account)
	for _, name := range slices.Sorted(maps.Keys(t.Accounts)) {
		look("accounts."+name, t.Accounts[name])
	}
	return doubts
}
