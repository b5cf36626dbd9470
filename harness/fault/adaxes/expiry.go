package adaxes

import (
	"net/http"
	"slices"

	"example.org/conform/harness/reference/adaxes"
)

// expiryFaults break what time does to sessions and tokens (ADX-EXP-01 to ADX-EXP-11).
func expiryFaults() []Fault {
	return slices.Concat(
		sessionLives("ADX-EXP-01", "a session shortly before its expiresAtUtc gives a token", "session-ends-at-half", "session-ends-early"),
		sessionLives("ADX-EXP-02", "it lived on for", "session-lives-on"),
		sessionLives("ADX-EXP-02", "it did not end in", "session-never-ends"),
		sessionLives("ADX-EXP-02", "an expired session gives no token", "session-ends-late"),
		breaks("ADX-EXP-02", "an expired session gives no token", Fault{Name: "session-extended-by-issue",
			Story: "the session's expiry slides with its use",
			Apply: issuing(func(c *call, s session) (ticket, *refusal) {
				c.ExpireSession(s, c.Now.Add(s.ExpiresAt.Sub(s.CreatedAt)))
				return c.NewTicket(s)
			})}),
		tokenLives("ADX-EXP-03", "a token shortly before its expiresAtUtc works", "token-ends-at-half", "token-ends-early"),
		tokenLives("ADX-EXP-04", "it lived on for", "token-lives-on"),
		tokenLives("ADX-EXP-04", "it did not end in", "token-never-ends"),
		tokenLives("ADX-EXP-04", "the probe with an expired token is refused", "token-ends-late"),
		breaks("ADX-EXP-04", "the probe with an expired token is refused", Fault{Name: "token-extended-by-use",
			Story: "the token's expiry slides with its use",
			Apply: using(func(c *call, of credential) {
				c.ExpireTicket(of.Ticket, c.Now.Add(of.Ticket.ExpiresAt.Sub(of.Ticket.IssuedAt)))
			})}),
		breaks("ADX-EXP-05", "the ticket id of an expired token is refused", Fault{Name: "ticket-id-never-ends",
			Story: "ticket ids are in a table of their own, without a date",
			Apply: liveToken(func(c *call, of credential) bool { return unended(of) && (of.ByID || unexpired(c, of)) })}),
		breaks("ADX-EXP-06", "a token whose session has expired works", Fault{Name: "token-expires-with-its-session",
			Story: "a token is looked up together with its session",
			Apply: liveToken(func(c *call, of credential) bool {
				s, found := c.Session(of.Ticket.Session)
				return of.Ticket.Live(c.Now) && (!found || c.Now.Before(s.ExpiresAt))
			})}),
		breaks("ADX-EXP-07", "an old token after its own expiresAtUtc is refused", Fault{Name: "renewal-extends-the-old-token",
			Story: "a renewal is one more use, and the expiry slides with it",
			Apply: renewedThen(func(c *call, old, made ticket) { c.ExpireTicket(old, made.ExpiresAt) })}),
		breaks("ADX-EXP-08", "the renewal of an expired token gives no token", Fault{Name: "expired-token-renewed",
			Story: "a renewal is what expired tokens are thought to need",
			Apply: liveToken(func(c *call, of credential) bool {
				return unended(of) && (of.Place == adaxes.InQuery || unexpired(c, of))
			})}),
		breaks("ADX-EXP-09", "404", Fault{Name: "termination-of-expired-session-404",
			Story: "an expired session is a resource that is not found",
			Apply: refusesTermination(http.StatusNotFound, func(c *call, s session, found bool) bool {
				return found && !c.Now.Before(s.ExpiresAt)
			})}),
		breaks("ADX-EXP-10", "404", Fault{Name: "destruction-of-expired-token-404", Story: "an expired token is a resource that is not found",
			Apply: refusesDestruction(http.StatusNotFound, func(c *call, t ticket, found bool) bool {
				return found && !c.Now.Before(t.ExpiresAt)
			})}),
		breaks("ADX-EXP-11", "a renewed token after the old one's expiresAtUtc works", Fault{Name: "renewed-token-ends-with-the-old",
			Story: "the expiry of a chain of renewals is that of its first token",
			Apply: liveToken(func(c *call, of credential) bool {
				first, found := c.TicketByToken(of.Ticket.First)
				return of.Ticket.Live(c.Now) && (!found || c.Now.Before(first.ExpiresAt))
			})}),
	)
}

// What makes a credential count: nobody has ended its ticket, and it has not expired.
func unended(of credential) bool            { return of.Ticket.EndedAt.IsZero() }
func unexpired(c *call, of credential) bool { return c.Now.Before(of.Ticket.ExpiresAt) }
