package adaxes

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// propagation is how long a change takes to reach a server that asks its store now and then.
const propagation = 600 * time.Millisecond

// late tells whether somebody who asks the store so seldom thinks that a record counts.
func late(c *call, l kernel.Life) bool {
	return c.Now.Before(l.ExpiresAt) && (l.EndedAt.IsZero() || c.Now.Before(l.EndedAt.Add(propagation)))
}

// The states of a record that an order to end it meets; the life is nil where there is no such record.
func ended(_ *call, l *kernel.Life) bool   { return l != nil && !l.EndedAt.IsZero() }
func expired(c *call, l *kernel.Life) bool { return l != nil && !c.Now.Before(l.ExpiresAt) }
func unknown(_ *call, l *kernel.Life) bool { return l == nil }

// refusesEnd refuses, with a status, the orders that meet a state.
func refusesEnd(operation adaxes.Operation, code int, in func(*call, *kernel.Life) bool) override {
	return func(c *config) {
		seams.KeepEnded(c)
		c.Rules.Requests.Admit = func(c *call) *refusal {
			if c.Operation != operation || named(c, "id")+named(c, "token") == "" || !in(c, ordered(c)) {
				return nil
			}
			gone := notFound()
			gone.Status = code
			return gone
		}
	}
}

// ordered is how the record lives that is to be ended.
func ordered(c *call) *kernel.Life {
	if s, found := c.Session(named(c, "id")); found {
		return &s.Life
	}
	if t, found := c.TicketByToken(named(c, "token")); found {
		return &t.Life
	}
	return nil
}

// terminationFaults break what the termination of a session promises.
func terminationFaults() overrides {
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
		"second-termination-404":             refusesEnd(adaxes.TerminateSession, http.StatusNotFound, ended),
		"second-termination-410":             refusesEnd(adaxes.TerminateSession, http.StatusGone, ended),
		"termination-of-unknown-session-404": refusesEnd(adaxes.TerminateSession, http.StatusNotFound, unknown),
		"whole-ids-unknown-404": refusesEnd(adaxes.TerminateSession, http.StatusNotFound, func(c *call, l *kernel.Life) bool {
			some, any := fault.First(c.Sessions(func(session) bool { return true }))
			return unknown(c, l) && any && len(named(c, "id")) == len(some.ID)
		}),
		"termination-of-expired-session-404": refusesEnd(adaxes.TerminateSession, http.StatusNotFound, expired),
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
	}
}

