package adaxes

import (
	"encoding/json"
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// readsID replaces the reading of a token issue's body where the request is malformed, as reads does for a login.
func readsID(other func(c *call, body any, own *refusal) (id string, refused *refusal)) override {
	return func(c *config) {
		c.Rules.Requests.SessionID = func(c *call) (string, *refusal) {
			id, refused := c.SessionID()
			if refused == nil {
				return id, nil
			}
			return other(c, fault.Value(c.Body), refused)
		}
	}
}

// anySession is the identifier of some session that lives.
func anySession(c *call) (string, bool) {
	some, found := fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) }))
	return some.ID, found
}

func sessionID(v any) string {
	object, _ := v.(map[string]any)
	id, _ := object["sessionId"].(string)
	return id
}

// issueFaults break what becomes of unknown and malformed sessions, and of a session's second token (ADX-TOK-15,
// ADX-TOK-16).
func issueFaults() []Fault {
	// forAny issues a token of some session where the request's id is as is says.
	forAny := func(is fault.Is) override {
		return readsID(func(c *call, v any, own *refusal) (string, *refusal) {
			if fault.MemberIs(v, "sessionId", is) {
				if id, found := anySession(c); found {
					return id, nil
				}
			}
			return "", own
		})
	}
	crashesWhere := func(is func(c *call, v any) bool) override {
		return readsID(func(c *call, v any, own *refusal) (string, *refusal) {
			if is(c, v) {
				return "", crash()
			}
			return "", own
		})
	}
	unknown := func(change func(*refusal)) override { return refused(adaxes.UnknownSession, change) }
	blank := func(v any, _ bool) bool { return v == "" }
	const given, answered = " gives no token", " is refused with a 4xx status"
	// nearly finds the session whose identifier a text is like.
	nearly := func(like func(id, text string) bool) override {
		return func(c *config) {
			c.Rules.Sessions.Find = func(c *call, text string) (session, bool) {
				if found, ok := c.Session(text); ok || c.Operation != adaxes.IssueToken {
					return found, ok
				}
				return fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) && like(s.ID, text) }))
			}
		}
	}
	faults := []Fault{
		{Name: "session-id-one-character-forgiven", Story: "the comparison forgives a slip of one character, as it does for names that people type", Reason: "a near miss of a real sessionId" + given,
			Apply: nearly(fault.OneApart)},
		{Name: "session-id-by-a-prefix", Story: "sessions are looked up by how they begin", Reason: "a near miss of a real sessionId" + given,
			Apply: nearly(func(id, text string) bool { return len(text) > 8 && strings.HasPrefix(id, text) })},
		{Name: "token-as-session-id", Story: "one table holds the keys of both kinds", Reason: "a token in place of the sessionId" + given,
			Apply: func(c *config) {
				c.Rules.Sessions.Find = func(c *call, text string) (session, bool) {
					if t, found := c.TicketByToken(text); found && c.Operation == adaxes.IssueToken {
						return c.Session(t.Session)
					}
					return c.Session(text)
				}
			}},
		{Name: "unknown-session-gets-a-token", Story: "the identifier is looked up as a pattern", Reason: "an unknown sessionId" + given,
			Apply: func(c *config) {
				c.Rules.Sessions.Find = func(c *call, id string) (session, bool) {
					if found, ok := c.Session(id); ok || c.Operation != adaxes.IssueToken {
						return found, ok
					}
					id, _ = anySession(c)
					return c.Session(id)
				}
			}},
		{Name: "unknown-session-crashes", Story: "the result of the look-up is used without a look whether there is one", Reason: "an unknown sessionId" + answered,
			Apply: unknown(asCrash)},
		{Name: "unknown-session-answered-200", Story: "errors are sent in a body with status 200", Reason: "an unknown sessionId" + answered,
			Apply: unknown(func(r *refusal) { r.Status = http.StatusOK })},
		{Name: "unknown-session-refused-with-a-token", Story: "the token is made before the session is checked, and the error is added to its answer", Reason: "an unknown sessionId" + given,
			Apply: edit(func(c *call, a *answer) {
				id, _ := anySession(c)
				if of, found := c.Session(id); found && a.Refusal != nil && a.Refusal.Kind == adaxes.UnknownSession {
					if made, refused := c.NewTicket(of); refused == nil {
						a.Members.Set("token", made.Token)
					}
				}
			})},
		{Name: "session-id-blank-accepted", Story: "a blank identifier stands for the session of the connection", Reason: "sessionId as an empty string" + given,
			Apply: forAny(blank)},
		{Name: "session-id-missing-accepted", Story: "a request without identifier is one of the latest session", Reason: "sessionId missing" + given,
			Apply: forAny(fault.Absent)},
		{Name: "session-id-null-accepted", Story: "a condition with null is left out of the query", Reason: "sessionId as null" + given,
			Apply: forAny(fault.Null)},
		{Name: "session-id-number-accepted", Story: "a number is taken for the row of the session", Reason: "sessionId as a number" + given,
			Apply: forAny(fault.IsA[float64])},
		{Name: "session-id-true-accepted", Story: "a loose comparison holds for true and any text", Reason: "sessionId as a boolean" + given,
			Apply: forAny(fault.IsA[bool])},
		{Name: "session-id-object-accepted", Story: "an object is taken for a condition of the query, which holds", Reason: "sessionId as an object" + given,
			Apply: forAny(fault.IsA[map[string]any])},
		{Name: "session-id-array-accepted", Story: "the binder takes an array of one for the one", Reason: "sessionId as an array" + given,
			Apply: readsID(func(_ *call, v any, own *refusal) (string, *refusal) {
				if object, _ := v.(map[string]any); fault.MemberIs(v, "sessionId", fault.IsA[[]any]) {
					id, _ := object["sessionId"].([]any)[0].(string)
					return id, nil
				}
				return "", own
			})},
		{Name: "issue-body-cut-accepted", Story: "the parser closes what is left open", Reason: "malformed JSON, cut before its end" + given,
			Apply: readsID(func(c *call, _ any, own *refusal) (string, *refusal) {
				v := closed(c)
				if v == nil {
					return "", own
				}
				return sessionID(v), nil
			})},
		{Name: "issue-array-accepted", Story: "the binder takes the first of several objects", Reason: "a JSON array around the object" + given,
			Apply: readsID(func(_ *call, v any, own *refusal) (string, *refusal) {
				if list, isList := v.([]any); isList && len(list) > 0 {
					return sessionID(list[0]), nil
				}
				return "", own
			})},
		{Name: "issue-empty-body-accepted", Story: "a request without a body is one of the latest session", Reason: "an empty body" + given,
			Apply: readsID(func(c *call, _ any, own *refusal) (string, *refusal) {
				if id, found := anySession(c); found && len(c.Body) == 0 {
					return id, nil
				}
				return "", own
			})},
		{Name: "session-id-null-crashes", Story: "the length of the identifier is taken before it is looked at", Reason: "sessionId as null" + answered,
			Apply: crashesWhere(func(_ *call, v any) bool { return fault.MemberIs(v, "sessionId", fault.Null) })},
		{Name: "session-id-blank-crashes", Story: "an empty key is an argument out of range in the store's library", Reason: "sessionId as an empty string" + answered,
			Apply: crashesWhere(func(_ *call, v any) bool { return fault.MemberIs(v, "sessionId", blank) })},
		{Name: "issue-empty-body-crashes", Story: "the binder gives null for an empty body, which nobody expects", Reason: "an empty body" + answered,
			Apply: crashesWhere(func(c *call, _ any) bool { return len(c.Body) == 0 })},
	}
	for i := range faults {
		faults[i].Requirement = "ADX-TOK-15"
	}
	return append(faults, severalTokensFaults()...)
}

