package adaxes

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// matches replaces the comparison of passwords.
func matches(same func(stored, given string) bool) override {
	return func(c *config) {
		c.Rules.Login.Matches = func(_ *call, of account, given string) bool { return same(of.Password, given) }
	}
}

// loginFaults break what becomes of wrong credentials (ADX-SES-08 to ADX-SES-13).
func loginFaults() []Fault {
	return slices.Concat(passwordFaults(), unknownAccountFaults(), echoFaults())
}

func passwordFaults() []Fault {
	return []Fault{
		{Name: "any-password-accepted", Requirement: "ADX-SES-08", Story: "the directory is asked whether the account exists, not whether the password is right",
			Reason: "a wrong password gives no session", Apply: matches(func(string, string) bool { return true })},
		{Name: "password-checked-once", Requirement: "ADX-SES-08", Story: "a cache of good logins is asked by name alone",
			Reason: "a wrong password gives no session", Apply: func(c *config) {
				var seen sync.Map
				c.Rules.Login.Matches = func(_ *call, of account, given string) bool {
					if kernel.SamePassword(of.Password, given) {
						seen.Store(of.Username, true)
					}
					_, cached := seen.Load(of.Username)
					return cached
				}
			}},
		{Name: "wrong-password-answered-200", Requirement: "ADX-SES-08", Story: "errors are sent in a body with status 200",
			Reason: "a wrong password is refused with a 4xx status", Apply: refuse(func(c *call, r *refusal) {
				if _, known := c.Account(username(c)); known && r.Inner != nil && r.Inner.Code == adaxes.InvalidCredentials {
					r.Status = http.StatusOK
				}
			})},
		{Name: "wrong-password-crashes", Requirement: "ADX-SES-08", Story: "the exception of a failed bind is not caught",
			Reason: "a wrong password is refused with a 4xx status", Apply: refuse(func(c *call, r *refusal) {
				if _, known := c.Account(username(c)); known && r.Inner != nil && r.Inner.Code == adaxes.InvalidCredentials {
					asCrash(r)
				}
			})},
		{Name: "wrong-password-refused-with-a-session", Requirement: "ADX-SES-08", Story: "the session is made before the password is checked, and the error is added to its answer",
			Reason: "a wrong password gives no session", Apply: edit(func(c *call, a *answer) {
				of, known := c.Account(username(c))
				if known && a.Refusal != nil && a.Refusal.Inner != nil && a.Refusal.Inner.Code == adaxes.InvalidCredentials {
					if made, refused := c.NewSession(of); refused == nil {
						a.Members.Set("sessionId", made.ID)
					}
				}
			})},

		{Name: "password-in-any-case", Requirement: "ADX-SES-09", Story: "the password is compared with a case-insensitive collation",
			Reason: "a password that nearly matches gives no session", Apply: matches(strings.EqualFold)},
		{Name: "password-by-its-first-eight", Requirement: "ADX-SES-09", Story: "the hash looks at eight characters, as crypt did",
			Reason: "a password that nearly matches gives no session", Apply: matches(func(stored, given string) bool {
				return len(given) >= 8 && stored[:8] == given[:8]
			})},
		{Name: "password-by-a-prefix", Requirement: "ADX-SES-09", Story: "the comparison ends with the shorter of the two",
			Reason: "a password that nearly matches gives no session", Apply: matches(func(stored, given string) bool {
				return given != "" && strings.HasPrefix(stored, given)
			})},
		{Name: "password-trimmed", Requirement: "ADX-SES-09", Story: "form input is trimmed before it is compared",
			Reason: "a password that nearly matches gives no session", Apply: matches(func(stored, given string) bool {
				return stored == strings.TrimSpace(given)
			})},
		{Name: "password-empty-accepted", Requirement: "ADX-SES-09", Story: "a bind without password is an anonymous one, which the directory grants (RFC 4513, 5.1.2)",
			Reason: "a password that nearly matches gives no session", Apply: matches(func(stored, given string) bool {
				return given == "" || stored == given
			})},
		{Name: "near-miss-crashes", Requirement: "ADX-SES-09", Story: "an empty password is an argument out of range in the directory's library",
			Reason: "a password that nearly matches is refused", Apply: func(c *config) {
				c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
					name, password, refused := c.Credentials()
					if refused == nil && password == "" {
						refused = crash()
					}
					return name, password, refused
				}
			}},
	}
}

