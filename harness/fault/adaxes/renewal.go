package adaxes

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/reference/adaxes"
)

// renewed replaces what a renewal does: it sees the old ticket and the one that the server itself would give.
func renewed(other func(c *call, old ticket) (ticket, *refusal)) override {
	return func(c *config) {
		c.Rules.Tickets.Renew = func(c *call, old ticket, _ credential) (ticket, *refusal) { return other(c, old) }
	}
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
	answered := func(changes ...func(*answer)) override { return granted(adaxes.RenewToken, changes...) }
	faults := []Fault{
		{Name: "renewal-created-201", Requirement: "ADX-REN-01", Story: "the framework answers a creation with 201", Reason: "201",
			Apply: answered(status(http.StatusCreated))},
		{Name: "renewal-answered-204", Requirement: "ADX-REN-01", Story: "the renewed token goes into a cookie", Reason: "204",
			Apply: answered(func(a *answer) { a.Status, a.Members = http.StatusNoContent, nil })},
		{Name: "renewal-fails-now-and-then", Requirement: "ADX-REN-01", Story: "every seventh renewal meets a store that is locked for a backup", Reason: "500",
			Apply: everyGranted(7, adaxes.RenewToken, crashed)},
		{Name: "renewal-without-sid-now-and-then", Requirement: "ADX-REN-01", Story: "every third renewal is answered from a cache that keeps no SID", Reason: "/sid",
			Apply: everyGranted(3, adaxes.RenewToken, drop("sid"))},
		{Name: "renewed-id-missing", Requirement: "ADX-REN-01", Story: "only what changes is sent", Reason: "/id", Apply: answered(drop("id"))},
		{Name: "renewed-token-renamed", Requirement: "ADX-REN-01", Story: "the member is named as OAuth names it", Reason: "/token",
			Apply: answered(rename("token", "access_token"))},
		{Name: "renewed-applications-missing", Requirement: "ADX-REN-01", Story: "only what changes is sent", Reason: "/applications",
			Apply: answered(drop("applications"))},
	}
	faults = append(faults, shapes("renewal", "ADX-REN-01", adaxes.RenewToken)...)
	for _, f := range dates("renewal", "ADX-REN-01", adaxes.RenewToken) {
		if f.Name == "renewal-expiry-in-the-past" {
			f.Requirement, f.Reason = "ADX-REN-04", "an expiry later than the old token's"
		}
		faults = append(faults, f)
	}
	return faults
}

