package adaxes

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// renewed has renewals do something first, as which they may refuse themselves.
func renewed(first func(c *call, old ticket, header credential) (may bool)) override {
	return renewing(func(c *call, old ticket, header credential) (ticket, *refusal) {
		if !first(c, old, header) {
			return ticket{}, noSession()
		}
		return c.Renewed(old)
	})
}

// renewedThen does something to the tokens after a renewal.
func renewedThen(do func(c *call, old, made ticket)) override {
	return renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) {
		made, refused := c.Renewed(old)
		if refused == nil {
			do(c, old, made)
		}
		return made, refused
	})
}

// orphan tells whether the session of a ticket is gone.
func orphan(c *call, t ticket) bool {
	s, found := c.Session(t.Session)
	return !found || !s.Live(c.Now)
}

// renewalFaults break what a renewal gives, and who may renew what.
var renewalFaults = overrides{
	"renewal-for-the-owner-of-its-authority": renewing(func(c *call, old ticket, by credential) (ticket, *refusal) {
		old.Account = by.Ticket.Account
		return c.Renewed(old)
	}),
	"termination-ends-what-its-token-renewed": authorities(func(c *config, endRenewedBy func(*call, func(authority ticket) bool)) {
		c.Rules.Sessions.End = func(c *call, s session) {
			c.EndSession(s)
			endRenewedBy(c, func(authority ticket) bool { return authority.Session == s.ID })
		}
	}),
	"destruction-ends-what-its-authority-renewed": authorities(func(c *config, endRenewedBy func(*call, func(authority ticket) bool)) {
		c.Rules.Tickets.Destroy = func(c *call, target, _ credential) {
			c.Destroy(target)
			endRenewedBy(c, func(authority ticket) bool { return authority.Token == target.Ticket.Token })
		}
	}),
	"token-extended-by-authorizing-a-renewal": renewed(func(c *call, old ticket, by credential) bool {
		if by.Ticket.Token != old.Token {
			c.ExpireTicket(by.Ticket, c.Now.Add(by.Ticket.ExpiresAt.Sub(by.Ticket.IssuedAt)))
		}
		return true
	}),
	"renewed-token-not-renewed":      renewed(func(_ *call, old ticket, _ credential) bool { return old.Token == old.First }),
	"renewal-of-its-own-token-alone": renewed(func(_ *call, old ticket, by credential) bool { return by.Ticket.First == old.First }),
	"renewal-needs-the-session":      renewed(func(c *call, old ticket, _ credential) bool { return !orphan(c, old) }),
	"renewal-ends-the-old-token":     renewed(func(c *call, old ticket, _ credential) bool { c.EndTicket(old); return true }),
	"old-token-ends-soon-after-renewal": renewed(func(c *call, old ticket, _ credential) bool {
		if soon := c.Now.Add(propagation); soon.Before(old.ExpiresAt) {
			c.ExpireTicket(old, soon)
		}
		return true
	}),
	"renewal-gives-the-old-token": renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) {
		old.ExpiresAt = c.RenewedExpiry(old)
		return c.AddTicket(old), nil
	}),
	"renewed-token-with-the-old-expiry": extending(func(_ *call, old ticket) time.Time { return old.ExpiresAt }),
	"second-renewal-with-the-old-expiry": extending(func(c *call, old ticket) time.Time {
		if old.Token != old.First {
			return old.ExpiresAt
		}
		return c.Now.Add(old.ExpiresAt.Sub(old.IssuedAt))
	}),
	"renewed-token-shorter-lived": extending(func(c *call, old ticket) time.Time {
		return c.Now.Add(old.ExpiresAt.Sub(old.IssuedAt) / 2)
	}),
	"renewed-ticket-id-dead": renewedThen(func(c *call, _, made ticket) { c.ForgetID(made) }),
	"renewed-token-dead":     renewedThen(func(c *call, _, made ticket) { c.EndTicket(made) }),
	"renewed-without-session-dead": renewedThen(func(c *call, old, made ticket) {
		if orphan(c, old) {
			c.EndTicket(made)
		}
	}),
	"renewal-by-ticket-id-dead": renewedThen(func(c *call, old, made ticket) {
		if named(c, "token") == old.ID {
			c.EndTicket(made)
		}
	}),

	"renewal-does-not-decode": renewalTarget(func(c *call) (string, bool) { return c.RawQuery("token") }),
	"renewal-decodes-twice": renewalTarget(func(c *call) (string, bool) {
		once, given := c.Query("token")
		twice, err := url.QueryUnescape(once)
		return twice, given && err == nil
	}),
	"renewal-decodes-some": renewalTarget(func(c *call) (string, bool) {
		raw, given := c.RawQuery("token")
		return strings.NewReplacer("%2B", "+", "%2F", "/", "%3D", "=").Replace(raw), given
	}),
	"renewal-without-token-renews-the-header": renewalTarget(func(c *call) (string, bool) {
		if text, given := c.Query("token"); given {
			return text, true
		}
		return authorization(c), true
	}),
	"renewal-ignores-its-parameter": renewalTarget(func(c *call) (string, bool) { return authorization(c), true }),

	"renewal-without-credential":  authorizing(adaxes.RenewToken, anonymous),
	"renewal-with-any-credential": authorizing(adaxes.RenewToken, identified),
	"renewal-by-a-session-id": authorizing(adaxes.RenewToken, func(c *call) bool {
		_, found := c.Session(authorization(c))
		return found
	}),
	"renewal-of-a-session-id": finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
		if s, found := c.Session(text); found && place == adaxes.InQuery && c.Operation == adaxes.RenewToken {
			if t, any := fault.First(ticketsOf(c, s)); any {
				return credential{Ticket: t, Place: place}, true
			}
		}
		return c.Find(text, place)
	}),
	"renewal-by-a-destroyed-token": afterEnd(func(c *call, of credential) bool {
		return c.Operation == adaxes.RenewToken && of.Place == adaxes.InHeader
	}),
	"renewal-by-an-expired-token": liveToken(func(c *call, of credential) bool {
		return of.Ticket.Live(c.Now) || c.Operation == adaxes.RenewToken && of.Place == adaxes.InHeader && of.Ticket.EndedAt.IsZero()
	}),
	"renewal-not-by-ticket-id": notByID(func(_ *call, place adaxes.Place) bool { return place == adaxes.InQuery }),
	"renewal-not-allowed-by-ticket-id": notByID(func(c *call, place adaxes.Place) bool {
		return place == adaxes.InHeader && c.Operation == adaxes.RenewToken
	}),
}

// authorities keeps by which other token each was renewed. What it makes can end those.
func authorities(wreak func(c *config, endRenewedBy func(*call, func(authority ticket) bool))) override {
	return func(c *config) {
		var by sync.Map // ticket, by the token that it authorized
		c.Rules.Tickets.Renew = func(c *call, old ticket, header credential) (ticket, *refusal) {
			made, refused := c.Renewed(old)
			if refused == nil && header.Ticket.Token != old.Token {
				by.Store(made.Token, header.Ticket)
			}
			return made, refused
		}
		wreak(c, func(c *call, is func(authority ticket) bool) {
			for _, t := range c.Tickets(func(t ticket) bool { authority, other := by.Load(t.Token); return other && is(authority.(ticket)) }) {
				c.EndTicket(t)
			}
		})
	}
}

// renewalTarget changes how a renewal finds the token that it is about.
func renewalTarget(target func(*call) (string, bool)) override {
	return targeting(func(c *call) (string, bool) {
		if c.Operation != adaxes.RenewToken {
			return c.Query("token")
		}
		return target(c)
	})
}