// severalTokensFaults break what a session's second token promises (ADX-TOK-16).
func severalTokensFaults() []Fault {
	issue := func(other func(c *call, s session, earlier []ticket) (ticket, *refusal)) override {
		return func(c *config) {
			c.Rules.Tickets.Issue = func(c *call, s session) (ticket, *refusal) {
				return other(c, s, c.Tickets(func(t ticket) bool { return t.Session == s.ID && t.Live(c.Now) }))
			}
		}
	}
	return []Fault{
		{Name: "one-token-a-session", Requirement: "ADX-TOK-16", Story: "a session's token is kept and handed out again", Reason: "two issues give two tokens",
			Apply: issue(func(c *call, s session, earlier []ticket) (ticket, *refusal) {
				for _, t := range earlier {
					return t, nil
				}
				return c.NewTicket(s)
			})},
		{Name: "session-issues-once", Requirement: "ADX-TOK-16", Story: "a session is taken for a one-time code", Reason: "a session that has issued a token before issues a token",
			Apply: issue(func(c *call, s session, earlier []ticket) (ticket, *refusal) {
				if len(earlier) > 0 {
					return ticket{}, &refusal{Kind: adaxes.UnknownSession, Status: http.StatusNotFound, Code: "notFound", Message: "The session has been used."}
				}
				return c.NewTicket(s)
			})},
		{Name: "issue-ends-earlier-tokens", Requirement: "ADX-TOK-16", Story: "a session has one token, and the last issue wins", Reason: "the first token works",
			Apply: issue(func(c *call, s session, earlier []ticket) (ticket, *refusal) {
				for _, t := range earlier {
					c.EndTicket(t)
				}
				return c.NewTicket(s)
			})},
		{Name: "second-token-dead", Requirement: "ADX-TOK-16", Story: "the key of a token is its session, so that a second one is not stored", Reason: "the second token works",
			Apply: issue(func(c *call, s session, earlier []ticket) (ticket, *refusal) {
				made, refused := c.NewTicket(s)
				if refused == nil && len(earlier) > 0 {
					c.EndTicket(made)
				}
				return made, refused
			})},
	}
}

