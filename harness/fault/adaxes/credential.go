package adaxes

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// credentialFaults break what tokens and ticket ids do in Adm-Authorization (ADX-TOK-09 to ADX-TOK-14).
func credentialFaults() []Fault {
	return slices.Concat(deadCredentialFaults(), openDoorFaults())
}

// inHeader changes how a credential in Adm-Authorization is found. Others are found as ever.
func inHeader(find func(c *call, text string) (credential, bool)) override {
	return func(c *config) {
		c.Rules.Tickets.Find = func(c *call, text string, place adaxes.Place) (credential, bool) {
			if place != adaxes.InHeader {
				return c.Find(text, place)
			}
			return find(c, text)
		}
	}
}

// near finds the ticket whose token matches, where none has the text itself.
func near(same func(token, text string) bool) override {
	return inHeader(func(c *call, text string) (credential, bool) {
		if found, ok := c.Find(text, adaxes.InHeader); ok {
			return found, true
		}
		return anyToken(c, func(t ticket) bool { return same(t.Token, text) })
	})
}

// anyToken is some token that lives and matches.
func anyToken(c *call, match func(ticket) bool) (credential, bool) {
	some, found := fault.First(c.Tickets(func(t ticket) bool { return t.Live(c.Now) && match(t) }))
	return credential{Ticket: some, Place: adaxes.InHeader}, found
}

// whichever matches every token.
func whichever(ticket) bool { return true }

func deadCredentialFaults() []Fault {
	unauthorized := func(a *answer) {
		a.Status = http.StatusUnauthorized
		a.Members = adaxes.Members{{Name: "message", Value: "The request carries no valid security token."}, {Name: "code", Value: "unauthorized"}}
	}
	return []Fault{
		{Name: "token-never-stored", Requirement: "ADX-TOK-09", Story: "the transaction that stores the token is rolled back", Reason: "401 Unauthorized",
			Apply: func(c *config) {
				c.Rules.Tickets.Issue = func(c *call, s session) (ticket, *refusal) {
					made, refused := c.NewTicket(s)
					if refused == nil {
						c.EndTicket(made)
					}
					return made, refused
				}
			}},
		{Name: "token-works-from-its-second-use", Requirement: "ADX-TOK-09", Story: "the first use fetches the token into a cache and fails for want of it", Reason: "401 Unauthorized",
			Apply: func(c *config) {
				var seen sync.Map
				c.Rules.Tickets.Live = func(c *call, of credential) bool {
					_, cached := seen.LoadOrStore(of.Ticket.Token, true)
					return cached && of.Ticket.Live(c.Now)
				}
			}},
		{Name: "token-refused-now-and-then", Requirement: "ADX-TOK-09", Story: "every fifth request meets a node whose cache is cold", Reason: "401 Unauthorized",
			Apply: everyGranted(5, adaxes.Probe, unauthorized)},
		{Name: "token-works-as-bearer-alone", Requirement: "ADX-TOK-09", Story: "the header is parsed as scheme and token", Reason: "401 Unauthorized",
			Apply: inHeader(func(c *call, text string) (credential, bool) {
				token, isBearer := strings.CutPrefix(text, "Bearer ")
				found, ok := c.Find(token, adaxes.InHeader)
				return found, ok && isBearer
			})},
		{Name: "token-too-long-for-the-header", Requirement: "ADX-TOK-09", Story: "a proxy cuts header values at 400 characters", Reason: "401 Unauthorized",
			Apply: inHeader(func(c *call, text string) (credential, bool) {
				return c.Find(text[:min(len(text), 400)], adaxes.InHeader)
			})},

		{Name: "ticket-id-unknown", Requirement: "ADX-TOK-10", Story: "a release that keeps no tickets knows tokens alone", Reason: "the ticket's id works",
			Apply: inHeader(func(c *call, text string) (credential, bool) {
				found, ok := c.Find(text, adaxes.InHeader)
				return found, ok && !found.ByID
			})},
		{Name: "ticket-id-gone-with-first-use-of-token", Requirement: "ADX-TOK-10", Story: "the id is good until the token is picked up", Reason: "the ticket's id works",
			Apply: func(c *config) {
				c.Rules.Tickets.Used = func(c *call, of credential) {
					if !of.ByID {
						c.ForgetID(of.Ticket)
					}
				}
			}},
		{Name: "ticket-id-good-once", Requirement: "ADX-SVC-06", Story: "the id is taken for a one-time code", Reason: "the ticket id with Adm-Service sent back works",
			Apply: func(c *config) {
				c.Rules.Tickets.Used = func(c *call, of credential) {
					if of.ByID {
						c.ForgetID(of.Ticket)
					}
				}
			}},
	}
}

