package adaxes

import (
	"encoding/json"
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// issueFaults break what becomes of unknown and malformed sessions, and of a session's second token (ADX-TOK-15,
// ADX-TOK-16).
func issueFaults() []Fault {
	return slices.Concat(
		sessions("ADX-TOK-15", "a near miss of a real sessionId gives no token", "session-id-one-character-forgiven", "session-id-by-a-prefix"),
		sessions("ADX-TOK-15", "an unknown sessionId gives no token", "any-session-id"),
		breaks("ADX-TOK-15", "an unknown sessionId gives no token",
			Fault{Name: "token-as-session-id", Reason: "a token in place of the sessionId gives no token",
				Story: "one table holds the keys of both kinds",
				Apply: findingID(func(c *call, text string) (session, bool) {
					if t, found := c.TicketByToken(text); found && c.Operation == adaxes.IssueToken {
						return c.Session(t.Session)
					}
					return c.Session(text)
				})},
			Fault{Name: "unknown-session-refused-with-a-token",
				Story: "the token is made before the session is checked, and the error is added to its answer",
				Apply: edit(func(c *call, a *answer) {
					some, found := fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) }))
					if found && a.Refusal != nil && a.Refusal.Kind == adaxes.UnknownSession {
						if made, refused := c.NewTicket(some); refused == nil {
							a.Members.Set("token", made.Token)
						}
					}
				})}),
		ofKind("unknown-session", adaxes.UnknownSession)("ADX-TOK-15", "an unknown sessionId is refused with a 4xx status",
			"unknown-session-crashes", "unknown-session-answered-200"),
		issueMends("ADX-TOK-15", "", "issue-body-cut-accepted", "issue-array-accepted", "issue-empty-body-accepted",
			"session-id-blank-accepted", "session-id-missing-accepted", "session-id-null-accepted", "session-id-number-accepted",
			"session-id-boolean-accepted", "session-id-object-accepted", "session-id-array-accepted"),
		issueCrashes("ADX-TOK-15", "", "issue-empty-body-crashes", "session-id-null-crashes", "session-id-blank-crashes"),
		tokenBirths("ADX-TOK-16", "two requests of issueToken give two tokens", "token-handed-out-again"),
		tokenBirths("ADX-TOK-16", "the first token works", "token-ended-by-the-next"),
		breaks("ADX-TOK-16", "a session that has given a token before gives another", Fault{Name: "session-issues-once",
			Story: "a session is taken for a one-time code",
			Apply: issuing(func(c *call, s session) (ticket, *refusal) {
				if len(ticketsOf(c, s)) > 0 {
					return ticket{}, noSession()
				}
				return c.NewTicket(s)
			})}),
		breaks("ADX-TOK-16", "the second token works", Fault{Name: "second-token-dead",
			Story: "the key of a token is its session, so that a second one is not stored",
			Apply: issuedThen(func(c *call, made ticket) bool { return len(ticketsOf(c, session{ID: made.Session})) < 2 })}),
	)
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

// typeFaults break what becomes of the member type of a token issue (ADX-TYP-01 to ADX-TYP-08).
func typeFaults() []Fault {
	alsoAccepts := func(raw string) override {
		return accepting(func(c *call, given json.RawMessage) bool { return string(given) == raw || c.AcceptType(given) })
	}
	crashesOn := func(raw string) override {
		return readingID(func(c *call) (string, *refusal) {
			var body struct{ Type json.RawMessage }
			if json.Unmarshal(c.Body, &body) == nil && string(body.Type) == raw {
				return "", crash()
			}
			return c.SessionID()
		})
	}
	const crashes = "an answer that is not 5xx"
	return slices.Concat(
		breaks("ADX-TYP-01", "a request with type 0 gives a token", Fault{Name: "type-zero-refused", Profiles: only2023,
			Story: "zero is taken for a member that was left out", Apply: accepts(func(_ *call, raw string) bool { return raw != "0" })}),
		breaks("ADX-TYP-02", "",
			Fault{Name: "type-zero-of-older-client-refused", Profiles: only2025, Reason: "a request with type 0 gives a token",
				Story: "members that the contract does not know are errors", Apply: accepts(func(_ *call, raw string) bool { return raw == "" })},
			Fault{Name: "type-zero-gives-a-dead-token", Profiles: only2025, Reason: "the token from a request with type 0 works",
				Story: "type makes a token of the older kind, which no filter knows any more",
				Apply: issuedThen(func(c *call, _ ticket) bool { return fault.MemberIs(fault.Value(c.Body), "type", fault.Absent) })}),
		breaks("ADX-TYP-04", "a request without type gives a token", Fault{Name: "type-required", Profiles: only2025,
			Story: "the contract of the older release is still in force", Apply: accepts(func(_ *call, raw string) bool { return raw == "0" })}),
		breaks("ADX-TYP-06", "",
			Fault{Name: "type-one-accepted", Profiles: only2023, Reason: "type one gives no token",
				Story: "a second kind is there and not documented", Apply: alsoAccepts("1")},
			Fault{Name: "type-null-accepted", Profiles: only2023, Reason: "type null gives no token", Story: "null is read as the default",
				Apply: alsoAccepts("null")},
			Fault{Name: "type-true-accepted", Profiles: only2023, Reason: "type true gives no token", Story: "the member is read and not looked at",
				Apply: alsoAccepts("true")}),
		breaks("ADX-TYP-08", crashes,
			Fault{Name: "type-one-crashes", Story: "a switch over the types has no default", Apply: crashesOn("1")},
			Fault{Name: "type-null-crashes", Story: "null cannot be read into a number, and the exception is not caught",
				Apply: crashesOn("null")},
			Fault{Name: "type-true-crashes", Story: "true cannot be read into a number, and the exception is not caught",
				Apply: crashesOn("true")}),
	)
}

// accepts replaces the judgement on the type of a token issue, which is empty where there is none.
func accepts(accept func(c *call, raw string) bool) override {
	return accepting(func(c *call, raw json.RawMessage) bool { return accept(c, string(raw)) })
}
