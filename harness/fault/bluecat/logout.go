package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/bluecat"
)

// currentFaults break the reading of the current session (BCT-AUT-09).
func currentFaults() []Fault {
	return []Fault{
		{Name: "current-unknown", Requirement: "BCT-AUT-09", Story: "the word is taken for an id", Reason: "404",
			Apply: refusedFor(bluecat.GetCurrentSession, refusal{Status: http.StatusNotFound, Code: bluecat.ResourceNotFound, Message: "There is no such session."})},
		{Name: "current-is-the-newest", Requirement: "BCT-AUT-09", Story: "the current session is the user's latest", Reason: "the current session's id",
			Apply: onAnswer(func(c *call, a *answer) {
				var newest int64
				for _, s := range c.Sessions(func(session) bool { return true }) {
					newest = max(newest, s.ID)
				}
				if c.Operation == bluecat.GetCurrentSession && a.Refusal == nil {
					a.Members.Set("id", newest)
				}
			})},
		{Name: "current-without-type", Requirement: "BCT-AUT-09", Story: "reading uses another serializer than the login", Reason: "/type",
			Apply: granted(bluecat.GetCurrentSession, func(a *answer) { a.Members.Drop("type") })},
	}
}

// ending changes what a logout does.
func ending(end func(*call, session)) override {
	return func(c *config) { c.Rules.Sessions.End = end }
}

// endingBy changes what the logout by one operation does.
func endingBy(operation bluecat.Operation, end func(*call, session)) override {
	return ending(func(c *call, s session) {
		if c.Operation == operation {
			end(c, s)
			return
		}
		c.EndSession(s)
	})
}

// endAll ends every session of a session's user.
func endAll(c *call, s session) {
	for _, one := range c.Sessions(func(one session) bool { return one.User.ID == s.User.ID }) {
		c.EndSession(one)
	}
}

// logoutFaults break logging out (BCT-OUT-01 to BCT-OUT-04).
func logoutFaults() []Fault {
	noContent := func(a *answer) {
		a.Status, a.Members = http.StatusNoContent, nil
		a.Header.Del("Content-Type")
	}
	return []Fault{
		{Name: "logout-answered-204", Requirement: "BCT-OUT-01", Story: "the handler returns nothing", Reason: "204",
			Apply: granted(bluecat.PatchCurrentSession, noContent)},
		{Name: "logout-not-allowed", Requirement: "BCT-OUT-01", Story: "a web server in front lets GET and POST pass alone", Reason: "405",
			Apply: refusedFor(bluecat.PatchCurrentSession, refusal{Status: http.StatusMethodNotAllowed, Code: bluecat.MethodNotAllowed, Message: "Not supported."})},
		{Name: "logout-by-id-answered-202", Requirement: "BCT-OUT-02", Story: "sessions are ended by a queue", Reason: "202",
			Apply: granted(bluecat.PatchSession, func(a *answer) { a.Status = http.StatusAccepted })},
		{Name: "logout-by-id-unknown", Requirement: "BCT-OUT-02", Story: "sessions are found by token alone", Reason: "404",
			Apply: refusedFor(bluecat.PatchSession, refusal{Status: http.StatusNotFound, Code: bluecat.ResourceNotFound, Message: "There is no such session."})},
		{Name: "logout-does-nothing", Requirement: "BCT-OUT-03", Story: "the state is changed in the answer and nowhere else", Reason: "logged out",
			Apply: ending(func(*call, session) {})},
		{Name: "logout-of-the-current-does-nothing", Requirement: "BCT-OUT-03", Story: "the word current is taken for an id that no session has, and nobody is told", Reason: "logged out as the current one",
			Apply: ending(func(c *call, s session) {
				if c.Operation != bluecat.PatchCurrentSession {
					c.EndSession(s)
				}
			})},
		{Name: "logout-by-id-does-nothing", Requirement: "BCT-OUT-03", Story: "the record is changed, and the cache of tokens is not told", Reason: "logged out by its id",
			Apply: ending(func(c *call, s session) {
				if c.Operation != bluecat.PatchSession {
					c.EndSession(s)
				}
			})},
		{Name: "logout-ends-all", Requirement: "BCT-OUT-04", Story: "sessions are ended by user", Reason: "another session of the user",
			Apply: ending(endAll)},
		{Name: "logout-of-the-current-ends-all", Requirement: "BCT-OUT-04", Story: "the current session is found by its user", Reason: "another session of the user",
			Apply: endingBy(bluecat.PatchCurrentSession, endAll)},
		{Name: "logout-by-id-ends-all", Requirement: "BCT-OUT-04", Story: "an administrator's logout, by id, is there to shut a user out", Reason: "another session of the user",
			Apply: endingBy(bluecat.PatchSession, endAll)},
	}
}

// expiryFaults break the end of a token (BCT-EXP-01, BCT-EXP-02).
func expiryFaults() []Fault {
	return []Fault{
		{Name: "token-ends-early", Requirement: "BCT-EXP-01", Story: "a cache forgets sessions at half their time", Reason: "shortly before its apiTokenExpirationDateTime",
			Apply: func(c *config) {
				c.Rules.Access.Live = func(c *call, s session) bool {
					return s.Live(c.Now) && c.Now.Sub(s.LoginAt) < s.ExpiresAt.Sub(s.LoginAt)/2
				}
			}},
		{Name: "expired-token-works", Requirement: "BCT-EXP-02", Story: "expired sessions wait for a sweep, and nobody looks at the date", Reason: "an expired token",
			Apply: func(c *config) {
				seams.KeepEnded(c)
				c.Rules.Access.Live = func(_ *call, s session) bool { return s.EndedAt.IsZero() }
			}},
	}
}