// typeFaults break what becomes of the member type of a token issue (ADX-TYP-01 to ADX-TYP-08).
func typeFaults() []Fault {
	accepts := func(accept func(c *call, raw string) bool) override {
		return func(c *config) {
			c.Rules.Requests.Type = func(c *call, raw json.RawMessage) bool { return accept(c, string(raw)) }
		}
	}
	alsoAccepts := func(raw string) override {
		return accepts(func(c *call, given string) bool { return given == raw || c.AcceptType(rawOrNil(given)) })
	}
	crashesOn := func(raw string) override {
		return func(c *config) {
			c.Rules.Requests.SessionID = func(c *call) (string, *refusal) {
				var body struct {
					Type json.RawMessage `json:"type"`
				}
				if json.Unmarshal(c.Body, &body) == nil && string(body.Type) == raw {
					return "", crash()
				}
				return c.SessionID()
			}
		}
	}
	const crashes = "an answer that is not 5xx"
	return []Fault{
		{Name: "type-zero-refused", Requirement: "ADX-TYP-01", Profiles: only2023, Story: "zero is taken for a member that was left out", Reason: "a request with type 0 is accepted",
			Apply: accepts(func(_ *call, raw string) bool { return raw != "0" })},
		{Name: "type-zero-of-older-client-refused", Requirement: "ADX-TYP-02", Profiles: only2025, Story: "members that the contract does not know are errors", Reason: "a request with type 0 is accepted",
			Apply: accepts(func(_ *call, raw string) bool { return raw == "" })},
		{Name: "type-zero-gives-a-dead-token", Requirement: "ADX-TYP-02", Profiles: only2025, Story: "type makes a token of the older kind, which no filter knows any more", Reason: "the token of a request with type 0 works",
			Apply: func(c *config) {
				c.Rules.Tickets.Issue = func(c *call, s session) (ticket, *refusal) {
					made, refused := c.NewTicket(s)
					if _, typed := members(c)["type"]; refused == nil && typed {
						c.EndTicket(made)
					}
					return made, refused
				}
			}},
		{Name: "type-required", Requirement: "ADX-TYP-04", Profiles: only2025, Story: "the contract of the older release is still in force", Reason: "a request without type is accepted",
			Apply: accepts(func(_ *call, raw string) bool { return raw == "0" })},
		{Name: "type-one-accepted", Requirement: "ADX-TYP-06", Profiles: only2023, Story: "a second kind is there and not documented", Reason: "type one gives no token", Apply: alsoAccepts("1")},
		{Name: "type-null-accepted", Requirement: "ADX-TYP-06", Profiles: only2023, Story: "null is read as the default", Reason: "type null gives no token", Apply: alsoAccepts("null")},
		{Name: "type-true-accepted", Requirement: "ADX-TYP-06", Profiles: only2023, Story: "the member is read and not looked at", Reason: "type true gives no token", Apply: alsoAccepts("true")},
		{Name: "type-one-crashes", Requirement: "ADX-TYP-08", Story: "a switch over the types has no default", Reason: crashes, Apply: crashesOn("1")},
		{Name: "type-null-crashes", Requirement: "ADX-TYP-08", Story: "null cannot be read into a number, and the exception is not caught", Reason: crashes, Apply: crashesOn("null")},
		{Name: "type-true-crashes", Requirement: "ADX-TYP-08", Story: "true cannot be read into a number, and the exception is not caught", Reason: crashes, Apply: crashesOn("true")},
	}
}

func rawOrNil(raw string) json.RawMessage {
	if raw == "" {
		return nil
	}
	return json.RawMessage(raw)
}