// renewedTokenFaults break what a renewal gives (ADX-REN-02 to ADX-REN-09).
func renewedTokenFaults() []Fault {
	answered := func(changes ...func(*answer)) override { return granted(adaxes.RenewToken, changes...) }
	return []Fault{
		{Name: "renewed-token-not-renewed", Requirement: "ADX-REN-01", Story: "a token may be renewed once, against clients that keep one for ever", Reason: "a token that was renewed itself is renewed",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				if old.Token != old.First {
					return ticket{}, gone(http.StatusNotFound)
				}
				return c.Renewed(old)
			})},
		{Name: "renewal-of-its-own-token-alone", Requirement: "ADX-REN-01", Story: "the parameter must repeat the header, as if it were there to confirm it", Reason: "a token renewed by the authority of another is renewed",
			Apply: func(c *config) {
				c.Rules.Tickets.Renew = func(c *call, old ticket, header credential) (ticket, *refusal) {
					if header.Ticket.First != old.First {
						return ticket{}, gone(http.StatusNotFound)
					}
					return c.Renewed(old)
				}
			}},
		{Name: "old-token-ends-soon-after-renewal", Requirement: "ADX-REN-07", Story: "the old token is left a moment for requests that are under way", Reason: "the old token shortly before its own expiresAtUtc works",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				if soon := c.Now.Add(propagation); soon.Before(old.ExpiresAt) {
					c.ExpireTicket(old, soon)
				}
				return c.Renewed(old)
			})},
		{Name: "renewed-ticket-id-dead", Requirement: "ADX-TOK-10", Story: "a renewal stores the token and forgets the ticket", Reason: "the id of a renewed ticket works",
			Apply: renewedThen(func(c *call, _, made ticket) { c.ForgetID(made) })},
		{Name: "renewal-gives-the-old-token", Requirement: "ADX-REN-02", Story: "a renewal moves the expiry of the token that is there", Reason: "another token than the old one",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				old.ExpiresAt = c.RenewedExpiry(old)
				return c.AddTicket(old), nil
			})},
		{Name: "renewed-token-dead", Requirement: "ADX-REN-03", Story: "the transaction that stores the token is rolled back", Reason: "the renewed token works",
			Apply: renewedThen(func(c *call, _, made ticket) { c.EndTicket(made) })},
		{Name: "renewed-token-with-the-old-expiry", Requirement: "ADX-REN-04", Story: "the row of the old token is copied", Reason: "an expiry later than the old token's",
			Apply: func(c *config) {
				c.Rules.Tickets.RenewedExpiry = func(_ *call, old ticket) time.Time { return old.ExpiresAt }
			}},
		{Name: "renewed-token-shorter-lived", Requirement: "ADX-REN-04", Story: "a renewal is granted half of a lifetime", Reason: "an expiry later than the old token's",
			Apply: func(c *config) {
				c.Rules.Tickets.RenewedExpiry = func(c *call, old ticket) time.Time { return c.Now.Add(old.ExpiresAt.Sub(old.IssuedAt) / 2) }
			}},
		{Name: "renewed-sid-of-another", Requirement: "ADX-REN-05", Story: "the answer names the account that the service runs as", Reason: "the sid of the old ticket",
			Apply: answered(set("sid", "S-1-5-21-1-2-3-1000"))},
		{Name: "renewed-applications-written-otherwise", Requirement: "ADX-REN-05", Story: "the name is bare at the issue and in brackets at the renewal", Reason: "the applications of the old ticket",
			Apply: answered(set("applications", []string{"<REST API>"}))},
		{Name: "renewal-ends-the-old-token", Requirement: "ADX-REN-07", Story: "tokens rotate, as refresh tokens do", Reason: "the old token after its renewal works",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				c.EndTicket(old)
				return c.Renewed(old)
			})},
		{Name: "renewal-needs-the-session", Requirement: "ADX-REN-08", Story: "the new token is issued by the session of the old one", Reason: "a token whose session has ended is renewed",
			Apply: renewed(func(c *call, old ticket) (ticket, *refusal) {
				if s, found := c.Session(old.Session); !found || !s.Live(c.Now) {
					return ticket{}, &refusal{Kind: adaxes.UnknownSession, Status: http.StatusNotFound, Code: "notFound", Message: "There is no such session."}
				}
				return c.Renewed(old)
			})},
		{Name: "renewed-without-session-dead", Requirement: "ADX-REN-08", Story: "a token is stored with its session, which is gone", Reason: "the token from a token whose session has ended works",
			Apply: renewedThen(func(c *call, old, made ticket) {
				if s, found := c.Session(old.Session); !found || !s.Live(c.Now) {
					c.EndTicket(made)
				}
			})},
		{Name: "renewal-does-not-decode", Requirement: "ADX-REN-09", Story: "the query is cut at its ampersands and not decoded", Reason: "a percent-encoded token is renewed",
			Apply: renewalTarget(func(c *call) (string, bool) { return c.RawQuery("token") })},
		{Name: "renewal-decodes-twice", Requirement: "ADX-REN-09", Story: "a proxy decodes the query and so does the server, which makes a blank of a plus", Reason: "a percent-encoded token is renewed",
			Apply: renewalTarget(func(c *call) (string, bool) {
				once, given := c.Query("token")
				twice, err := url.QueryUnescape(once)
				return twice, given && err == nil
			})},
		{Name: "renewal-decodes-some", Requirement: "ADX-REN-09", Story: "a rewrite rule knows the codes of plus, slash and equals alone", Reason: "a percent-encoded token is renewed",
			Apply: renewalTarget(func(c *call) (string, bool) {
				raw, given := c.RawQuery("token")
				return strings.NewReplacer("%2B", "+", "%2F", "/", "%3D", "=").Replace(raw), given
			})},
	}
}

// renewalTarget changes how a renewal finds the token that it is about.
func renewalTarget(target func(*call) (string, bool)) override {
	return func(c *config) {
		c.Rules.Tickets.Target = func(c *call) (string, bool) {
			if c.Operation != adaxes.RenewToken {
				return c.Query("token")
			}
			return target(c)
		}
	}
}

