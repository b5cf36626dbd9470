package adaxes

import (
	"sync"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// passwordFaults break what becomes of wrong passwords.
var passwordFaults = overrides{
	"password-checked-once": func(c *config) {
		var seen sync.Map
		c.Rules.Login.Matches = func(_ *call, of account, given string) bool {
			if kernel.SamePassword(of.Password, given) {
				seen.Store(of.Username, true)
			}
			_, cached := seen.Load(of.Username)
			return cached
		}
	},
	"wrong-password-refused-with-a-session": edit(func(c *call, a *answer) {
		of, known := known(c)
		if known && a.Refusal != nil && a.Refusal.Inner != nil && a.Refusal.Inner.Code == adaxes.InvalidCredentials {
			if made, refused := c.NewSession(of); refused == nil {
				a.Members.Set("sessionId", made.ID)
			}
		}
	}),
	"near-miss-crashes": reading(func(c *call) (string, string, *refusal) {
		name, password, refused := c.Credentials()
		if refused == nil && password == "" {
			refused = crash()
		}
		return name, password, refused
	}),
}

// wrongPassword matches the refusals of a wrong password of a known account, and unknownAccount those of an unknown one.
func wrongPassword(c *call, r *refusal) bool {
	_, known := known(c)
	return known && r.Inner != nil && r.Inner.Code == adaxes.InvalidCredentials
}

func unknownAccount(c *call, r *refusal) bool {
	_, known := known(c)
	return !known && r.Inner != nil
}

// unknownAccountFaults break what becomes of unknown accounts, and what is told of wrong credentials.
func unknownAccountFaults() overrides {
	denied := func(r *refusal) { r.Inner.Code, r.Inner.AttemptsLeft = adaxes.AccessIsDenied, nil }
	return overrides{
		"unknown-account-let-in-as-guest": func(c *config) {
			c.Rules.Login.Find = func(c *call, name string) (account, bool) {
				if of, known := c.Account(name); known {
					return of, true
				}
				return account{Username: "guest@example.com", SID: "S-1-5-21-1-2-3-501"}, true
			}
			c.Rules.Login.Matches = func(_ *call, of account, given string) bool {
				return of.Password == "" || kernel.SamePassword(of.Password, given)
			}
		},
		"wrong-credentials-without-code":     refused(ofLogin(adaxes.InvalidCredentials), func(r *refusal) { r.Inner = nil }),
		"wrong-credentials-access-denied":    refused(ofLogin(adaxes.InvalidCredentials), denied),
		"unknown-account-told-by-code":       refused(unknownAccount, func(r *refusal) { r.Code = "userNotFound" }),
		"unknown-account-told-by-inner-code": refused(unknownAccount, denied),
	}
}
