package adaxes

import (
	"net/url"
	"slices"
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

// renewalFaults break what renewals promise (ADX-REN-01 to ADX-REN-15).
func renewalFaults() []Fault {
	return slices.Concat(renewalAnswerFaults(), renewedTokenFaults(), renewalRightFaults())
}

// renewalAnswerFaults change the answer to a granted renewal (ADX-REN-01).
func renewalAnswerFaults() []Fault {
	of := func(name string) spoilt { return member(adaxes.RenewToken, name) }
	return slices.Concat(
		seams.Statuses("renewal", adaxes.RenewToken, 7)("ADX-REN-01", "", "renewal-created-201", "renewal-answered-204",
			"renewal-fails-now-and-then"),
		breaks("ADX-REN-01", "/sid", Fault{Name: "renewal-without-sid-now-and-then",
			Story: "every third renewal is answered from a cache that keeps no SID", Apply: everyGranted(3, adaxes.RenewToken, drop("sid"))}),
		breaks("ADX-REN-01", "/id", of("id").Missing("renewed-id-missing", "only what changes is sent")),
		breaks("ADX-REN-01", "/token", of("token").Renamed("access_token", "renewed-token-renamed", "the member is named as OAuth names it")),
		breaks("ADX-REN-01", "/applications", of("applications").Missing("renewed-applications-missing", "only what changes is sent")),
		shapes("ADX-REN-01", "renewal", adaxes.RenewToken),
		dates("ADX-REN-01", "renewal", adaxes.RenewToken),
		written("renewal", adaxes.RenewToken)("ADX-REN-04", "an expiry later than the old token's", "renewal-expiry-in-the-past"),
		breaks("ADX-REN-05", "the sid of the old ticket", of("sid").As("S-1-5-21-1-2-3-1000",
			"renewed-sid-of-another", "the answer names the account that the service runs as")),
		breaks("ADX-REN-05", "the applications of the old ticket", of("applications").As([]string{"<REST API>"},
			"renewed-applications-written-otherwise", "the name is bare at the issue and in brackets at the renewal")),
	)
}

// renewedTokenFaults break what a renewal gives (ADX-REN-02 to ADX-REN-09).
func renewedTokenFaults() []Fault {
	orphan := func(c *call, old ticket) bool { s, found := c.Session(old.Session); return !found || !s.Live(c.Now) }
	return slices.Concat(
		breaks("ADX-REN-01", "",
			Fault{Name: "renewed-token-not-renewed", Reason: "a token that was renewed itself gives a token",
				Story: "a token may be renewed once, against clients that keep one for ever",
				Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
					if old.Token != old.First {
						return ticket{}, noSession()
					}
					return c.Renewed(old)
				})},
			Fault{Name: "renewal-of-its-own-token-alone", Reason: "a token renewed by the authority of another gives a token",
				Story: "the parameter must repeat the header, as if it were there to confirm it",
				Apply: renewing(func(c *call, old ticket, header credential) (ticket, *refusal) {
					if header.Ticket.First != old.First {
						return ticket{}, noSession()
					}
					return c.Renewed(old)
				})}),
		breaks("ADX-REN-07", "the old token shortly before its own expiresAtUtc works", Fault{Name: "old-token-ends-soon-after-renewal",
			Story: "the old token is left a moment for requests that are under way",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				if soon := c.Now.Add(propagation); soon.Before(old.ExpiresAt) {
					c.ExpireTicket(old, soon)
				}
				return c.Renewed(old)
			})}),
		breaks("ADX-TOK-10", "the id of a renewed ticket works", Fault{Name: "renewed-ticket-id-dead",
			Story: "a renewal stores the token and forgets the ticket", Apply: renewedThen(func(c *call, _, made ticket) { c.ForgetID(made) })}),
		breaks("ADX-REN-02", "another token than the old one", Fault{Name: "renewal-gives-the-old-token",
			Story: "a renewal moves the expiry of the token that is there",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				old.ExpiresAt = c.RenewedExpiry(old)
				return c.AddTicket(old), nil
			})}),
		breaks("ADX-REN-03", "the renewed token works", Fault{Name: "renewed-token-dead",
			Story: "the transaction that stores the token is rolled back",
			Apply: renewedThen(func(c *call, _, made ticket) { c.EndTicket(made) })}),
		breaks("ADX-REN-04", "an expiry later than the old token's",
			Fault{Name: "renewed-token-with-the-old-expiry", Story: "the row of the old token is copied",
				Apply: extending(func(_ *call, old ticket) time.Time { return old.ExpiresAt })},
			Fault{Name: "renewed-token-shorter-lived", Story: "a renewal is granted half of a lifetime",
				Apply: extending(func(c *call, old ticket) time.Time { return c.Now.Add(old.ExpiresAt.Sub(old.IssuedAt) / 2) })}),
		breaks("ADX-REN-07", "the old token after its renewal works", Fault{Name: "renewal-ends-the-old-token",
			Story: "tokens rotate, as refresh tokens do",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				c.EndTicket(old)
				return c.Renewed(old)
			})}),
		breaks("ADX-REN-08", "",
			Fault{Name: "renewal-needs-the-session", Reason: "a token whose session has ended gives a token",
				Story: "the new token is issued by the session of the old one",
				Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
					if orphan(c, old) {
						return ticket{}, noSession()
					}
					return c.Renewed(old)
				})},
			Fault{Name: "renewed-without-session-dead", Reason: "the token from a token whose session has ended works",
				Story: "a token is stored with its session, which is gone",
				Apply: renewedThen(func(c *call, old, made ticket) {
					if orphan(c, old) {
						c.EndTicket(made)
					}
				})}),
		breaks("ADX-REN-09", "a percent-encoded token gives a token",
			Fault{Name: "renewal-does-not-decode", Story: "the query is cut at its ampersands and not decoded",
				Apply: renewalTarget(func(c *call) (string, bool) { return c.RawQuery("token") })},
			Fault{Name: "renewal-decodes-twice", Story: "a proxy decodes the query and so does the server, which makes a blank of a plus",
				Apply: renewalTarget(func(c *call) (string, bool) {
					once, given := c.Query("token")
					twice, err := url.QueryUnescape(once)
					return twice, given && err == nil
				})},
			Fault{Name: "renewal-decodes-some", Story: "a rewrite rule knows the codes of plus, slash and equals alone",
				Apply: renewalTarget(func(c *call) (string, bool) {
					raw, given := c.RawQuery("token")
					return strings.NewReplacer("%2B", "+", "%2F", "/", "%3D", "=").Replace(raw), given
				})}),
	)
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

