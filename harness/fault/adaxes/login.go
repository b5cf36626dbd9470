package adaxes

import (
	"slices"
	"sync"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// loginFaults break what becomes of wrong credentials (ADX-SES-08 to ADX-SES-13).
func loginFaults() []Fault {
	return slices.Concat(passwordFaults(), unknownAccountFaults(), echoFaults())
}

func passwordFaults() []Fault {
	// wrong changes the refusals of a wrong password of a known account.
	wrong := func(change func(*refusal)) override {
		return refuse(func(c *call, r *refusal) {
			if _, known := known(c); known && r.Inner != nil && r.Inner.Code == adaxes.InvalidCredentials {
				change(r)
			}
		})
	}
	return slices.Concat(
		passwords("ADX-SES-08", "a wrong password gives no session", "any-password"),
		breaks("ADX-SES-08", "a wrong password gives no session",
			Fault{Name: "password-checked-once", Story: "a cache of good logins is asked by name alone",
				Apply: func(c *config) {
					var seen sync.Map
					c.Rules.Login.Matches = func(_ *call, of account, given string) bool {
						if kernel.SamePassword(of.Password, given) {
							seen.Store(of.Username, true)
						}
						_, cached := seen.Load(of.Username)
						return cached
					}
				}},
			Fault{Name: "wrong-password-refused-with-a-session",
				Story: "the session is made before the password is checked, and the error is added to its answer",
				Apply: edit(func(c *call, a *answer) {
					of, known := known(c)
					if known && a.Refusal != nil && a.Refusal.Inner != nil && a.Refusal.Inner.Code == adaxes.InvalidCredentials {
						if made, refused := c.NewSession(of); refused == nil {
							a.Members.Set("sessionId", made.ID)
						}
					}
				})}),
		seams.Refusals("wrong-password", wrong)("ADX-SES-08", "a wrong password is refused with a 4xx status", "wrong-password-answered-200",
			"wrong-password-crashes"),
		passwords("ADX-SES-09", "a password that nearly matches gives no session", "password-in-any-case", "password-cut-short",
			"password-without-its-end", "password-trimmed", "empty-password"),
		breaks("ADX-SES-09", "a password that nearly matches is refused", Fault{Name: "near-miss-crashes",
			Story: "an empty password is an argument out of range in the directory's library",
			Apply: reading(func(c *call) (string, string, *refusal) {
				name, password, refused := c.Credentials()
				if refused == nil && password == "" {
					refused = crash()
				}
				return name, password, refused
			})}),
	)
}

func unknownAccountFaults() []Fault {
	unknown := func(change func(*refusal)) override {
		return refuse(func(c *call, r *refusal) {
			if _, known := known(c); !known && r.Inner != nil {
				change(r)
			}
		})
	}
	denied := func(r *refusal) { r.Inner.Code, r.Inner.AttemptsLeft = adaxes.AccessIsDenied, nil }
	ofUnknown := seams.Refusals("unknown-account", unknown)
	return slices.Concat(
		breaks("ADX-SES-10", "an unknown account gives no session", Fault{Name: "unknown-account-let-in-as-guest",
			Story: "Windows lets an unknown name in as the guest account",
			Apply: func(c *config) {
				c.Rules.Login.Find = func(c *call, name string) (account, bool) {
					if of, known := c.Account(name); known {
						return of, true
					}
					return account{Username: "guest@example.com", SID: "S-1-5-21-1-2-3-501"}, true
				}
				c.Rules.Login.Matches = func(_ *call, of account, given string) bool {
					return of.Password == "" || kernel.SamePassword(of.Password, given)
				}
			}}),
		ofUnknown("ADX-SES-10", "an unknown account is refused with a 4xx status", "unknown-account-crashes", "unknown-account-answered-200"),
		ofLogin("wrong-credentials", adaxes.InvalidCredentials)("ADX-SES-11", "403 with innerError.code invalidCredentials",
			"wrong-credentials-401"),
		breaks("ADX-SES-11", "",
			Fault{Name: "wrong-credentials-without-code", Reason: "innerError.code missing", Story: "the reason is only logged",
				Apply: refusedLogin(adaxes.InvalidCredentials, func(r *refusal) { r.Inner = nil })},
			Fault{Name: "wrong-credentials-access-denied", Reason: "innerError.code accessDenied",
				Story: "every failed login is reported as access denied", Apply: refusedLogin(adaxes.InvalidCredentials, denied)}),
		ofUnknown("ADX-SES-12", "the status for a wrong password", "unknown-account-404"),
		breaks("ADX-SES-12", "the codes for a wrong password",
			Fault{Name: "unknown-account-told-by-code", Story: "the error has a code of its own",
				Apply: unknown(func(r *refusal) { r.Code = "userNotFound" })},
			Fault{Name: "unknown-account-told-by-inner-code", Story: "a name outside the managed domains is denied by access control",
				Apply: unknown(denied)}),
	)
}

// echoFaults repeat a password in an answer (ADX-SES-13).
func echoFaults() []Fault {
	return slices.Concat(
		echoes("ADX-SES-13", "a good login does not repeat the password", "password-in-session", "password-in-basic-form"),
		echoes("ADX-SES-13", "in its header X-Debug", "password-in-header"),
		echoes("ADX-SES-13", "an unknown account does not repeat the password", "password-in-error-for-unknown-account"),
		echoes("ADX-SES-13", "a wrong password does not repeat", "password-in-error-for-wrong-password"),
	)
}
