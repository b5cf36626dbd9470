package adaxes

import (
	"sync"

	"example.org/conform/harness/reference/adaxes"
)

// destroysWhere destroys what may be, and answers the rest as if it had.
func destroysWhere(may func(c *call, target, by credential) bool) override {
	return destroying(func(c *call, target, by credential) {
		if may(c, target, by) {
			c.Destroy(target)
		}
	})
}

// authorityFaults depend on what authorizes a request, and on which of its names something goes by.
func authorityFaults() overrides {
	return overrides{
		"destruction-of-a-renewed-token-by-itself-alone": destroysWhere(func(_ *call, target, by credential) bool {
			return target.Ticket.Token == target.Ticket.First || by.Ticket.Token == target.Ticket.Token
		}),
		"destruction-by-the-own-ticket-id-does-nothing": destroysWhere(func(_ *call, target, by credential) bool {
			return !by.ByID || by.Ticket.Token != target.Ticket.Token
		}),
		"destruction-for-another-account-ends-the-header": destroying(func(c *call, target, by credential) {
			if by.Ticket.Account.Username != target.Ticket.Account.Username {
				c.Destroy(by)
			}
			c.Destroy(target)
		}),
		"destruction-by-a-session-id-ends-its-tokens": before(adaxes.DestroyToken, func(c *call) {
			if s, found := c.Session(named(c, "token")); found {
				for _, t := range ticketsOf(c, s) {
					c.EndTicket(t)
				}
			}
		}),
		"termination-by-a-token-ends-its-session": before(adaxes.TerminateSession, func(c *call) {
			if of, found := c.Find(named(c, "id"), adaxes.InQuery); found {
				c.EndSession(session{ID: of.Ticket.Session})
			}
		}),
		"destroyed-token-renewed-by-ticket-id": afterEnd(func(_ *call, of credential) bool { return of.Place == adaxes.InQuery && of.ByID }),
		"expired-token-renewed-by-ticket-id": liveToken(func(c *call, of credential) bool {
			return of.Ticket.Live(c.Now) || of.Place == adaxes.InQuery && of.ByID && of.Ticket.EndedAt.IsZero()
		}),
		"ticket-id-in-use-outlives-its-token": func(c *config) {
			var uses sync.Map // of ticket ids, by token
			liveToken(func(c *call, of credential) bool {
				n, _ := uses.Load(of.Ticket.Token)
				before, _ := n.(int)
				if of.ByID && c.Now.Before(of.Ticket.ExpiresAt) {
					before++
					uses.Store(of.Ticket.Token, before)
				}
				return of.Ticket.Live(c.Now) || of.ByID && before > 2 && of.Ticket.EndedAt.IsZero()
			})(c)
		},
		"renewed-ticket-id-ends-with-the-original": func(c *config) {
			var original sync.Map // ticket by token
			both(renewedThen(func(_ *call, old, made ticket) { original.Store(made.Token, old) }), liveToken(func(c *call, of credential) bool {
				old, renewed := original.Load(of.Ticket.Token)
				return of.Ticket.Live(c.Now) && !(of.ByID && renewed && !c.Now.Before(old.(ticket).ExpiresAt))
			}))(c)
		},
	}
}
