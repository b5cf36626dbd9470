package adaxes

import (
	"net/url"
	"strings"
	"time"

	"example.org/conform/harness/reference/adaxes"
)

// renewed replaces what a renewal does: it sees the old ticket and the one that the server itself would give.
func renewed(other func(c *call, old ticket) (ticket, *refusal)) override {
	return renewing(func(c *call, old ticket, _ credential) (ticket, *refusal) { return other(c, old) })
}

// renewedThen does something to the tokens after a renewal.
func renewedThen(do func(c *call, old, made ticket)) override {
	return renewed(func(c *call, old ticket) (ticket, *refusal) {
		made, refused := c.Renewed(old)
		if refused == nil {
			do(c, old, made)
		}
		return made, refused
	})
}

// renewedTokenFaults break what a renewal gives.
func renewedTokenFaults() overrides {
	orphan := func(c *call, old ticket) bool { s, found := c.Session(old.Session); return !found || !s.Live(c.Now) }
	return overrides{
		"renewed-token-not-renewed": renewed(func(c *call, old ticket) (ticket, *refusal) {
			if old.Token != old.First {
				return ticket{}, noSession()
			}
			return c.Renewed(old)
		}),
		"renewal-of-its-own-token-alone": renewing(func(c *call, old ticket, header credential) (ticket, *refusal) {
			if header.Ticket.First != old.First {
				return ticket{}, noSession()
			}
			return c.Renewed(old)
		}),
		"old-token-ends-soon-after-renewal": renewed(func(c *call, old ticket) (ticket, *refusal) {
			if soon := c.Now.Add(propagation); soon.Before(old.ExpiresAt) {
				c.ExpireTicket(old, soon)
			}
			return c.Renewed(old)
		}),
		"renewed-ticket-id-dead": renewedThen(func(c *call, _, made ticket) { c.ForgetID(made) }),
		"renewal-gives-the-old-token": renewed(func(c *call, old ticket) (ticket, *refusal) {
			old.ExpiresAt = c.RenewedExpiry(old)
			return c.AddTicket(old), nil
		}),
		"renewed-token-dead":                renewedThen(func(c *call, _, made ticket) { c.EndTicket(made) }),
		"renewed-token-with-the-old-expiry": extending(func(_ *call, old ticket) time.Time { return old.ExpiresAt }),
		"renewed-token-shorter-lived": extending(func(c *call, old ticket) time.Time {
			return c.Now.Add(old.ExpiresAt.Sub(old.IssuedAt) / 2)
		}),
		"renewal-ends-the-old-token": renewed(func(c *call, old ticket) (ticket, *refusal) {
			c.EndTicket(old)
			return c.Renewed(old)
		}),
		"renewal-needs-the-session": renewed(func(c *call, old ticket) (ticket, *refusal) {
			if orphan(c, old) {
				return ticket{}, noSession()
			}
			return c.Renewed(old)
		}),
		"renewed-without-session-dead": renewedThen(func(c *call, old, made ticket) {
			if orphan(c, old) {
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

// renewalRightFaults break who may renew what.
var renewalRightFaults = overrides{
	"renewal-without-credential":  authorizing(adaxes.RenewToken, none),
	"renewal-with-any-credential": authorizing(adaxes.RenewToken, some),
	"renewal-by-a-destroyed-token": liveToken(func(c *call, of credential) bool {
		return unexpired(c, of) && (unended(of) || c.Operation == adaxes.RenewToken && of.Place == adaxes.InHeader)
	}),
	"renewal-without-token-renews-the-header": renewalTarget(func(c *call) (string, bool) {
		if text, given := c.Query("token"); given {
			return text, true
		}
		return authorization(c), true
	}),
	"renewal-ignores-its-parameter": renewalTarget(func(c *call) (string, bool) { return authorization(c), true }),
	"renewal-not-by-ticket-id":      notByID(func(_ *call, place adaxes.Place) bool { return place == adaxes.InQuery }),
	"renewal-not-allowed-by-ticket-id": notByID(func(c *call, place adaxes.Place) bool {
		return place == adaxes.InHeader && c.Operation == adaxes.RenewToken
	}),
	"renewal-by-ticket-id-dead": renewedThen(func(c *call, old, made ticket) {
		if named(c, "token") == old.ID {
			c.EndTicket(made)
		}
	}),
}
