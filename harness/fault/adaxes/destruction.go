package adaxes

import (
	"net/http"
	"slices"
	"sync"

	"example.org/conform/harness/reference/adaxes"
)

// refusesDestruction refuses destructions of tokens of a kind.
func refusesDestruction(code int, where func(c *call, t ticket, found bool) bool) override {
	return admitKnowing(adaxes.DestroyToken, code, func(c *call) bool {
		t, found := c.TicketByToken(named(c, "token"))
		return named(c, "token") != "" && where(c, t, found)
	})
}

// destructionFaults break what the destruction of a token promises (ADX-DST-01 to ADX-DST-16).
func destructionFaults() []Fault {
	// spares destroys those alone that are as is says.
	spares := func(is func(c *call, t ticket) bool) override {
		return destroying(func(c *call, target, _ credential) {
			if is(c, target.Ticket) {
				c.Destroy(target)
			}
		})
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
	return slices.Concat(
		seams.Statuses("destruction", adaxes.DestroyToken, 2)("ADX-DST-01", "", "destruction-answered-200",
			"destruction-answered-200-now-and-then"),
		breaks("ADX-DST-01", "409", Fault{Name: "destruction-by-itself-refused", Story: "a token that is in use is guarded",
			Apply: refusesDestruction(http.StatusConflict, func(c *call, t ticket, found bool) bool {
				return found && t.Live(c.Now) && t.Token == authorization(c)
			})}),
		breaks("ADX-DST-02", "404", Fault{Name: "second-destruction-404", Story: "a token that is destroyed is a resource that is not found",
			Apply: refusesDestruction(http.StatusNotFound, func(_ *call, t ticket, found bool) bool { return found && !t.EndedAt.IsZero() })}),
		breaks("ADX-DST-03", "404", Fault{Name: "destruction-of-unknown-token-404",
			Story: "a token that is not known is a resource that is not found",
			Apply: refusesDestruction(http.StatusNotFound, func(_ *call, _ ticket, found bool) bool { return !found })}),
		breaks("ADX-DST-04", "the probe with a destroyed token is refused",
			Fault{Name: "destruction-does-nothing", Story: "tokens carry their own expiry and are not looked up",
				Apply: destroying(func(*call, credential, credential) {})},
			Fault{Name: "destruction-spares-renewed-tokens", Reason: "the probe with a renewed token that was destroyed is refused",
				Story: "a chain of renewals is found by its first token alone",
				Apply: spares(func(_ *call, t ticket) bool { return t.Token == t.First })},
			Fault{Name: "destruction-spares-what-was-renewed",
				Reason: "the probe with an old token that was destroyed after its renewal is refused",
				Story:  "of a chain of renewals only the newest token can be named",
				Apply: spares(func(c *call, named ticket) bool {
					return len(c.Tickets(func(t ticket) bool { return renews(t, named) && t.Live(c.Now) })) == 0
				})},
			Fault{Name: "destruction-needs-the-session",
				Reason: "the probe with a token that was destroyed after its session was terminated is refused",
				Story:  "tokens are destroyed through the session that they belong to",
				Apply:  spares(func(c *call, t ticket) bool { _, found := c.Session(t.Session); return found })},
			Fault{Name: "destruction-takes-effect-late", Story: "tokens are cached for a while",
				Apply: liveToken(func(c *call, of credential) bool { return late(c, of.Ticket.Life) })},
			Fault{Name: "destruction-on-one-instance", Reason: "the probe with a token destroyed on another instance is refused",
				Story: "each instance has a cache of tokens that the others do not clear",
				Apply: func(c *config) {
					var ended sync.Map // the instance by token
					keepEnded(c)
					c.Rules.Tickets.Destroy = func(c *call, target, _ credential) {
						c.Destroy(target)
						ended.Store(target.Ticket.Token, c.Instance)
					}
					c.Rules.Tickets.Live = func(c *call, of credential) bool {
						on, known := ended.Load(of.Ticket.Token)
						return c.Now.Before(of.Ticket.ExpiresAt) && (!known || on != c.Instance)
					}
				}}),
		breaks("ADX-DST-05", "the ticket id of a destroyed token is refused", Fault{Name: "ticket-id-outlives-destruction",
			Story: "tokens and ticket ids are in two tables, and one is forgotten",
			Apply: liveToken(func(c *call, of credential) bool { return unexpired(c, of) && (unended(of) || of.ByID) })}),
		breaks("ADX-DST-06", "the renewal of a destroyed token gives no token", Fault{Name: "destroyed-token-renewed",
			Story: "a renewal looks at the date of expiry alone",
			Apply: liveToken(func(c *call, of credential) bool {
				return unexpired(c, of) && (unended(of) || of.Place == adaxes.InQuery)
			})}),
		breaks("ADX-DST-07", "the session of a destroyed token gives a token", Fault{Name: "destruction-ends-the-session",
			Story: "a destruction is a sign-out",
			Apply: destroying(func(c *call, target, _ credential) {
				c.Destroy(target)
				if s, found := c.Session(target.Ticket.Session); found {
					c.EndSession(s)
				}
			})}),
		breaks("ADX-DST-08", "another token of the same session works",
			Fault{Name: "destruction-ends-siblings", Story: "tokens are deleted by their session",
				Apply: also(func(named, other ticket) bool { return named.Session == other.Session })},
			Fault{Name: "destruction-ends-the-tokens-of-the-account", Story: "the account is signed out everywhere",
				Apply: also(func(named, other ticket) bool { return named.Account.Username == other.Account.Username })}),
		breaks("ADX-DST-09", "",
			Fault{Name: "destruction-ends-renewed-tokens", Reason: "the renewed token works",
				Story: "a token refers to the one that it was renewed from, and rows go with the row that they refer to",
				Apply: also(func(named, other ticket) bool { return renews(other, named) })},
			Fault{Name: "destruction-ends-older-tokens", Reason: "the old token works", Story: "the chain of renewals is cleared up to the token",
				Apply: also(renews)}),
		breaks("ADX-DST-10", "",
			Fault{Name: "destruction-ends-the-header-instead", Reason: "the probe with the token named in the query is refused",
				Story: "the request's own token is destroyed, whatever the query names",
				Apply: destroying(func(c *call, _, header credential) { c.Destroy(header) })},
			Fault{Name: "destruction-ends-the-header-too", Reason: "the token in Adm-Authorization works",
				Story: "who destroys a token is signed out",
				Apply: destroying(func(c *call, target, header credential) { c.Destroy(target); c.Destroy(header) })},
			Fault{Name: "destruction-of-unknown-token-ends-the-header", Reason: "the token by whose authority an unknown one was destroyed works",
				Story: "where the parameter names no token, the request's own is meant",
				Apply: admit(func(c *call) *refusal {
					token := named(c, "token")
					if _, found := c.TicketByToken(token); c.Operation == adaxes.DestroyToken && token != "" && !found {
						if own, ok := c.TicketByToken(authorization(c)); ok {
							c.EndTicket(own)
						}
					}
					return nil
				})}),
		breaks("ADX-DST-13", "",
			Fault{Name: "destruction-without-credential", Reason: "a token destroyed without a valid Adm-Authorization works",
				Story: "whoever knows a token may destroy it", Apply: authorizing(adaxes.DestroyToken, none)},
			Fault{Name: "destruction-with-any-credential", Reason: "a token destroyed without a valid Adm-Authorization works",
				Story: "the filter looks whether there is a header, not what is in it", Apply: authorizing(adaxes.DestroyToken, some)}),
		breaks("ADX-DST-16", "",
			Fault{Name: "destruction-without-token-crashes", Reason: "with no token",
				Story: "the parameter is decoded without a look whether there is one",
				Apply: crashesOn(adaxes.DestroyToken, func(c *call) bool { return named(c, "token") == "" })},
			Fault{Name: "destruction-without-credential-crashes", Reason: "with nothing that authorizes it",
				Story: "the header is read without a look whether there is one",
				Apply: crashesOn(adaxes.DestroyToken, func(c *call) bool { return named(c, "token") != "" && authorization(c) == "" })}),
	)
}

// renews tells whether a ticket was made by renewals of another.
func renews(newer, older ticket) bool {
	return newer.First == older.First && newer.IssuedAt.After(older.IssuedAt)
}
