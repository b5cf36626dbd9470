package adaxes

import "example.org/conform/harness/reference/adaxes"

// expiryFaults break what time does to sessions and tokens.
var expiryFaults = overrides{
	"session-extended-by-issue": issuing(func(c *call, s session) (ticket, *refusal) {
		c.ExpireSession(s, c.Now.Add(s.ExpiresAt.Sub(s.CreatedAt)))
		return c.NewTicket(s)
	}),
	"token-extended-by-use": using(func(c *call, of credential) {
		c.ExpireTicket(of.Ticket, c.Now.Add(of.Ticket.ExpiresAt.Sub(of.Ticket.IssuedAt)))
	}),
	"ticket-id-never-ends":  afterExpiry(func(of credential) bool { return of.ByID }),
	"expired-token-renewed": afterExpiry(func(of credential) bool { return of.Place == adaxes.InQuery }),
	"token-expires-with-its-session": liveToken(func(c *call, of credential) bool {
		s, found := c.Session(of.Ticket.Session)
		return of.Ticket.Live(c.Now) && (!found || c.Now.Before(s.ExpiresAt))
	}),
	"renewal-extends-the-old-token": renewedThen(func(c *call, old, made ticket) { c.ExpireTicket(old, made.ExpiresAt) }),
	"renewed-token-ends-with-the-old": liveToken(func(c *call, of credential) bool {
		first, found := c.TicketByToken(of.Ticket.First)
		return of.Ticket.Live(c.Now) && (!found || c.Now.Before(first.ExpiresAt))
	}),
}

// afterExpiry has credentials that match live on when they have expired, and afterEnd when somebody has ended them.
func afterExpiry(match func(credential) bool) override {
	return liveToken(func(c *call, of credential) bool {
		return of.Ticket.EndedAt.IsZero() && (c.Now.Before(of.Ticket.ExpiresAt) || match(of))
	})
}

func afterEnd(match func(*call, credential) bool) override {
	return liveToken(func(c *call, of credential) bool {
		return c.Now.Before(of.Ticket.ExpiresAt) && (of.Ticket.EndedAt.IsZero() || match(c, of))
	})
}