// destructionFaults break what the destruction of a token promises.
func destructionFaults() overrides {
	// spares destroys those alone that are as is says.
	spares := func(is func(c *call, t ticket) bool) override {
		return destroysWhere(func(c *call, target, _ credential) bool { return is(c, target.Ticket) })
	}
	// also ends further tickets with the one that is named.
	also := func(which func(named, other ticket) bool) override {
		return destroying(func(c *call, target, _ credential) {
			for _, t := range c.Tickets(func(t ticket) bool { return which(target.Ticket, t) }) {
				c.EndTicket(t)
			}
			c.Destroy(target)
		})
	}
	return overrides{
		"destruction-by-itself-refused": refusesEnd(adaxes.DestroyToken, http.StatusConflict, func(c *call, l *kernel.Life) bool {
			return l != nil && l.Live(c.Now) && named(c, "token") == authorization(c)
		}),
		"second-destruction-404":           refusesEnd(adaxes.DestroyToken, http.StatusNotFound, ended),
		"destruction-of-unknown-token-404": refusesEnd(adaxes.DestroyToken, http.StatusNotFound, unknown),
		"whole-tokens-unknown-404": refusesEnd(adaxes.DestroyToken, http.StatusNotFound, func(c *call, l *kernel.Life) bool {
			some, any := fault.First(c.Tickets(func(ticket) bool { return true }))
			return unknown(c, l) && any && len(named(c, "token")) == len(some.Token)
		}),
		"destruction-of-expired-token-404":  refusesEnd(adaxes.DestroyToken, http.StatusNotFound, expired),
		"destruction-does-nothing":          destroying(func(*call, credential, credential) {}),
		"destruction-spares-renewed-tokens": spares(func(_ *call, t ticket) bool { return t.Token == t.First }),
		"destruction-spares-what-was-renewed": spares(func(c *call, named ticket) bool {
			return len(c.Tickets(func(t ticket) bool { return renews(t, named) && t.Live(c.Now) })) == 0
		}),
		"destruction-needs-a-session-of-its-time": both(seams.KeepEnded, spares(func(c *call, t ticket) bool {
			s, found := c.Session(t.Session)
			return !found || !s.EndedAt.IsZero() || c.Now.Before(s.ExpiresAt)
		})),
		"destruction-needs-the-session": spares(func(c *call, t ticket) bool { _, found := c.Session(t.Session); return found }),
		"destruction-takes-effect-late": liveToken(func(c *call, of credential) bool { return late(c, of.Ticket.Life) }),
		"destruction-on-one-instance": func(c *config) {
			var ended sync.Map // the instance by token
			seams.KeepEnded(c)
			c.Rules.Tickets.Destroy = func(c *call, target, _ credential) {
				c.Destroy(target)
				ended.Store(target.Ticket.Token, c.Instance)
			}
			c.Rules.Tickets.Live = func(c *call, of credential) bool {
				on, known := ended.Load(of.Ticket.Token)
				return c.Now.Before(of.Ticket.ExpiresAt) && (!known || on != c.Instance)
			}
		},
		"ticket-id-outlives-destruction": afterEnd(func(_ *call, of credential) bool { return of.ByID }),
		"destroyed-token-renewed":        afterEnd(func(_ *call, of credential) bool { return of.Place == adaxes.InQuery }),
		"destruction-ends-the-session": destroying(func(c *call, target, _ credential) {
			c.Destroy(target)
			if s, found := c.Session(target.Ticket.Session); found {
				c.EndSession(s)
			}
		}),
		"destruction-ends-siblings": also(func(named, other ticket) bool { return named.Session == other.Session }),
		"destruction-ends-the-tokens-of-the-account": also(func(named, other ticket) bool {
			return named.Account.Username == other.Account.Username
		}),
		"destruction-ends-renewed-tokens":     also(func(named, other ticket) bool { return renews(other, named) }),
		"destruction-ends-older-tokens":       also(renews),
		"destruction-ends-the-header-instead": destroying(func(c *call, _, header credential) { c.Destroy(header) }),
		"destruction-by-a-ticket-id-ends-the-header": destroying(func(c *call, target, header credential) {
			if header.ByID {
				target = header
			}
			c.Destroy(target)
		}),
		"destruction-ends-the-header-too": destroying(func(c *call, target, header credential) {
			c.Destroy(target)
			c.Destroy(header)
		}),
		"destruction-of-unknown-token-ends-the-header": admit(func(c *call) *refusal {
			token := named(c, "token")
			if _, found := c.TicketByToken(token); c.Operation == adaxes.DestroyToken && token != "" && !found {
				if own, ok := c.TicketByToken(authorization(c)); ok {
					c.EndTicket(own)
				}
			}
			return nil
		}),
		"destruction-without-credential":  authorizing(adaxes.DestroyToken, anonymous),
		"destruction-with-any-credential": authorizing(adaxes.DestroyToken, identified),
	}
}

// renews tells whether a ticket was made by renewals of another.
func renews(newer, older ticket) bool {
	return newer.First == older.First && newer.IssuedAt.After(older.IssuedAt)
}

// expiryFaults break what time does to sessions and tokens.
var expiryFaults = overrides{
	"destruction-shortens-the-renewed": destroying(func(c *call, target, _ credential) {
		for _, t := range c.Tickets(func(t ticket) bool { return renews(t, target.Ticket) }) {
			c.ExpireTicket(t, target.Ticket.ExpiresAt)
		}
		c.Destroy(target)
	}),
	"session-extended-by-issue": issuing(func(c *call, s session) (ticket, *refusal) {
		c.ExpireSession(s, c.Now.Add(s.ExpiresAt.Sub(s.CreatedAt)))
		return c.NewTicket(s)
	}),
	"token-extended-by-use": using(func(c *call, of credential) {
		c.ExpireTicket(of.Ticket, c.Now.Add(of.Ticket.ExpiresAt.Sub(of.Ticket.IssuedAt)))
	}),
	"expiry-on-the-first-instance-alone": liveToken(func(c *call, of credential) bool {
		return of.Ticket.Live(c.Now) || of.Ticket.EndedAt.IsZero() && c.Instance > 0 && of.Place != adaxes.InQuery
	}),
	"ticket-id-expires-with-its-session": liveToken(func(c *call, of credential) bool {
		s, found := c.Session(of.Ticket.Session)
		return of.Ticket.Live(c.Now) && (!of.ByID || !found || c.Now.Before(s.ExpiresAt))
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
