package adaxes

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// againKinds are what goes wrong everywhere the n-th time, in another order, and at the same moment.
func againKinds() []fault.Kind[config] {
	renewalsOf := func(c *call, old ticket) []ticket {
		return c.Tickets(func(t ticket) bool { return renews(t, old) && t.Live(c.Now) })
	}
	return []fault.Kind[config]{
		fault.Again("session", creating, (*call).NewSession, sessionsOf, (*call).EndSession),
		fault.Again("token", issuing, (*call).NewTicket, ticketsOf, (*call).EndTicket),
		fault.Again("renewal", func(renew func(*call, ticket) (ticket, *refusal)) override {
			return renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) { return renew(c, old) })
		}, (*call).Renewed, renewalsOf, (*call).EndTicket),
		seams.Races("session", adaxes.CreateSession),
		seams.Twins("call", adaxes.Probe),
		seams.Races("token", adaxes.IssueToken),
		seams.Races("renewal", adaxes.RenewToken),
		seams.Races("termination", adaxes.TerminateSession),
		seams.Races("destruction", adaxes.DestroyToken),
		fault.Orders("termination", ending, (*call).EndSession,
			func(c *call, s session) []session { return sessionsOf(c, s.Account) }, func(a, b session) bool { return a.ID == b.ID }),
		fault.Orders("destruction", func(destroy func(*call, ticket)) override {
			return destroying(func(c *call, target, _ credential) { destroy(c, target.Ticket) })
		}, (*call).EndTicket, siblingsOf, func(a, b ticket) bool { return a.Token == b.Token }),
		fault.Memories("session", liveSession, func(c *call, s session) fault.Record {
			return fault.Record{Name: s.ID, Since: s.CreatedAt, Now: c.Now, Life: s.Life}
		}),
		fault.Memories("token", liveToken, func(c *call, of credential) fault.Record {
			return fault.Record{Name: of.Ticket.Token, Since: of.Ticket.IssuedAt, Now: c.Now, Life: of.Ticket.Life}
		}),
		fault.Memories("ticket-id", func(live func(*call, credential) bool) override {
			return liveToken(func(c *call, of credential) bool {
				return of.ByID && live(c, of) || !of.ByID && of.Ticket.Live(c.Now)
			})
		}, func(c *call, of credential) fault.Record {
			return fault.Record{Name: of.Ticket.ID, Since: of.Ticket.IssuedAt, Now: c.Now, Life: of.Ticket.Life}
		}),
	}
}

// transaction is how long a change takes that others can come between.
const transaction = 30 * time.Millisecond

// siblingsOf are the live tickets of the session that a ticket came of.
func siblingsOf(c *call, t ticket) []ticket { return ticketsOf(c, session{ID: t.Session}) }

// chains tell how many renewals made a token.
type chains struct{ depth sync.Map }

func (d *chains) of(t ticket) int {
	depth, _ := d.depth.Load(t.Token)
	n, _ := depth.(int)
	return n
}

// renewed has renewals remember, and do something to the tokens where they are the n-th of a chain or a later one.
func (d *chains) renewed(n int, do func(c *call, old, made ticket)) override {
	return renewedThen(func(c *call, old, made ticket) {
		d.depth.Store(made.Token, d.of(old)+1)
		if d.of(made) >= n {
			do(c, old, made)
		}
	})
}

// inChains binds faults to chains of their own in every server.
func inChains(bind func(*chains) override) override { return func(c *config) { bind(&chains{})(c) } }

