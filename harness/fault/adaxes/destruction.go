package adaxes

import (
	"net/http"
	"sync"

	"example.org/conform/harness/reference/adaxes"
)

// destructionFaults break what the destruction of a token promises (ADX-DST-01 to ADX-DST-16).
func destructionFaults() []Fault {
	answered := func(changes ...func(*answer)) override { return granted(adaxes.DestroyToken, changes...) }
	token := func(c *call) string { text, _ := c.Query("token"); return text }
	header := func(c *call) string { return c.Request.Header.Get("Adm-Authorization") }
	// refuses answers destructions of a kind with a status.
	refuses := func(code int, where func(c *call, named ticket, found bool) bool) override {
		return admitKnowing(func(c *call) *refusal {
			if c.Operation != adaxes.DestroyToken || token(c) == "" {
				return nil
			}
			if named, found := c.TicketByToken(token(c)); where(c, named, found) {
				return gone(code)
			}
			return nil
		})
	}
	destroys := func(destroy func(c *call, target, header credential)) override {
		return func(c *config) { c.Rules.Tickets.Destroy = destroy }
	}
	// also ends further tickets with the one that is named.
	also := func(which func(named, other ticket) bool) override {
		return destroys(func(c *call, target, _ credential) {
			for _, t := range c.Tickets(func(t ticket) bool { return which(target.Ticket, t) }) {
				c.EndTicket(t)
			}
			c.Destroy(target)
		})
	}
	// open lets a destruction pass where its header is as is says.
	open := func(is func(text string) bool) override {
		return func(c *config) {
			c.Rules.Tickets.Authorize = func(c *call) (credential, *refusal) {
				if found, refused := c.Authorize(); refused == nil || c.Operation != adaxes.DestroyToken || !is(header(c)) {
					return found, refused
				}
				return credential{}, nil
			}
		}
	}
	crashesWhere := func(is func(c *call) bool) override {
		return admit(func(c *call) *refusal {
			if c.Operation == adaxes.DestroyToken && is(c) {
				return crash()
			}
			return nil
		})
	}
	return []Fault{
		{Name: "destruction-answered-200", Requirement: "ADX-DST-01", Story: "an example of the document shows 200", Reason: "200",
			Apply: answered(status(http.StatusOK))},
		{Name: "destruction-answered-200-now-and-then", Requirement: "ADX-DST-01", Story: "every second node runs an older release", Reason: "200",
			Apply: everyGranted(2, adaxes.DestroyToken, status(http.StatusOK))},
		{Name: "destruction-by-itself-refused", Requirement: "ADX-DST-01", Story: "a token that is in use is guarded", Reason: "409",
			Apply: refuses(http.StatusConflict, func(c *call, t ticket, found bool) bool { return found && t.Live(c.Now) && t.Token == header(c) })},
		{Name: "second-destruction-404", Requirement: "ADX-DST-02", Story: "a token that is destroyed is a resource that is not found", Reason: "404",
			Apply: refuses(http.StatusNotFound, func(_ *call, t ticket, found bool) bool { return found && !t.EndedAt.IsZero() })},
		{Name: "destruction-of-unknown-token-404", Requirement: "ADX-DST-03", Story: "a token that is not known is a resource that is not found", Reason: "404",
			Apply: refuses(http.StatusNotFound, func(_ *call, _ ticket, found bool) bool { return !found })},
		{Name: "destruction-does-nothing", Requirement: "ADX-DST-04", Story: "tokens carry their own expiry and are not looked up", Reason: "the probe with a destroyed token is refused",
			Apply: destroys(func(*call, credential, credential) {})},
		{Name: "destruction-spares-renewed-tokens", Requirement: "ADX-DST-04", Story: "a chain of renewals is found by its first token alone", Reason: "the probe with a renewed token that was destroyed is refused",
			Apply: destroys(func(c *call, target, _ credential) {
				if target.Ticket.Token == target.Ticket.First {
					c.Destroy(target)
				}
			})},
		{Name: "destruction-spares-what-was-renewed", Requirement: "ADX-DST-04", Story: "of a chain of renewals only the newest token can be named", Reason: "the probe with an old token that was destroyed after its renewal is refused",
			Apply: destroys(func(c *call, target, _ credential) {
				newer := c.Tickets(func(t ticket) bool {
					return t.First == target.Ticket.First && t.IssuedAt.After(target.Ticket.IssuedAt) && t.Live(c.Now)
				})
				if len(newer) == 0 {
					c.Destroy(target)
				}
			})},
		{Name: "destruction-needs-the-session", Requirement: "ADX-DST-04", Story: "tokens are destroyed through the session that they belong to", Reason: "the probe with a token that was destroyed after its session was terminated is refused",
			Apply: destroys(func(c *call, target, _ credential) {
				if _, found := c.Session(target.Ticket.Session); found {
					c.Destroy(target)
				}
			})},
		{Name: "destruction-takes-effect-late", Requirement: "ADX-DST-04", Story: "tokens are cached for a while", Reason: "the probe with a destroyed token is refused",
			Apply: liveToken(func(c *call, of credential) bool {
				t := of.Ticket
				return c.Now.Before(t.ExpiresAt) && (t.EndedAt.IsZero() || c.Now.Before(t.EndedAt.Add(propagation)))
			})},
		{Name: "destruction-on-one-instance", Requirement: "ADX-DST-04", Story: "each instance has a cache of tokens that the others do not clear", Reason: "the probe with a token destroyed on another instance is refused",
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
			}},
		{Name: "ticket-id-outlives-destruction", Requirement: "ADX-DST-05", Story: "tokens and ticket ids are in two tables, and one is forgotten", Reason: "the ticket id of a destroyed token is refused",
			Apply: liveToken(func(c *call, of credential) bool {
				return c.Now.Before(of.Ticket.ExpiresAt) && (of.Ticket.EndedAt.IsZero() || of.ByID)
			})},
		{Name: "destroyed-token-renewed", Requirement: "ADX-DST-06", Story: "a renewal looks at the date of expiry alone", Reason: "the renewal of a destroyed token gives no token",
			Apply: liveToken(func(c *call, of credential) bool {
				return c.Now.Before(of.Ticket.ExpiresAt) && (of.Ticket.EndedAt.IsZero() || of.Place == adaxes.InQuery)
			})},
		{Name: "destruction-ends-the-session", Requirement: "ADX-DST-07", Story: "a destruction is a sign-out", Reason: "the session of a destroyed token issues a token",
			Apply: destroys(func(c *call, target, _ credential) {
				c.Destroy(target)
				if s, found := c.Session(target.Ticket.Session); found {
					c.EndSession(s)
				}
			})},
		{Name: "destruction-ends-siblings", Requirement: "ADX-DST-08", Story: "tokens are deleted by their session", Reason: "another token of the same session works",
			Apply: also(func(named, other ticket) bool { return named.Session == other.Session })},
		{Name: "destruction-ends-the-tokens-of-the-account", Requirement: "ADX-DST-08", Story: "the account is signed out everywhere", Reason: "another token of the same session works",
			Apply: also(func(named, other ticket) bool { return named.Account.Username == other.Account.Username })},
		{Name: "destruction-ends-renewed-tokens", Requirement: "ADX-DST-09", Story: "a token refers to the one that it was renewed from, and rows go with the row that they refer to", Reason: "the renewed token works",
			Apply: also(func(named, other ticket) bool {
				return named.First == other.First && other.IssuedAt.After(named.IssuedAt)
			})},
		{Name: "destruction-ends-older-tokens", Requirement: "ADX-DST-09", Story: "the chain of renewals is cleared up to the token", Reason: "the old token works",
			Apply: also(func(named, other ticket) bool {
				return named.First == other.First && other.IssuedAt.Before(named.IssuedAt)
			})},
		{Name: "destruction-ends-the-header-instead", Requirement: "ADX-DST-10", Story: "the request's own token is destroyed, whatever the query names", Reason: "the probe with the token named in the query is refused",
			Apply: destroys(func(c *call, _, header credential) { c.Destroy(header) })},
		{Name: "destruction-ends-the-header-too", Requirement: "ADX-DST-10", Story: "who destroys a token is signed out", Reason: "the token in Adm-Authorization works",
			Apply: destroys(func(c *call, target, header credential) { c.Destroy(target); c.Destroy(header) })},
		{Name: "destruction-of-unknown-token-ends-the-header", Requirement: "ADX-DST-10", Story: "where the parameter names no token, the request's own is meant", Reason: "the token by whose authority an unknown one was destroyed works",
			Apply: admit(func(c *call) *refusal {
				if _, found := c.TicketByToken(token(c)); c.Operation == adaxes.DestroyToken && token(c) != "" && !found {
					if own, ok := c.TicketByToken(header(c)); ok {
						c.EndTicket(own)
					}
				}
				return nil
			})},
		{Name: "destruction-without-credential", Requirement: "ADX-DST-13", Story: "whoever knows a token may destroy it", Reason: "a token destroyed without Adm-Authorization works",
			Apply: open(func(text string) bool { return text == "" })},
		{Name: "destruction-with-any-credential", Requirement: "ADX-DST-13", Story: "the filter looks whether there is a header, not what is in it", Reason: "a token destroyed with a made-up Adm-Authorization works",
			Apply: open(func(text string) bool { return text != "" })},
		{Name: "destruction-without-token-crashes", Requirement: "ADX-DST-16", Story: "the parameter is decoded without a look whether there is one", Reason: "without token",
			Apply: crashesWhere(func(c *call) bool { return token(c) == "" })},
		{Name: "destruction-without-credential-crashes", Requirement: "ADX-DST-16", Story: "the header is read without a look whether there is one", Reason: "without Adm-Authorization",
			Apply: crashesWhere(func(c *call) bool { return token(c) != "" && header(c) == "" })},
	}
}
