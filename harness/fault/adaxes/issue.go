package adaxes

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// issueFaults break what a token issue promises: of the token, of the session, and of the member type.
func issueFaults() overrides {
	of := func(member string, value func(ticket) any) override {
		return seams.Member(adaxes.IssueToken, member, func(a *answer) any { return value(*a.Ticket) })
	}
	alsoAccepts := func(raw ...string) override {
		return accepting(func(c *call, given json.RawMessage) bool {
			return slices.Contains(raw, string(given)) || c.AcceptType(given)
		})
	}
	return overrides{
		"token-in-an-object": of("token", func(t ticket) any { return map[string]any{"type": 0, "value": t.Token} }),
		"sid-guid":           of("sid", func(t ticket) any { return t.Account.GUID }),
		"sid-account-name":   of("sid", func(t ticket) any { return t.Account.DownLevelName }),
		"sid-of-the-session": of("sid", func(t ticket) any {
			return "S-1-5-5-0-" + strconv.FormatInt(t.IssuedAt.UnixNano()%1_000_000_000, 10)
		}),
		"sid-of-the-service": func(c *config) {
			var once sync.Once
			var sid string
			of("sid", func(t ticket) any {
				once.Do(func() { sid = t.Account.SID })
				return sid
			})(c)
		},
		"token-as-session-id": findingID(func(c *call, text string) (session, bool) {
			if t, found := c.TicketByToken(text); found && c.Operation == adaxes.IssueToken {
				return c.Session(t.Session)
			}
			return c.Session(text)
		}),
		"ticket-id-taken-for-a-session": findingID(func(c *call, text string) (session, bool) {
			if t, found := c.TicketByID(text); found && c.Operation == adaxes.IssueToken {
				return c.Session(t.Session)
			}
			return c.Session(text)
		}),
		"unknown-session-refused-with-a-token": seams.Edit(func(c *call, a *answer) {
			some, found := fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) }))
			if found && a.Refusal != nil && a.Refusal.Kind == adaxes.UnknownSession {
				if made, refused := c.NewTicket(some); refused == nil {
					a.Members.Set("token", made.Token)
				}
			}
		}),
		"session-issues-once": issuing(func(c *call, s session) (ticket, *refusal) {
			if len(ticketsOf(c, s)) > 0 {
				return ticket{}, noSession()
			}
			return c.NewTicket(s)
		}),
		"second-token-dead": issuedThen(func(c *call, made ticket) bool { return len(ticketsOf(c, session{ID: made.Session})) < 2 }),

		"type-zero-refused":                 accepting(func(_ *call, raw json.RawMessage) bool { return string(raw) != "0" }),
		"type-zero-of-older-client-refused": accepting(func(_ *call, raw json.RawMessage) bool { return raw == nil }),
		"type-zero-gives-a-dead-token": issuedThen(func(c *call, _ ticket) bool {
			return fault.MemberIs(fault.Value(c.Body), "type", fault.Absent)
		}),
		// A fault by the one document, and a variant by the other.
		"type-required":      accepting(func(_ *call, raw json.RawMessage) bool { return string(raw) == "0" }),
		"type-one-accepted":  alsoAccepts("1"),
		"type-null-accepted": alsoAccepts("null"),
		"type-true-accepted": alsoAccepts("true"),
		// What is left of it in a byte, in the integer before its point, and what is false in many languages.
		"type-kept-in-a-byte":       alsoAccepts("256", "4294967296"),
		"type-kept-in-32-bits":      alsoAccepts("4294967296"),
		"type-cut-to-its-integer":   alsoAccepts("0.5"),
		"type-compared-as-a-truth":  alsoAccepts("false", `""`, "[0]"),
		"type-empty-taken-for-zero": alsoAccepts(`""`),
		"type-taken-out-of-a-list":  alsoAccepts("[0]"),
	}
}

// issuedThen ends the token that was issued, unless it is kept.
func issuedThen(keep func(c *call, made ticket) bool) override {
	return issuing(func(c *call, s session) (ticket, *refusal) {
		made, refused := c.NewTicket(s)
		if refused == nil && !keep(c, made) {
			c.EndTicket(made)
		}
		return made, refused
	})
}

// noSession refuses a request with a session that is not there.
func noSession() *refusal {
	return &refusal{Kind: adaxes.UnknownSession, Status: http.StatusNotFound, Code: "notFound", Message: "There is no such session."}
}
