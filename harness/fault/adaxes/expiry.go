package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/adaxes"
)

// expiryFaults break what time does to sessions and tokens.
var expiryFaults = overrides{
	"session-extended-by-issue": issuing(func(c *call, s session) (ticket, *refusal) {
		c.ExpireSession(s, c.Now.Add(s.ExpiresAt.Sub(s.CreatedAt)))
		return c.NewTicket(s)
	}),
	"token-extended-by-use": using(func(c *call, of credential) {
		c.ExpireTicket(of.Ticket, c.Now.Add(of.Ticket.ExpiresAt.Sub(of.Ticket.IssuedAt)))
	}),
	"ticket-id-never-ends": liveToken(func(c *call, of credential) bool { return unended(of) && (of.ByID || unexpired(c, of)) }),
	"token-expires-with-its-session": liveToken(func(c *call, of credential) bool {
		s, found := c.Session(of.Ticket.Session)
		return of.Ticket.Live(c.Now) && (!found || c.Now.Before(s.ExpiresAt))
	}),
	"renewal-extends-the-old-token": renewedThen(func(c *call, old, made ticket) { c.ExpireTicket(old, made.ExpiresAt) }),
	"expired-token-renewed": liveToken(func(c *call, of credential) bool {
		return unended(of) && (of.Place == adaxes.InQuery || unexpired(c, of))
	}),
	"termination-of-expired-session-404": refusesTermination(http.StatusNotFound, func(c *call, s session, found bool) bool {
		return found && !c.Now.Before(s.ExpiresAt)
	}),
	"destruction-of-expired-token-404": refusesDestruction(http.StatusNotFound, func(c *call, t ticket, found bool) bool {
		return found && !c.Now.Before(t.ExpiresAt)
	}),
	"renewed-token-ends-with-the-old": liveToken(func(c *call, of credential) bool {
		first, found := c.TicketByToken(of.Ticket.First)
		return of.Ticket.Live(c.Now) && (!found || c.Now.Before(first.ExpiresAt))
	}),
}

// What makes a credential count: nobody has ended its ticket, and it has not expired.
func unended(of credential) bool            { return of.Ticket.EndedAt.IsZero() }
func unexpired(c *call, of credential) bool { return c.Now.Before(of.Ticket.ExpiresAt) }