// renewalRightFaults break who may renew what (ADX-REN-10 to ADX-REN-15).
func renewalRightFaults() []Fault {
	header := func(c *call) string { return c.Request.Header.Get("Adm-Authorization") }
	// open lets a renewal pass where its header is as is says.
	open := func(is func(c *call, text string) bool) override {
		return func(c *config) {
			c.Rules.Tickets.Authorize = func(c *call) (credential, *refusal) {
				if c.Operation == adaxes.RenewToken && is(c, header(c)) {
					return credential{}, nil
				}
				return c.Authorize()
			}
		}
	}
	crashesWhere := func(is func(c *call) bool) override {
		return admit(func(c *call) *refusal {
			if c.Operation == adaxes.RenewToken && is(c) {
				return crash()
			}
			return nil
		})
	}
	token := func(c *call) string { text, _ := c.Query("token"); return text }
	return []Fault{
		{Name: "renewal-without-credential", Requirement: "ADX-REN-10", Story: "the token in the query is right enough", Reason: "a renewal without Adm-Authorization gives no token",
			Apply: open(func(_ *call, text string) bool { return text == "" })},
		{Name: "renewal-with-any-credential", Requirement: "ADX-REN-11", Story: "the filter looks whether there is a header, not what is in it", Reason: "a renewal with a made-up Adm-Authorization gives no token",
			Apply: open(func(_ *call, text string) bool { return text != "" })},
		{Name: "renewal-by-a-destroyed-token", Requirement: "ADX-REN-11", Story: "the filter checks the token's signature and never asks the store", Reason: "a renewal by the authority of a destroyed token gives no token",
			Apply: liveToken(func(c *call, of credential) bool {
				return c.Now.Before(of.Ticket.ExpiresAt) && (of.Ticket.EndedAt.IsZero() || c.Operation == adaxes.RenewToken && of.Place == adaxes.InHeader)
			})},
		{Name: "renewal-without-token-renews-the-header", Requirement: "ADX-REN-12", Story: "without a parameter the request is taken to be about its own token", Reason: "a renewal without the token parameter gives no token",
			Apply: renewalTarget(func(c *call) (string, bool) {
				if text, given := c.Query("token"); given {
					return text, true
				}
				return header(c), true
			})},
		{Name: "renewal-without-token-crashes", Requirement: "ADX-REN-12", Story: "the parameter is decoded without a look whether there is one", Reason: "a renewal without the token parameter is refused",
			Apply: crashesWhere(func(c *call) bool { _, given := c.Query("token"); return !given })},
		{Name: "renewal-ignores-its-parameter", Requirement: "ADX-REN-13", Story: "the token in the header is renewed, whatever the query names", Reason: "the renewal of an unknown token gives no token",
			Apply: renewalTarget(func(c *call) (string, bool) { return header(c), true })},
		{Name: "renewal-of-unknown-token-crashes", Requirement: "ADX-REN-13", Story: "the result of the look-up is used without a look whether there is one", Reason: "the renewal of an unknown token is refused",
			Apply: refused(adaxes.UnknownToken, asCrash)},
		{Name: "renewal-of-unknown-token-answered-200", Requirement: "ADX-REN-13", Story: "errors are sent in a body with status 200", Reason: "the renewal of an unknown token is refused",
			Apply: refused(adaxes.UnknownToken, func(r *refusal) { r.Status = http.StatusOK })},
		{Name: "renewal-not-by-ticket-id", Requirement: "ADX-REN-14", Story: "the parameter is looked up among tokens alone", Reason: "a renewal by ticket id is renewed",
			Apply: func(c *config) {
				c.Rules.Tickets.Find = func(c *call, text string, place adaxes.Place) (credential, bool) {
					found, ok := c.Find(text, place)
					return found, ok && !(found.ByID && place == adaxes.InQuery)
				}
			}},
		{Name: "renewal-not-allowed-by-ticket-id", Requirement: "ADX-REN-14", Story: "a renewal wants a real token in its header", Reason: "a renewal by ticket id is renewed",
			Apply: func(c *config) {
				c.Rules.Tickets.Find = func(c *call, text string, place adaxes.Place) (credential, bool) {
					found, ok := c.Find(text, place)
					return found, ok && !(found.ByID && place == adaxes.InHeader && c.Operation == adaxes.RenewToken)
				}
			}},
		{Name: "renewal-by-ticket-id-dead", Requirement: "ADX-REN-14", Story: "the new token is stored for a ticket id that is not known as a token", Reason: "the token from a renewal by ticket id works",
			Apply: renewedThen(func(c *call, old, made ticket) {
				if token(c) == old.ID {
					c.EndTicket(made)
				}
			})},
		{Name: "renewal-of-blank-token-crashes", Requirement: "ADX-REN-15", Story: "an empty key is an argument out of range in the store's library", Reason: "an answer that is not 5xx",
			Apply: crashesWhere(func(c *call) bool { return token(c) == "" && header(c) != "" })},
		{Name: "renewal-of-nothing-by-nobody-crashes", Requirement: "ADX-REN-15", Story: "the message for the log joins two nulls", Reason: "an answer that is not 5xx",
			Apply: crashesWhere(func(c *call) bool { return token(c) == "" && header(c) == "" })},
	}
}