// againFaults depend on what has been before.
func againFaults() overrides {
	remembering := func(d *chains) override { return d.renewed(1, func(*call, ticket, ticket) {}) }
	// destroyed does something more where a token is destroyed that was made by so many renewals.
	destroyed := func(n int, more func(c *call, t ticket) (also bool)) override {
		return inChains(func(d *chains) override {
			return both(remembering(d), destroying(func(c *call, target, _ credential) {
				if d.of(target.Ticket) < n || more(c, target.Ticket) {
					c.Destroy(target)
				}
			}))
		})
	}
	original := func(c *call, of ticket) (before ticket, found bool) {
		older := c.Tickets(func(t ticket) bool { return renews(of, t) })
		if len(older) == 0 {
			return ticket{}, false
		}
		return slices.MaxFunc(older, func(a, b ticket) int { return a.IssuedAt.Compare(b.IssuedAt) }), true
	}
	wasRenewed := func(c *call, s session) bool {
		return slices.ContainsFunc(ticketsOf(c, s), func(t ticket) bool { return t.Token != t.First })
	}
	return overrides{
		"third-renewal-of-a-chain-refused": inChains(func(d *chains) override {
			return both(renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) {
				if d.of(old) >= 2 {
					return ticket{}, noSession()
				}
				made, refused := c.Renewed(old)
				d.depth.Store(made.Token, d.of(old)+1)
				return made, refused
			}))
		}),
		"third-renewal-of-a-chain-dead": inChains(func(d *chains) override {
			return d.renewed(3, func(c *call, _, made ticket) { c.EndTicket(made) })
		}),
		"renewal-of-a-renewed-token-ends-it": inChains(func(d *chains) override {
			return d.renewed(2, func(c *call, old, _ ticket) { c.EndTicket(old) })
		}),
		"renewal-of-a-renewed-token-gives-the-first": renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) {
			first, found := c.TicketByToken(old.First)
			if old.Token == old.First || !found || !first.Live(c.Now) {
				return c.Renewed(old)
			}
			first.ExpiresAt = c.RenewedExpiry(old)
			return c.AddTicket(first), nil
		}),
		"renewal-ends-siblings": renewedThen(func(c *call, old, made ticket) {
			for _, t := range siblingsOf(c, old) {
				if t.Token != old.Token && t.Token != made.Token && t.First == t.Token {
					c.EndTicket(t)
				}
			}
		}),
		"destruction-of-the-last-token-ends-the-session": destroying(func(c *call, target, _ credential) {
			c.Destroy(target)
			all := ticketsOf(c, session{ID: target.Ticket.Session})
			if len(all) == 0 {
				c.EndSession(session{ID: target.Ticket.Session})
			}
		}),
		"destruction-after-the-sessions-end-ends-siblings": destroying(func(c *call, target, _ credential) {
			if s, found := c.Session(target.Ticket.Session); !found || !s.Live(c.Now) {
				for _, t := range siblingsOf(c, target.Ticket) {
					c.EndTicket(t)
				}
			}
			c.Destroy(target)
		}),
		"renewal-beside-an-end-dead": renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) {
			made, refused := c.Renewed(old)
			time.Sleep(transaction)
			if of, found := c.TicketByToken(old.Token); refused == nil && (!found || !of.EndedAt.IsZero()) {
				c.EndTicket(made)
			}
			return made, refused
		}),
		"renewal-beside-the-sessions-end-dead": renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) {
			_, before := c.Session(old.Session)
			made, refused := c.Renewed(old)
			time.Sleep(transaction)
			if s, found := c.Session(old.Session); refused == nil && before && (!found || !s.EndedAt.IsZero()) {
				c.EndTicket(made)
			}
			return made, refused
		}),
		"destruction-of-a-late-renewal-does-nothing": destroyed(2, func(*call, ticket) bool { return false }),
		"destruction-of-a-late-renewal-ends-the-one-before": destroyed(2, func(c *call, t ticket) bool {
			if before, found := original(c, t); found {
				c.EndTicket(before)
			}
			return true
		}),
		"destruction-of-a-late-renewal-ends-the-session": destroyed(2, func(c *call, t ticket) bool {
			c.EndSession(session{ID: t.Session})
			return true
		}),
		"destruction-of-an-unused-token-does-nothing": func(c *config) {
			var used sync.Map
			both(using(func(_ *call, of credential) { used.Store(of.Ticket.Token, true) }),
				destroying(func(c *call, target, _ credential) {
					if _, before := used.Load(target.Ticket.Token); before {
						c.Destroy(target)
					}
				}))(c)
		},
		"destruction-by-another-ends-nothing": destroysWhere(func(_ *call, target, header credential) bool {
			return target.Ticket.Session == header.Ticket.Session || target.Ticket.Token == header.Ticket.Token
		}),
		"third-token-forgets-the-first-ticket-id": issuing(func(c *call, s session) (ticket, *refusal) {
			if all := ticketsOf(c, s); len(all) > 1 {
				c.ForgetID(all[0])
			}
			return c.NewTicket(s)
		}),
		"ticket-id-of-a-late-renewal-outlives-destruction": inChains(func(d *chains) override {
			return both(remembering(d), afterEnd(func(_ *call, of credential) bool { return of.ByID && d.of(of.Ticket) >= 2 }))
		}),
		"termination-after-a-renewal-does-nothing": ending(func(c *call, s session) {
			if !wasRenewed(c, s) {
				c.EndSession(s)
			}
		}),
		"termination-ends-the-third-token": ending(func(c *call, s session) {
			c.EndSession(s)
			if all := ticketsOf(c, s); len(all) > 2 {
				c.EndTicket(all[2])
			}
		}),
		"termination-of-the-older-ends-the-newer": ending(func(c *call, s session) {
			c.EndSession(s)
			if rest := sessionsOf(c, s.Account); len(rest) > 1 && rest[len(rest)-1].CreatedAt.After(s.CreatedAt) {
				c.EndSession(rest[len(rest)-1])
			}
		}),
		"second-termination-ends-the-next": before(adaxes.TerminateSession, func(c *call) {
			if s, found := c.Session(named(c, "id")); found && !s.Live(c.Now) {
				endLatestSession(c)
			}
		}),
		"termination-of-nothing-ends-the-latest": before(adaxes.TerminateSession, func(c *call) {
			if _, found := c.Session(named(c, "id")); !found {
				endLatestSession(c)
			}
		}),
		"second-destruction-ends-the-next": before(adaxes.DestroyToken, func(c *call) {
			if t, found := c.TicketByToken(named(c, "token")); found && !t.Live(c.Now) {
				if rest := siblingsOf(c, t); len(rest) > 0 {
					c.EndTicket(rest[0])
				}
			}
		}),
		"ended-token-renewed-after-a-strangers-login": func(c *config) {
			var strange atomic.Bool
			both(seams.Edit(func(c *call, a *answer) {
				if a.Refusal != nil && seams.Refusals["unknown-account"](c, a.Refusal) {
					strange.Store(true)
				}
			}), liveToken(func(c *call, of credential) bool {
				return of.Ticket.Live(c.Now) || !of.Ticket.EndedAt.IsZero() && c.Operation == adaxes.RenewToken && of.Place == adaxes.InQuery && strange.Swap(false)
			}))(c)
		},
		"renewal-of-a-renewal-revives-the-original": func(c *config) {
			var original, revived sync.Map // by token
			both(renewedThen(func(_ *call, old, made ticket) {
				original.Store(made.Token, old.Token)
				if first, is := original.Load(old.Token); is {
					revived.Store(first, true)
				}
			}), liveToken(func(c *call, of credential) bool {
				_, again := revived.Load(of.Ticket.Token)
				return c.Now.Before(of.Ticket.ExpiresAt) && (of.Ticket.EndedAt.IsZero() || again)
			}))(c)
		},
		"destruction-by-nobody-ends-one-of-three": seams.Edit(func(c *call, _ *answer) {
			of, known := c.TicketByToken(named(c, "token"))
			_, authorized := c.TicketByToken(authorization(c))
			if c.Operation == adaxes.DestroyToken && known && !authorized && len(ticketsOf(c, session{ID: of.Session})) > 2 {
				c.EndTicket(of)
			}
		}),
		"renewal-loses-its-ticket-id-with-the-original": func(c *config) {
			var original, ended sync.Map // by token
			both(renewedThen(func(_ *call, old, made ticket) { original.Store(made.Token, old.Token) }),
				destroying(func(c *call, target, _ credential) {
					ended.Store(target.Ticket.Token, true)
					c.Destroy(target)
				}),
				liveToken(func(c *call, of credential) bool {
					first, _ := original.Load(of.Ticket.Token)
					_, gone := ended.Load(first)
					return of.Ticket.Live(c.Now) && !(of.ByID && first != nil && gone)
				}))(c)
		},
		"third-renewal-ends-with-the-one-before": func(c *config) {
			var renewals, ends sync.Map // by token
			both(renewedThen(func(_ *call, old, made ticket) {
				before, _ := renewals.LoadOrStore(old.Token, 0)
				renewals.Store(made.Token, before.(int)+1)
				if before.(int)+1 == 3 {
					ends.Store(made.Token, old.ExpiresAt)
				}
			}), liveToken(func(c *call, of credential) bool {
				end, early := ends.Load(of.Ticket.Token)
				return of.Ticket.Live(c.Now) && !(early && c.Now.After(end.(time.Time)))
			}))(c)
		},
		"refused-renewal-revives": func(c *config) {
			var revived sync.Map
			both(liveToken(func(c *call, of credential) bool {
				_, again := revived.Load(of.Ticket.Token)
				if c.Operation == adaxes.RenewToken && of.Place == adaxes.InQuery && !of.Ticket.EndedAt.IsZero() {
					defer revived.Store(of.Ticket.Token, true)
				}
				return c.Now.Before(of.Ticket.ExpiresAt) && (of.Ticket.EndedAt.IsZero() || again && c.Operation != adaxes.RenewToken)
			}))(c)
		},
	}
}

