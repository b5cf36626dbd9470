package adaxes

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// loginFaults break who is let in, and what a session is good for.
func loginFaults() overrides {
	all := overrides{
		"any-password-for-a-down-level-name": downLevelPasswords(func(string, string) bool { return true }),
		"sid-of-the-old-directory": creating(func(c *call, of account) (session, *refusal) {
			if downLevel(c) {
				of.SID = strings.Replace(of.SID, "S-1-5-21-", "S-1-5-21-4", 1)
			}
			return c.NewSession(of)
		}),
		"down-level-password-in-any-case":     downLevelPasswords(strings.EqualFold),
		"down-level-password-trimmed":         downLevelPasswords(func(right, given string) bool { return strings.TrimRight(given, " ") == right }),
		"down-level-password-empty":           downLevelPasswords(func(right, given string) bool { return given == "" || given == right }),
		"down-level-password-without-its-end": downLevelPasswords(func(right, given string) bool { return len(given) > 0 && strings.HasPrefix(right, given) }),
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
		"wrong-password-refused-with-a-session": seams.Edit(func(c *call, a *answer) {
			of, known := known(c)
			if known && a.Refusal != nil && wrongCredentials(c, a.Refusal) {
				if made, refused := c.NewSession(of); refused == nil {
					a.Members.Set("sessionId", made.ID)
				}
			}
		}),
		"unknown-account-let-in-as-guest": func(c *config) {
			c.Rules.Login.Find = orGuest
			c.Rules.Login.Matches = func(_ *call, of account, given string) bool {
				return of.Password == "" || kernel.SamePassword(of.Password, given)
			}
		},
		"guest-without-a-password-let-in": func(c *config) { c.Rules.Login.Find = orGuest },
		"login-array-drops-the-connection": reading(func(c *call) (string, string, *refusal) {
			if fault.IsA[[]any](fault.Value(c.Body), true) {
				panic(http.ErrAbortHandler) // how a handler ends its connection without an answer
			}
			return c.Credentials()
		}),
		"down-level-name-unknown": func(c *config) {
			c.Rules.Login.Find = func(c *call, name string) (account, bool) {
				found, known := c.Account(name)
				return found, known && !downLevel(c)
			}
		},
		"domain-of-a-name-ignored": func(c *config) {
			c.Rules.Login.Find = func(c *call, name string) (account, bool) {
				if found, known := c.Account(name); known {
					return found, true
				}
				local, named, _ := strings.Cut(name, "@")
				_, domain, _ := strings.Cut(c.Accounts()[adaxes.Ordinary].Username, "@")
				if strings.HasSuffix(named, "."+domain) {
					return account{}, false
				}
				return c.Account(local + "@" + domain)
			}
		},
		"domain-of-a-name-by-its-end": func(c *config) {
			c.Rules.Login.Find = func(c *call, name string) (account, bool) {
				local, domain, _ := strings.Cut(name, "@")
				_, right, _ := strings.Cut(c.Accounts()[adaxes.Ordinary].Username, "@")
				if strings.HasSuffix(domain, right) {
					name = local + "@" + right
				}
				return c.Account(name)
			}
		},
		"domain-of-a-down-level-name-ignored": func(c *config) {
			c.Rules.Login.Find = func(c *call, name string) (account, bool) {
				if _, local, down := strings.Cut(name, `\`); down {
					domain, _, _ := strings.Cut(c.Accounts()[adaxes.Ordinary].DownLevelName, `\`)
					name = domain + `\` + local
				}
				return c.Account(name)
			}
		},
		"session-for-a-name-in-other-letters-lost": creating(func(c *call, of account) (session, *refusal) {
			made, refused := c.NewSession(of)
			if refused == nil && !downLevel(c) && username(c) != of.Username {
				c.EndSession(made)
			}
			return made, refused
		}),
		"down-level-session-lost": creating(func(c *call, of account) (session, *refusal) {
			made, refused := c.NewSession(of)
			if refused == nil && downLevel(c) {
				c.EndSession(made)
			}
			return made, refused
		}),
		"session-ended-with-its-younger-sibling": ending(func(c *call, named session) {
			for _, s := range c.Sessions(func(s session) bool { return !s.CreatedAt.Before(named.CreatedAt) }) {
				c.EndSession(s)
			}
		}),
		"login-media-type-ignored": func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } },
	}
	changeFirst := &refusal{Kind: adaxes.Forbidden, Status: http.StatusForbidden, Code: "forbidden", Message: "Change the password first."}
	all["expired-password-refused"] = admitting(adaxes.PasswordExpired, changeFirst)
	all["first-logon-refused"] = admitting(adaxes.PasswordMustBeChanged, changeFirst)
	for name, state := range map[string]adaxes.State{
		"disabled-account": adaxes.Disabled, "locked-account": adaxes.LockedOut, "expired-account": adaxes.Expired,
		"account-outside-its-hours": adaxes.OutsideLogonHours, "account-without-access": adaxes.AccessDenied,
	} {
		all[name+"-let-in"] = admitting(state, nil)
		all[name+"-let-in-by-its-down-level-name"] = admitting(state, nil, downLevel)
	}
	return all
}

// admitting replaces what becomes of an account in a state whose password was right, in the calls that match: nil lets it in.
func admitting(state adaxes.State, refused *refusal, where ...func(*call) bool) override {
	return func(c *config) {
		c.Rules.Login.Admit = func(c *call, of account) *refusal {
			if of.State != state || slices.ContainsFunc(where, func(matches func(*call) bool) bool { return !matches(c) }) {
				return c.AdmitByState(of)
			}
			return refused
		}
	}
}

// downLevelPasswords compares passwords otherwise for an account that is named by its domain.
func downLevelPasswords(same func(right, given string) bool) override {
	return matching(func(c *call, of account, given string) bool {
		return given == of.Password || downLevel(c) && same(of.Password, given)
	})
}

// orGuest finds the account of a name, or the guest's, which has an empty password. What is counted against it is counted by name.
func orGuest(c *call, name string) (account, bool) {
	if of, known := c.Account(name); known {
		return of, true
	}
	return account{Username: name, SID: "S-1-5-21-1-2-3-501"}, true
}