// openDoorFaults let requests pass without a valid credential.
func openDoorFaults() []Fault {
	answered := func(is func(c *call) bool, change func(*refusal)) override {
		return refuse(func(c *call, r *refusal) {
			if r.Kind == adaxes.Unauthorized && is(c) {
				change(r)
			}
		})
	}
	none := func(c *call) bool { return c.Request.Header.Get("Adm-Authorization") == "" }
	some := func(c *call) bool { return !none(c) }
	return []Fault{
		{Name: "anonymous-probe-answered", Requirement: "ADX-TOK-11", Story: "the filter looks at the header where there is one", Reason: "without Adm-Authorization is refused",
			Apply: inHeader(func(c *call, text string) (credential, bool) {
				if text == "" && c.Operation == adaxes.Probe {
					return anyToken(c, whichever)
				}
				return c.Find(text, adaxes.InHeader)
			})},
		{Name: "anonymous-probe-crashes", Requirement: "ADX-TOK-11", Story: "the header is read without a look whether there is one", Reason: "without Adm-Authorization is refused",
			Apply: answered(func(c *call) bool { return none(c) && c.Operation == adaxes.Probe }, asCrash)},
		{Name: "anonymous-probe-redirected", Requirement: "ADX-TOK-11", Story: "who is not known is sent to the page for signing in", Reason: "without Adm-Authorization is refused",
			Apply: answered(func(c *call) bool { return none(c) && c.Operation == adaxes.Probe }, func(r *refusal) {
				r.Status, r.Header = http.StatusFound, http.Header{"Location": {"/signin"}}
			})},
		{Name: "any-token-accepted", Requirement: "ADX-TOK-12", Story: "the filter looks whether there is a header, not what is in it", Reason: "a made-up token is refused",
			Apply: inHeader(func(c *call, text string) (credential, bool) {
				if found, ok := c.Find(text, adaxes.InHeader); ok || text == "" || c.Operation != adaxes.Probe {
					return found, ok
				}
				return anyToken(c, whichever)
			})},
		{Name: "made-up-token-crashes", Requirement: "ADX-TOK-12", Story: "what cannot be decrypted is not caught", Reason: "a made-up token is refused",
			Apply: answered(func(c *call) bool { return some(c) && c.Operation == adaxes.Probe }, asCrash)},
		{Name: "session-id-as-token", Requirement: "ADX-TOK-12", Story: "one table holds the keys of both kinds", Reason: "the probe with a session's identifier is refused",
			Apply: inHeader(func(c *call, text string) (credential, bool) {
				if s, found := c.Session(text); found && s.Live(c.Now) {
					return anyToken(c, whichever)
				}
				return c.Find(text, adaxes.InHeader)
			})},
		{Name: "token-by-its-start", Requirement: "ADX-TOK-13", Story: "the signature behind the token's claims is not checked", Reason: "a near miss of a real token is refused",
			Apply: near(func(token, text string) bool { return len(text) >= 64 && token[:64] == text[:64] })},
		{Name: "token-cut-accepted", Requirement: "ADX-TOK-13", Story: "the column for tokens holds 255 characters", Reason: "a near miss of a real token is refused",
			Apply: near(func(token, text string) bool { return len(text) >= 255 && token[:255] == text[:255] })},
		{Name: "token-in-any-case", Requirement: "ADX-TOK-13", Story: "tokens are looked up with a case-insensitive collation", Reason: "a near miss of a real token is refused",
			Apply: near(strings.EqualFold)},
		{Name: "token-by-a-prefix", Requirement: "ADX-TOK-13", Story: "tokens are looked up with LIKE", Reason: "a near miss of a real token is refused",
			Apply: near(func(token, text string) bool { return text != "" && strings.HasPrefix(token, text) })},
		{Name: "token-one-character-forgiven", Requirement: "ADX-TOK-13", Story: "the comparison forgives a slip of one character, as it does for names that people type", Reason: "a near miss of a real token is refused",
			Apply: near(fault.OneApart)},
		{Name: "missing-token-400", Requirement: "ADX-TOK-14", Story: "a required header that is missing is a malformed request", Reason: "without a credential",
			Apply: answered(none, func(r *refusal) { r.Status = http.StatusBadRequest })},
		{Name: "missing-token-403", Requirement: "ADX-TOK-14", Story: "who is not known is taken for one who may not", Reason: "without a credential",
			Apply: answered(none, func(r *refusal) { r.Status = http.StatusForbidden })},
		{Name: "made-up-token-403", Requirement: "ADX-TOK-14", Story: "a token that is not known is taken for one without rights", Reason: "with a made-up one",
			Apply: answered(some, func(r *refusal) { r.Status = http.StatusForbidden })},
	}
}
