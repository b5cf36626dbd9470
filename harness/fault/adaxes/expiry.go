package adaxes

import (
	"net/http"
	"time"

	"example.org/conform/harness/reference/adaxes"
)

// skew is how much some libraries allow for differences of clocks, unless they are told otherwise.
const skew = 5 * time.Minute

// little is how far off an end is that nobody would call late, or early, by eye.
const little = 500 * time.Millisecond

// half is the middle of a lifetime.
func half(from, to time.Time) time.Time { return from.Add(to.Sub(from) / 2) }

// expiryFaults break what time does to sessions and tokens (ADX-EXP-01 to ADX-EXP-11).
func expiryFaults() []Fault {
	// sinceNow grants a full lifetime again.
	sinceNow := func(c *call, from, to time.Time) time.Time { return c.Now.Add(to.Sub(from)) }
	return []Fault{
		{Name: "session-ends-at-half", Requirement: "ADX-EXP-01", Story: "an idle timeout is shorter than the lifetime", Reason: "a session shortly before its expiresAtUtc issues a token",
			Apply: liveSession(func(c *call, s session) bool { return s.Live(c.Now) && c.Now.Before(half(s.CreatedAt, s.ExpiresAt)) })},
		{Name: "session-ends-early", Requirement: "ADX-EXP-01", Story: "a clean-up takes with it what would expire before its next round", Reason: "a session shortly before its expiresAtUtc issues a token",
			Apply: liveSession(func(c *call, s session) bool { return s.Live(c.Now.Add(little)) })},
		{Name: "session-lives-on", Requirement: "ADX-EXP-02", Story: "a clean-up ends what has expired since its last round", Reason: "it lived on for",
			Apply: liveSession(func(c *call, s session) bool { return s.EndedAt.IsZero() && c.Now.Before(s.ExpiresAt.Add(little)) })},
		{Name: "session-never-ends", Requirement: "ADX-EXP-02", Story: "expired sessions are left to a nightly job", Reason: "it did not end in",
			Apply: liveSession(func(_ *call, s session) bool { return s.EndedAt.IsZero() })},
		{Name: "session-ends-late", Requirement: "ADX-EXP-02", Story: "five minutes are allowed for differences of clocks", Reason: "an expired session gives no token",
			Apply: liveSession(func(c *call, s session) bool { return s.EndedAt.IsZero() && c.Now.Before(s.ExpiresAt.Add(skew)) })},
		{Name: "session-extended-by-issue", Requirement: "ADX-EXP-02", Story: "the session's expiry slides with its use", Reason: "an expired session gives no token",
			Apply: func(c *config) {
				c.Rules.Tickets.Issue = func(c *call, s session) (ticket, *refusal) {
					c.ExpireSession(s, sinceNow(c, s.CreatedAt, s.ExpiresAt))
					return c.NewTicket(s)
				}
			}},
		{Name: "token-ends-at-half", Requirement: "ADX-EXP-03", Story: "an idle timeout is shorter than the lifetime", Reason: "a token shortly before its expiresAtUtc works",
			Apply: liveToken(func(c *call, of credential) bool {
				return of.Ticket.Live(c.Now) && c.Now.Before(half(of.Ticket.IssuedAt, of.Ticket.ExpiresAt))
			})},
		{Name: "token-ends-early", Requirement: "ADX-EXP-03", Story: "a clean-up takes with it what would expire before its next round", Reason: "a token shortly before its expiresAtUtc works",
			Apply: liveToken(func(c *call, of credential) bool { return of.Ticket.Live(c.Now.Add(little)) })},
		{Name: "token-lives-on", Requirement: "ADX-EXP-04", Story: "a clean-up ends what has expired since its last round", Reason: "it lived on for",
			Apply: liveToken(func(c *call, of credential) bool {
				return of.Ticket.EndedAt.IsZero() && c.Now.Before(of.Ticket.ExpiresAt.Add(little))
			})},
		{Name: "token-never-ends", Requirement: "ADX-EXP-04", Story: "expired tokens are left to a nightly job", Reason: "it did not end in",
			Apply: liveToken(func(_ *call, of credential) bool { return of.Ticket.EndedAt.IsZero() })},
		{Name: "token-ends-late", Requirement: "ADX-EXP-04", Story: "five minutes are allowed for differences of clocks", Reason: "the probe with an expired token is refused",
			Apply: liveToken(func(c *call, of credential) bool {
				return of.Ticket.EndedAt.IsZero() && c.Now.Before(of.Ticket.ExpiresAt.Add(skew))
			})},
		{Name: "token-extended-by-use", Requirement: "ADX-EXP-04", Story: "the token's expiry slides with its use", Reason: "the probe with an expired token is refused",
			Apply: func(c *config) {
				c.Rules.Tickets.Used = func(c *call, of credential) {
					c.ExpireTicket(of.Ticket, sinceNow(c, of.Ticket.IssuedAt, of.Ticket.ExpiresAt))
				}
			}},
		{Name: "ticket-id-never-ends", Requirement: "ADX-EXP-05", Story: "ticket ids are in a table of their own, without a date", Reason: "the ticket id of an expired token is refused",
			Apply: liveToken(func(c *call, of credential) bool {
				return of.Ticket.EndedAt.IsZero() && (of.ByID || c.Now.Before(of.Ticket.ExpiresAt))
			})},
		{Name: "token-expires-with-its-session", Requirement: "ADX-EXP-06", Story: "a token is looked up together with its session", Reason: "a token whose session has expired works",
			Apply: liveToken(func(c *call, of credential) bool {
				s, found := c.Session(of.Ticket.Session)
				return of.Ticket.Live(c.Now) && (!found || c.Now.Before(s.ExpiresAt))
			})},
		{Name: "renewal-extends-the-old-token", Requirement: "ADX-EXP-07", Story: "a renewal is one more use, and the expiry slides with it", Reason: "an old token after its own expiresAtUtc is refused",
			Apply: renewedThen(func(c *call, old, made ticket) { c.ExpireTicket(old, made.ExpiresAt) })},
		{Name: "expired-token-renewed", Requirement: "ADX-EXP-08", Story: "a renewal is what expired tokens are thought to need", Reason: "the renewal of an expired token gives no token",
			Apply: liveToken(func(c *call, of credential) bool {
				return of.Ticket.EndedAt.IsZero() && (of.Place == adaxes.InQuery || c.Now.Before(of.Ticket.ExpiresAt))
			})},
		{Name: "termination-of-expired-session-404", Requirement: "ADX-EXP-09", Story: "an expired session is a resource that is not found", Reason: "404",
			Apply: admitKnowing(func(c *call) *refusal {
				id, _ := c.Query("id")
				if s, found := c.Session(id); c.Operation == adaxes.TerminateSession && found && !c.Now.Before(s.ExpiresAt) {
					return gone(http.StatusNotFound)
				}
				return nil
			})},
		{Name: "destruction-of-expired-token-404", Requirement: "ADX-EXP-10", Story: "an expired token is a resource that is not found", Reason: "404",
			Apply: admitKnowing(func(c *call) *refusal {
				token, _ := c.Query("token")
				if t, found := c.TicketByToken(token); c.Operation == adaxes.DestroyToken && found && !c.Now.Before(t.ExpiresAt) {
					return gone(http.StatusNotFound)
				}
				return nil
			})},
		{Name: "renewed-token-ends-with-the-old", Requirement: "ADX-EXP-11", Story: "the expiry of a chain of renewals is that of its first token", Reason: "a renewed token after the old one's expiresAtUtc works",
			Apply: liveToken(func(c *call, of credential) bool {
				first, found := c.TicketByToken(of.Ticket.First)
				return of.Ticket.Live(c.Now) && (!found || c.Now.Before(first.ExpiresAt))
			})},
	}
}
