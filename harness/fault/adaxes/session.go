package adaxes

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/adaxes"
)

// sessionFaults break what a granted session creation promises (ADX-SES-01 to ADX-SES-07).
func sessionFaults() []Fault {
	created := func(changes ...func(*answer)) override { return granted(adaxes.CreateSession, changes...) }
	return slices.Concat([]Fault{
		{Name: "session-created-201", Requirement: "ADX-SES-01", Story: "the framework answers a creation by POST with 201", Reason: "201",
			Apply: created(status(http.StatusCreated))},
		{Name: "session-accepted-202", Requirement: "ADX-SES-01", Story: "the creation is queued", Reason: "202",
			Apply: created(status(http.StatusAccepted))},
		{Name: "session-fails-now-and-then", Requirement: "ADX-SES-01", Story: "every seventh creation meets a domain controller that times out",
			Reason: "500", Apply: everyGranted(7, adaxes.CreateSession, crashed)},

		{Name: "down-level-name-unknown", Requirement: "ADX-SES-02", Story: "accounts are looked up by their principal name alone",
			Reason: `a session for DOMAIN\user`, Apply: func(c *config) {
				c.Rules.Login.Find = func(c *call, name string) (account, bool) {
					if strings.Contains(name, `\`) {
						return account{}, false
					}
					return c.Account(name)
				}
			}},
		{Name: "down-level-session-lost", Requirement: "ADX-SES-02", Story: "sessions are keyed by a name that is written in the other form when they are looked up",
			Reason: `the session made with DOMAIN\user`, Apply: func(c *config) {
				c.Rules.Sessions.Create = func(c *call, of account) (session, *refusal) {
					made, refused := c.NewSession(of)
					if refused == nil && strings.Contains(username(c), `\`) {
						c.EndSession(made)
					}
					return made, refused
				}
			}},
		{Name: "down-level-session-nameless", Requirement: "ADX-SES-02", Story: "a login by the older form of the name is answered by older code",
			Reason: "a sessionId in the answer", Apply: edit(func(c *call, a *answer) {
				if a.Session != nil && strings.Contains(username(c), `\`) {
					a.Members.Rename("sessionId", "session")
				}
			})},
	}, shapes("session", "ADX-SES-03", adaxes.CreateSession), []Fault{
		{Name: "session-id-missing", Requirement: "ADX-SES-04", Story: "the identifier goes into a cookie instead", Reason: "/sessionId",
			Apply: created(drop("sessionId"))},
		{Name: "session-id-renamed", Requirement: "ADX-SES-04", Story: "the member is named as in the database", Reason: "/sessionId",
			Apply: created(rename("sessionId", "id"))},
		{Name: "session-id-in-another-case", Requirement: "ADX-SES-04", Story: "the member is written in the case of the class", Reason: "/sessionId",
			Apply: created(rename("sessionId", "SessionId"))},
		{Name: "session-id-blank", Requirement: "ADX-SES-04", Story: "the answer is made before the identifier is", Reason: "/sessionId",
			Apply: created(set("sessionId", ""))},
		{Name: "session-id-null", Requirement: "ADX-SES-04", Story: "the answer is made before the identifier is", Reason: "/sessionId",
			Apply: created(set("sessionId", nil))},
		{Name: "session-id-number", Requirement: "ADX-SES-04", Story: "the identifier is a row number", Reason: "/sessionId",
			Apply: created(set("sessionId", 4711))},
	}, dates("session", "ADX-SES-05", adaxes.CreateSession), []Fault{
		{Name: "session-expiry-in-local-time", Requirement: "ADX-SES-06", Story: "the date keeps the offset of the server's zone", Reason: "Z or +00:00",
			Apply: created(stamped(local))},

		{Name: "session-shared-by-logins", Requirement: "ADX-SES-07", Story: "a login finds the session that the account has already",
			Reason: "two creations give two sessionIds", Apply: func(c *config) {
				c.Rules.Sessions.Create = func(c *call, of account) (session, *refusal) {
					for _, open := range c.Sessions(func(s session) bool { return s.Account.Username == of.Username && s.Live(c.Now) }) {
						return open, nil
					}
					return c.NewSession(of)
				}
			}},
		{Name: "session-ended-by-next-login", Requirement: "ADX-SES-07", Story: "an account has one session, and the last login wins",
			Reason: "the session created before another", Apply: func(c *config) {
				c.Rules.Sessions.Create = func(c *call, of account) (session, *refusal) {
					for _, open := range c.Sessions(func(s session) bool { return s.Account.Username == of.Username }) {
						c.EndSession(open)
					}
					return c.NewSession(of)
				}
			}},
		{Name: "session-ended-with-its-younger-sibling", Requirement: "ADX-SES-07", Story: "sessions are ended up to a row number",
			Reason: "the session that was not ended", Apply: func(c *config) {
				c.Rules.Sessions.End = func(c *call, named session) {
					for _, s := range c.Sessions(func(s session) bool { return !s.CreatedAt.Before(named.CreatedAt) }) {
						c.EndSession(s)
					}
				}
			}},
	}, methodFaults())
}

// methodFaults create sessions for other methods than POST (ADX-SES-17).
func methodFaults() []Fault {
	var faults []Fault
	for method, story := range map[string]string{
		http.MethodGet: "the route is open to every method, for use from a browser", http.MethodPut: "PUT and POST share a handler",
		http.MethodDelete: "the route does not look at the method",
	} {
		faults = append(faults, Fault{
			Name: "session-created-by-" + strings.ToLower(method), Requirement: "ADX-SES-17", Story: story,
			Reason: method + " on the path creates no session", Apply: func(c *config) {
				create := to(adaxes.CreateSession)
				c.Rules.Requests.Route = func(c *call) (adaxes.Operation, *refusal) {
					if as := c.Request.Clone(c.Request.Context()); as.Method == method {
						as.Method = http.MethodPost
						if create(as) {
							return adaxes.CreateSession, nil
						}
					}
					return c.Route()
				}
			},
		})
	}
	slices.SortFunc(faults, func(a, b Fault) int { return strings.Compare(a.Name, b.Name) })
	return faults
}

// passwordChangeFaults break what 2023.2 says of a password that has to be changed (ADX-SES-18 to ADX-SES-22).
func passwordChangeFaults() []Fault {
	created := func(changes ...func(*answer)) override { return granted(adaxes.CreateSession, changes...) }
	of := func(state adaxes.State, reason any) override {
		return created(func(a *answer) {
			if a.Session.Account.State == state {
				a.Members.Set("changePasswordReason", reason)
			}
		})
	}
	shut := func(state adaxes.State) override {
		return func(c *config) {
			c.Rules.Login.Admit = func(c *call, of account) *refusal {
				if of.State == state {
					return &refusal{Kind: adaxes.Forbidden, Status: http.StatusForbidden, Code: "forbidden", Message: "Change the password first."}
				}
				return c.AdmitByState(of)
			}
		}
	}
	faults := []Fault{
		{Name: "totp-state-missing", Requirement: "ADX-SES-18", Story: "members that are null are left out", Reason: "/totpState",
			Apply: created(drop("totpState"))},
		{Name: "totp-state-object", Requirement: "ADX-SES-18", Story: "the reserved member is filled early", Reason: "/totpState",
			Apply: created(set("totpState", map[string]any{"required": false}))},
		{Name: "totp-state-number", Requirement: "ADX-SES-18", Story: "an enum is sent at its default", Reason: "/totpState",
			Apply: created(set("totpState", 0))},

		{Name: "change-reason-missing", Requirement: "ADX-SES-19", Story: "members at their default are left out", Reason: "/changePasswordReason",
			Apply: created(drop("changePasswordReason"))},
		{Name: "change-reason-null", Requirement: "ADX-SES-19", Story: "no reason is sent as null", Reason: "/changePasswordReason",
			Apply: created(set("changePasswordReason", nil))},
		{Name: "change-reason-name", Requirement: "ADX-SES-19", Story: "the enum is serialized by name", Reason: "/changePasswordReason",
			Apply: created(set("changePasswordReason", "Unspecified"))},
		{Name: "change-reason-of-a-later-release", Requirement: "ADX-SES-19", Story: "the enum has grown", Reason: "/changePasswordReason",
			Apply: of(adaxes.PasswordMustBeChanged, 3)},

		{Name: "change-reason-for-everyone", Requirement: "ADX-SES-20", Story: "the password's age is read in the wrong unit", Reason: "changePasswordReason 0",
			Apply: of(adaxes.Ordinary, 1)},
		{Name: "change-reason-expired-unsaid", Requirement: "ADX-SES-21", Story: "the directory's flag is not looked at", Reason: "changePasswordReason 1",
			Apply: of(adaxes.PasswordExpired, 0)},
		{Name: "change-reason-expired-mistaken", Requirement: "ADX-SES-21", Story: "both flags are read as one", Reason: "changePasswordReason 1",
			Apply: of(adaxes.PasswordExpired, 2)},
		{Name: "expired-password-refused", Requirement: "ADX-SES-21", Story: "the directory's own bind refuses an expired password", Reason: "a session for the account",
			Apply: shut(adaxes.PasswordExpired)},
		{Name: "change-reason-first-logon-unsaid", Requirement: "ADX-SES-22", Story: "the directory's flag is not looked at", Reason: "changePasswordReason 2",
			Apply: of(adaxes.PasswordMustBeChanged, 0)},
		{Name: "change-reason-first-logon-mistaken", Requirement: "ADX-SES-22", Story: "both flags are read as one", Reason: "changePasswordReason 2",
			Apply: of(adaxes.PasswordMustBeChanged, 1)},
		{Name: "first-logon-refused", Requirement: "ADX-SES-22", Story: "the directory's own bind refuses a password that must be changed", Reason: "a session for the account",
			Apply: shut(adaxes.PasswordMustBeChanged)},
	}
	for i := range faults {
		faults[i].Profiles = only2023
	}
	return faults
}
