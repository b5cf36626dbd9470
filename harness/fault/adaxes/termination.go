package adaxes

import (
	"net/http"
	"sync"
	"time"

	"example.org/conform/harness/reference/adaxes"
)

// propagation is how long a change takes to reach a server that asks its store now and then.
const propagation = 600 * time.Millisecond

// gone is the refusal of a request about something that is not there.
func gone(code int) *refusal {
	return &refusal{Kind: "gone", Status: code, Code: "notFound", Message: "There is no such resource."}
}

// terminationFaults break what the termination of a session promises (ADX-END-01 to ADX-END-08).
func terminationFaults() []Fault {
	answered := func(changes ...func(*answer)) override { return granted(adaxes.TerminateSession, changes...) }
	id := func(c *call) string { text, _ := c.Query("id"); return text }
	refuses := func(code int, where func(c *call, named session, found bool) bool) override {
		return admitKnowing(func(c *call) *refusal {
			if c.Operation != adaxes.TerminateSession || id(c) == "" {
				return nil
			}
			if named, found := c.Session(id(c)); where(c, named, found) {
				return gone(code)
			}
			return nil
		})
	}
	ends := func(end func(c *call, named session)) override {
		return func(c *config) { c.Rules.Sessions.End = end }
	}
	return []Fault{
		{Name: "termination-answered-200", Requirement: "ADX-END-01", Story: "an example of the document shows 200", Reason: "200",
			Apply: answered(status(http.StatusOK))},
		{Name: "termination-answered-200-now-and-then", Requirement: "ADX-END-01", Story: "every second node runs an older release", Reason: "200",
			Apply: everyGranted(2, adaxes.TerminateSession, status(http.StatusOK))},
		{Name: "termination-answered-202", Requirement: "ADX-END-01", Story: "the end of the session is queued", Reason: "202",
			Apply: answered(status(http.StatusAccepted))},
		{Name: "termination-needs-a-credential", Requirement: "ADX-END-01", Story: "the filter for tokens is before every path", Reason: "401",
			Apply: admit(func(c *call) *refusal {
				if c.Operation != adaxes.TerminateSession {
					return nil
				}
				_, refused := c.Authorize()
				return refused
			})},
		{Name: "second-termination-404", Requirement: "ADX-END-02", Story: "a session that has ended is a resource that is not found", Reason: "404",
			Apply: refuses(http.StatusNotFound, func(_ *call, s session, found bool) bool { return found && !s.EndedAt.IsZero() })},
		{Name: "second-termination-410", Requirement: "ADX-END-02", Story: "a session that has ended is gone", Reason: "410",
			Apply: refuses(http.StatusGone, func(_ *call, s session, found bool) bool { return found && !s.EndedAt.IsZero() })},
		{Name: "termination-of-unknown-session-404", Requirement: "ADX-END-03", Story: "a session that is not known is a resource that is not found", Reason: "404",
			Apply: refuses(http.StatusNotFound, func(_ *call, _ session, found bool) bool { return !found })},
		{Name: "termination-does-nothing", Requirement: "ADX-END-04", Story: "the session is only taken from the cookie", Reason: "a terminated session gives no token",
			Apply: ends(func(*call, session) {})},
		{Name: "termination-of-an-unused-session-does-nothing", Requirement: "ADX-END-04", Story: "a session is written to the store with its first token", Reason: "a session terminated before its first token gives no token",
			Apply: ends(func(c *call, s session) {
				if len(c.Tickets(func(t ticket) bool { return t.Session == s.ID })) > 0 {
					c.EndSession(s)
				}
			})},
		{Name: "termination-takes-effect-late", Requirement: "ADX-END-04", Story: "sessions are cached for a while", Reason: "a terminated session gives no token",
			Apply: liveSession(func(c *call, s session) bool {
				return c.Now.Before(s.ExpiresAt) && (s.EndedAt.IsZero() || c.Now.Before(s.EndedAt.Add(propagation)))
			})},
		{Name: "termination-on-one-instance", Requirement: "ADX-END-04", Story: "each instance has a cache of sessions that the others do not clear", Reason: "a session terminated on another instance gives no token",
			Apply: func(c *config) {
				var ended sync.Map // the instance by session
				keepEnded(c)
				c.Rules.Sessions.End = func(c *call, s session) {
					c.EndSession(s)
					ended.Store(s.ID, c.Instance)
				}
				c.Rules.Sessions.Live = func(c *call, s session) bool {
					on, known := ended.Load(s.ID)
					return c.Now.Before(s.ExpiresAt) && (!known || on != c.Instance)
				}
			}},
		{Name: "termination-ends-tokens", Requirement: "ADX-END-05", Story: "rows go with the row that they refer to", Reason: "a token whose session was terminated works",
			Apply: ends(func(c *call, s session) {
				c.EndSession(s)
				for _, t := range c.Tickets(func(t ticket) bool { return t.Session == s.ID }) {
					c.EndTicket(t)
				}
			})},
		{Name: "termination-ends-renewed-tokens", Requirement: "ADX-END-05", Story: "a renewed token is kept with the session, which is taken for its owner", Reason: "a renewed token whose session was terminated works",
			Apply: ends(func(c *call, s session) {
				c.EndSession(s)
				for _, t := range c.Tickets(func(t ticket) bool { return t.Session == s.ID && t.Token != t.First }) {
					c.EndTicket(t)
				}
			})},
		{Name: "termination-ends-every-session", Requirement: "ADX-END-06", Story: "the account is signed out everywhere", Reason: "another session of the account issues a token",
			Apply: ends(func(c *call, named session) {
				for _, s := range c.Sessions(func(s session) bool { return s.Account.Username == named.Account.Username }) {
					c.EndSession(s)
				}
			})},
		{Name: "termination-ends-the-latest-session", Requirement: "ADX-END-06", Story: "the id is looked up by account, and the latest row is taken", Reason: "another session of the account issues a token",
			Apply: ends(func(c *call, named session) {
				latest := named
				for _, s := range c.Sessions(func(s session) bool { return s.Account.Username == named.Account.Username }) {
					if s.CreatedAt.After(latest.CreatedAt) {
						latest = s
					}
				}
				c.EndSession(latest)
			})},
		{Name: "termination-without-id-crashes", Requirement: "ADX-END-08", Story: "the parameter is used without a look whether there is one", Reason: "an answer that is not 5xx",
			Apply: admit(func(c *call) *refusal {
				if c.Operation == adaxes.TerminateSession && id(c) == "" {
					return crash()
				}
				return nil
			})},
	}
}