func unknownAccountFaults() []Fault {
	unknown := func(change func(*refusal)) override {
		return refuse(func(c *call, r *refusal) {
			if _, known := c.Account(username(c)); !known && r.Inner != nil {
				change(r)
			}
		})
	}
	return []Fault{
		{Name: "unknown-account-let-in-as-guest", Requirement: "ADX-SES-10", Story: "Windows lets an unknown name in as the guest account",
			Reason: "an unknown account gives no session", Apply: func(c *config) {
				c.Rules.Login.Find = func(c *call, name string) (account, bool) {
					of, known := c.Account(name)
					if !known {
						password, _ := members(c)["password"].(string)
						of, known = account{Username: "guest@example.com", Password: password, SID: "S-1-5-21-1-2-3-501"}, true
					}
					return of, known
				}
			}},
		{Name: "unknown-account-crashes", Requirement: "ADX-SES-10", Story: "the result of the search is used without a look whether there is one",
			Reason: "an unknown account is refused with a 4xx status", Apply: unknown(asCrash)},
		{Name: "unknown-account-answered-200", Requirement: "ADX-SES-10", Story: "errors are sent in a body with status 200",
			Reason: "an unknown account is refused with a 4xx status", Apply: unknown(func(r *refusal) { r.Status = http.StatusOK })},

		{Name: "wrong-credentials-401", Requirement: "ADX-SES-11", Story: "the framework's own authentication answers", Reason: "403 with innerError.code invalidCredentials",
			Apply: refusedLogin(adaxes.InvalidCredentials, func(r *refusal) { r.Status, r.Inner = http.StatusUnauthorized, nil })},
		{Name: "wrong-credentials-without-code", Requirement: "ADX-SES-11", Story: "the reason is only logged", Reason: "innerError.code missing",
			Apply: refusedLogin(adaxes.InvalidCredentials, func(r *refusal) { r.Inner = nil })},
		{Name: "wrong-credentials-access-denied", Requirement: "ADX-SES-11", Story: "every failed login is reported as access denied", Reason: "innerError.code accessDenied",
			Apply: refusedLogin(adaxes.InvalidCredentials, func(r *refusal) { r.Inner.Code, r.Inner.AttemptsLeft = adaxes.AccessIsDenied, nil })},

		{Name: "unknown-account-404", Requirement: "ADX-SES-12", Story: "a user that is not found is a resource that is not found", Reason: "the status for a wrong password",
			Apply: unknown(func(r *refusal) { r.Status, r.Inner = http.StatusNotFound, nil })},
		{Name: "unknown-account-told-by-code", Requirement: "ADX-SES-12", Story: "the error has a code of its own", Reason: "the codes for a wrong password",
			Apply: unknown(func(r *refusal) { r.Code = "userNotFound" })},
		{Name: "unknown-account-told-by-inner-code", Requirement: "ADX-SES-12", Story: "a name outside the managed domains is denied by access control", Reason: "the codes for a wrong password",
			Apply: unknown(func(r *refusal) { r.Inner.Code, r.Inner.AttemptsLeft = adaxes.AccessIsDenied, nil })},
	}
}

// echoFaults repeat a password in an answer (ADX-SES-13).
func echoFaults() []Fault {
	given := func(c *call) string {
		password, _ := members(c)["password"].(string)
		return password
	}
	login := func(change func(c *call, a *answer)) override {
		return edit(func(c *call, a *answer) {
			if c.Operation == adaxes.CreateSession {
				change(c, a)
			}
		})
	}
	known := func(c *call) bool {
		_, known := c.Account(username(c))
		return known
	}
	return []Fault{
		{Name: "password-in-session", Requirement: "ADX-SES-13", Story: "the answer is the request's object, filled in", Reason: "a good login does not repeat the password",
			Apply: login(func(c *call, a *answer) {
				if a.Session != nil {
					a.Members.Set("password", given(c))
				}
			})},
		{Name: "password-in-basic-form", Requirement: "ADX-SES-13", Story: "the answer offers the credentials for Basic authentication", Reason: "a good login does not repeat the password",
			Apply: login(func(c *call, a *answer) {
				if a.Session != nil {
					a.Members.Set("basic", base64.StdEncoding.EncodeToString([]byte(username(c)+":"+given(c))))
				}
			})},
		{Name: "password-in-header", Requirement: "ADX-SES-13", Story: "a header shows the parsed request to developers", Reason: "in its header X-Debug",
			Apply: login(func(c *call, a *answer) { a.Header.Set("X-Debug", "user="+username(c)+"; pwd="+given(c)) })},
		{Name: "password-in-error-for-unknown-account", Requirement: "ADX-SES-13", Story: "the message quotes the failed search", Reason: "an unknown account does not repeat the password",
			Apply: login(func(c *call, a *answer) {
				if a.Refusal != nil && !known(c) {
					a.Members.Set("message", "No user matches "+username(c)+" and "+given(c)+".")
				}
			})},
		{Name: "password-in-error-for-wrong-password", Requirement: "ADX-SES-13", Story: "the message quotes the failed bind", Reason: "a wrong password does not repeat",
			Apply: login(func(c *call, a *answer) {
				if a.Refusal != nil && known(c) {
					a.Members.Set("message", "The password "+given(c)+" is wrong.")
				}
			})},
	}
}
