package adaxes

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// propagation is how long a change takes to reach a server that asks its store now and then.
const propagation = 600 * time.Millisecond

// late tells whether somebody who asks the store so seldom thinks that a record counts.
func late(c *call, l kernel.Life) bool {
	return c.Now.Before(l.ExpiresAt) && (l.EndedAt.IsZero() || c.Now.Before(l.EndedAt.Add(propagation)))
}

// refusesTermination refuses terminations of sessions of a kind.
func refusesTermination(code int, where func(c *call, s session, found bool) bool) override {
	return admitKnowing(adaxes.TerminateSession, code, func(c *call) bool {
		s, found := c.Session(named(c, "id"))
		return named(c, "id") != "" && where(c, s, found)
	})
}

// terminationFaults break what the termination of a session promises (ADX-END-01 to ADX-END-08).
func terminationFaults() []Fault {
	again := func(_ *call, s session, found bool) bool { return found && !s.EndedAt.IsZero() }
	// also ends tickets of the session that is named.
	also := func(which func(ticket) bool) override {
		return ending(func(c *call, s session) {
			c.EndSession(s)
			for _, t := range ticketsOf(c, s) {
				if which(t) {
					c.EndTicket(t)
				}
			}
		})
	}
	return slices.Concat(
		seams.Statuses("termination", adaxes.TerminateSession, 2)("ADX-END-01", "", "termination-answered-200",
			"termination-answered-200-now-and-then", "termination-answered-202"),
		breaks("ADX-END-01", "401", Fault{Name: "termination-needs-a-credential", Story: "the filter for tokens is before every path",
			Apply: admit(func(c *call) *refusal {
				if c.Operation != adaxes.TerminateSession {
					return nil
				}
				_, refused := c.Authorize()
				return refused
			})}),
		breaks("ADX-END-02", "",
			Fault{Name: "second-termination-404", Reason: "404", Story: "a session that has ended is a resource that is not found",
				Apply: refusesTermination(http.StatusNotFound, again)},
			Fault{Name: "second-termination-410", Reason: "410", Story: "a session that has ended is gone",
				Apply: refusesTermination(http.StatusGone, again)}),
		breaks("ADX-END-03", "404", Fault{Name: "termination-of-unknown-session-404",
			Story: "a session that is not known is a resource that is not found",
			Apply: refusesTermination(http.StatusNotFound, func(_ *call, _ session, found bool) bool { return !found })}),
		terminations("ADX-END-04", "a terminated session gives no token", "termination-does-nothing"),
		breaks("ADX-END-04", "a terminated session gives no token",
			Fault{Name: "termination-of-an-unused-session-does-nothing", Reason: "a session terminated before its first token gives no token",
				Story: "a session is written to the store with its first token",
				Apply: ending(func(c *call, s session) {
					if len(ticketsOf(c, s)) > 0 {
						c.EndSession(s)
					}
				})},
			Fault{Name: "termination-takes-effect-late", Story: "sessions are cached for a while",
				Apply: liveSession(func(c *call, s session) bool { return late(c, s.Life) })},
			Fault{Name: "termination-on-one-instance", Reason: "a session terminated on another instance gives no token",
				Story: "each instance has a cache of sessions that the others do not clear",
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
				}}),
		breaks("ADX-END-05", "",
			Fault{Name: "termination-ends-tokens", Reason: "a token whose session was terminated works",
				Story: "rows go with the row that they refer to", Apply: also(func(ticket) bool { return true })},
			Fault{Name: "termination-ends-renewed-tokens", Reason: "a renewed token whose session was terminated works",
				Story: "a renewed token is kept with the session, which is taken for its owner",
				Apply: also(func(t ticket) bool { return t.Token != t.First })}),
		breaks("ADX-END-06", "another session of the account gives a token",
			Fault{Name: "termination-ends-every-session", Story: "the account is signed out everywhere",
				Apply: ending(func(c *call, named session) {
					for _, s := range sessionsOf(c, named.Account) {
						c.EndSession(s)
					}
				})},
			Fault{Name: "termination-ends-the-latest-session", Story: "the id is looked up by account, and the latest row is taken",
				Apply: ending(func(c *call, named session) {
					c.EndSession(slices.MaxFunc(append(sessionsOf(c, named.Account), named),
						func(a, b session) int { return a.CreatedAt.Compare(b.CreatedAt) }))
				})}),
		breaks("ADX-END-08", "an answer that is not 5xx", Fault{Name: "termination-without-id-crashes",
			Story: "the parameter is used without a look whether there is one",
			Apply: crashesOn(adaxes.TerminateSession, func(c *call) bool { return named(c, "id") == "" })}),
	)
}
