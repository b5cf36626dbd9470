package adaxes

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/adaxes"
)

// sessionFaults break what a granted session creation promises (ADX-SES-01 to ADX-SES-07).
func sessionFaults() []Fault {
	id := member(adaxes.CreateSession, "sessionId")
	return slices.Concat(
		seams.Statuses("session", adaxes.CreateSession, 7)("ADX-SES-01", "", "session-created-201", "session-answered-202",
			"session-fails-now-and-then"),
		breaks("ADX-SES-02", "",
			Fault{Name: "down-level-name-unknown", Reason: `a session for DOMAIN\user`,
				Story: "accounts are looked up by their principal name alone",
				Apply: func(c *config) {
					c.Rules.Login.Find = func(c *call, name string) (account, bool) {
						found, known := c.Account(name)
						return found, known && !strings.Contains(name, `\`)
					}
				}},
			Fault{Name: "down-level-session-lost", Reason: `the session made with DOMAIN\user`,
				Story: "sessions are keyed by a name that is written in the other form when they are looked up",
				Apply: creating(func(c *call, of account) (session, *refusal) {
					made, refused := c.NewSession(of)
					if refused == nil && strings.Contains(username(c), `\`) {
						c.EndSession(made)
					}
					return made, refused
				})},
			Fault{Name: "down-level-session-nameless", Reason: "a sessionId in the answer",
				Story: "a login by the older form of the name is answered by older code",
				Apply: edit(func(c *call, a *answer) {
					if a.Session != nil && strings.Contains(username(c), `\`) {
						a.Members.Rename("sessionId", "session")
					}
				})}),
		shapes("ADX-SES-03", "session", adaxes.CreateSession),
		breaks("ADX-SES-04", "/sessionId",
			id.Missing("session-id-missing", "the identifier goes into a cookie instead"),
			id.Renamed("id", "session-id-renamed", "the member is named as in the database"),
			id.Renamed("SessionId", "session-id-in-another-case", "the member is written in the case of the class"),
			id.As("", "session-id-blank", "the answer is made before the identifier is"),
			id.As(nil, "session-id-null", "the answer is made before the identifier is"),
			id.As(4711, "session-id-number", "the identifier is a row number")),
		dates("ADX-SES-05", "session", adaxes.CreateSession),
		written("session", adaxes.CreateSession)("ADX-SES-05", "later than the moment of the response", "session-expiry-in-the-past"),
		written("session", adaxes.CreateSession)("ADX-SES-06", "Z or +00:00", "session-expiry-in-local-time"),
		sessionBirths("ADX-SES-07", "two requests of createSession give two sessions", "session-handed-out-again"),
		sessionBirths("ADX-SES-07", "the first of two sessions", "session-ended-by-the-next"),
		breaks("ADX-SES-07", "the session that was not ended", Fault{Name: "session-ended-with-its-younger-sibling",
			Story: "sessions are ended up to a row number",
			Apply: ending(func(c *call, named session) {
				for _, s := range c.Sessions(func(s session) bool { return !s.CreatedAt.Before(named.CreatedAt) }) {
					c.EndSession(s)
				}
			})}),
		methods("ADX-SES-17", "", "delete-accepted", "get-accepted", "put-accepted", "patch-accepted"),
	)
}

// created changes the answers that hand out a session.
func created(changes ...func(*answer)) override { return granted(adaxes.CreateSession, changes...) }

// passwordChangeFaults break what 2023.2 says of a password that has to be changed (ADX-SES-18 to ADX-SES-22).
func passwordChangeFaults() []Fault {
	totp, reason := member(adaxes.CreateSession, "totpState"), member(adaxes.CreateSession, "changePasswordReason")
	told := func(state adaxes.State, as any) override {
		return created(func(a *answer) {
			if a.Session.Account.State == state {
				a.Members.Set("changePasswordReason", as)
			}
		})
	}
	shut := func(state adaxes.State) override {
		return admitting(state, &refusal{Kind: adaxes.Forbidden, Status: http.StatusForbidden, Code: "forbidden",
			Message: "Change the password first."})
	}
	const unread, mistaken, bind = "the directory's flag is not looked at", "both flags are read as one", "the directory's own bind refuses "
	faults := slices.Concat(
		breaks("ADX-SES-18", "/totpState",
			totp.Missing("totp-state-missing", "members that are null are left out"),
			totp.As(map[string]any{"required": false}, "totp-state-object", "the reserved member is filled early"),
			totp.As(0, "totp-state-number", "an enum is sent at its default")),
		breaks("ADX-SES-19", "/changePasswordReason",
			reason.Missing("change-reason-missing", "members at their default are left out"),
			reason.As(nil, "change-reason-null", "no reason is sent as null"),
			reason.As("Unspecified", "change-reason-name", "the enum is serialized by name"),
			Fault{Name: "change-reason-of-a-later-release", Story: "the enum has grown", Apply: told(adaxes.PasswordMustBeChanged, 3)}),
		breaks("ADX-SES-20", "changePasswordReason 0", Fault{Name: "change-reason-for-everyone",
			Story: "the password's age is read in the wrong unit", Apply: told(adaxes.Ordinary, 1)}),
		breaks("ADX-SES-21", "changePasswordReason 1",
			Fault{Name: "change-reason-expired-unsaid", Story: unread, Apply: told(adaxes.PasswordExpired, 0)},
			Fault{Name: "change-reason-expired-mistaken", Story: mistaken, Apply: told(adaxes.PasswordExpired, 2)},
			Fault{Name: "expired-password-refused", Reason: "a session for the account", Story: bind + "an expired password",
				Apply: shut(adaxes.PasswordExpired)}),
		breaks("ADX-SES-22", "changePasswordReason 2",
			Fault{Name: "change-reason-first-logon-unsaid", Story: unread, Apply: told(adaxes.PasswordMustBeChanged, 0)},
			Fault{Name: "change-reason-first-logon-mistaken", Story: mistaken, Apply: told(adaxes.PasswordMustBeChanged, 1)},
			Fault{Name: "first-logon-refused", Reason: "a session for the account", Story: bind + "a password that must be changed",
				Apply: shut(adaxes.PasswordMustBeChanged)}),
	)
	for i := range faults {
		faults[i].Profiles = only2023
	}
	return faults
}

// admitting replaces what becomes of an account in a state whose password was right: nil lets it in.
func admitting(state adaxes.State, refused *refusal) override {
	return func(c *config) {
		c.Rules.Login.Admit = func(c *call, of account) *refusal {
			if of.State != state {
				return c.AdmitByState(of)
			}
			return refused
		}
	}
}