// renewalRightFaults break who may renew what (ADX-REN-10 to ADX-REN-15).
func renewalRightFaults() []Fault {
	return slices.Concat(
		breaks("ADX-REN-10", "a renewal without Adm-Authorization gives no token", Fault{Name: "renewal-without-credential",
			Story: "the token in the query is right enough", Apply: authorizing(adaxes.RenewToken, none)}),
		breaks("ADX-REN-11", "",
			Fault{Name: "renewal-with-any-credential", Reason: "a renewal with a made-up Adm-Authorization gives no token",
				Story: "the filter looks whether there is a header, not what is in it", Apply: authorizing(adaxes.RenewToken, some)},
			Fault{Name: "renewal-by-a-destroyed-token", Reason: "a renewal by the authority of a destroyed token gives no token",
				Story: "the filter checks the token's signature and never asks the store",
				Apply: liveToken(func(c *call, of credential) bool {
					return unexpired(c, of) && (unended(of) || c.Operation == adaxes.RenewToken && of.Place == adaxes.InHeader)
				})}),
		breaks("ADX-REN-12", "",
			Fault{Name: "renewal-without-token-renews-the-header", Reason: "a renewal without the token parameter gives no token",
				Story: "without a parameter the request is taken to be about its own token",
				Apply: renewalTarget(func(c *call) (string, bool) {
					if text, given := c.Query("token"); given {
						return text, true
					}
					return authorization(c), true
				})},
			Fault{Name: "renewal-without-token-crashes", Reason: "a renewal without the token parameter is refused",
				Story: "the parameter is decoded without a look whether there is one",
				Apply: crashesOn(adaxes.RenewToken, func(c *call) bool { _, given := c.Query("token"); return !given })}),
		ofKind("renewal-of-unknown-token", adaxes.UnknownToken)("ADX-REN-13", "the renewal of an unknown token is refused",
			"renewal-of-unknown-token-crashes", "renewal-of-unknown-token-answered-200"),
		breaks("ADX-REN-13", "the renewal of an unknown token gives no token", Fault{Name: "renewal-ignores-its-parameter",
			Story: "the token in the header is renewed, whatever the query names",
			Apply: renewalTarget(func(c *call) (string, bool) { return authorization(c), true })}),
		breaks("ADX-REN-14", "a renewal by ticket id gives a token",
			Fault{Name: "renewal-not-by-ticket-id", Story: "the parameter is looked up among tokens alone",
				Apply: notByID(func(_ *call, place adaxes.Place) bool { return place == adaxes.InQuery })},
			Fault{Name: "renewal-not-allowed-by-ticket-id", Story: "a renewal wants a real token in its header",
				Apply: notByID(func(c *call, place adaxes.Place) bool {
					return place == adaxes.InHeader && c.Operation == adaxes.RenewToken
				})},
			Fault{Name: "renewal-by-ticket-id-dead", Reason: "the token from a renewal by ticket id works",
				Story: "the new token is stored for a ticket id that is not known as a token",
				Apply: renewedThen(func(c *call, old, made ticket) {
					if named(c, "token") == old.ID {
						c.EndTicket(made)
					}
				})}),
		breaks("ADX-REN-15", "an answer that is not 5xx",
			Fault{Name: "renewal-of-blank-token-crashes", Story: "an empty key is an argument out of range in the store's library",
				Apply: crashesOn(adaxes.RenewToken, func(c *call) bool { return named(c, "token") == "" && authorization(c) != "" })},
			Fault{Name: "renewal-of-nothing-by-nobody-crashes", Story: "the message for the log joins two nulls",
				Apply: crashesOn(adaxes.RenewToken, func(c *call) bool { return named(c, "token") == "" && authorization(c) == "" })}),
	)
}
