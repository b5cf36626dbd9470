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

// terminationFaults break what the termination of a session promises.
func terminationFaults() overrides {
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
	return overrides{
		"termination-needs-a-credential": admit(func(c *call) *refusal {
			if c.Operation != adaxes.TerminateSession {
				return nil
			}
			_, refused := c.Authorize()
			return refused
		}),
		"second-termination-404": refusesTermination(http.StatusNotFound, again),
		"second-termination-410": refusesTermination(http.StatusGone, again),
		"termination-of-unknown-session-404": refusesTermination(http.StatusNotFound, func(_ *call, _ session, found bool) bool {
			return !found
		}),
		"termination-of-an-unused-session-does-nothing": ending(func(c *call, s session) {
			if len(ticketsOf(c, s)) > 0 {
				c.EndSession(s)
			}
		}),
		"termination-takes-effect-late": liveSession(func(c *call, s session) bool { return late(c, s.Life) }),
		"termination-on-one-instance": func(c *config) {
			var ended sync.Map // the instance by session
			seams.KeepEnded(c)
			c.Rules.Sessions.End = func(c *call, s session) {
				c.EndSession(s)
				ended.Store(s.ID, c.Instance)
			}
			c.Rules.Sessions.Live = func(c *call, s session) bool {
				on, known := ended.Load(s.ID)
				return c.Now.Before(s.ExpiresAt) && (!known || on != c.Instance)
			}
		},
		"termination-ends-tokens":         also(func(ticket) bool { return true }),
		"termination-ends-renewed-tokens": also(func(t ticket) bool { return t.Token != t.First }),
		"termination-ends-every-session": ending(func(c *call, named session) {
			for _, s := range sessionsOf(c, named.Account) {
				c.EndSession(s)
			}
		}),
		"termination-ends-the-latest-session": ending(func(c *call, named session) {
			c.EndSession(slices.MaxFunc(append(sessionsOf(c, named.Account), named),
				func(a, b session) int { return a.CreatedAt.Compare(b.CreatedAt) }))
		}),
		"termination-without-id-crashes": crashesOn(adaxes.TerminateSession, func(c *call) bool { return named(c, "id") == "" }),
	}
}