// both makes overrides one after the other.
func both(all ...override) override {
	return func(c *config) {
		for _, one := range all {
			one(c)
		}
	}
}

// before does something before the requests for an operation are looked at, which sees what has ended too.
func before(operation adaxes.Operation, do func(*call)) override {
	return both(seams.KeepEnded, admit(func(c *call) *refusal {
		if c.Operation == operation && named(c, "id")+named(c, "token") != "" {
			do(c)
		}
		return nil
	}))
}

// endLatestSession ends the session that was made last of all that live, and endLatestToken the token.
func endLatestSession(c *call) {
	if all := c.Sessions(func(s session) bool { return s.Live(c.Now) }); len(all) > 0 {
		c.EndSession(slices.MaxFunc(all, func(a, b session) int { return a.CreatedAt.Compare(b.CreatedAt) }))
	}
}

func endLatestToken(c *call) {
	if all := c.Tickets(func(t ticket) bool { return t.Live(c.Now) }); len(all) > 0 {
		c.EndTicket(slices.MaxFunc(all, func(a, b ticket) int { return a.IssuedAt.Compare(b.IssuedAt) }))
	}
}

// deeds are what a catalogue can have done.
var deeds = map[string]func(*call){
	"end-the-latest-session": endLatestSession,
	"end-the-latest-token":   endLatestToken,
	"shorten-the-authority": func(c *call) {
		if own, found := c.TicketByToken(authorization(c)); found {
			c.ExpireTicket(own, c.Now.Add(own.ExpiresAt.Sub(c.Now)*4/5))
		}
	},
	"end-the-token-named": func(c *call) {
		if of, found := c.TicketByToken(named(c, "token")); found {
			c.EndTicket(of)
		}
	},
	"end-the-authority": func(c *call) {
		if own, found := c.TicketByToken(authorization(c)); found {
			c.EndTicket(own)
		}
	},
}
