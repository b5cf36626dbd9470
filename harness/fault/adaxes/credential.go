package adaxes

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// credentialFaults break what tokens and ticket ids do in Adm-Authorization (ADX-TOK-09 to ADX-TOK-14).
func credentialFaults() []Fault {
	return slices.Concat(deadCredentialFaults(), openDoorFaults())
}

// inHeader changes how a credential in Adm-Authorization is found. Others are found as ever.
func inHeader(find func(c *call, text string) (credential, bool)) override {
	return finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
		if place != adaxes.InHeader {
			return c.Find(text, place)
		}
		return find(c, text)
	})
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
	unauthorized := failed(http.StatusUnauthorized, "unauthorized", "The request carries no valid security token.")
	forgets := func(which func(credential) bool) override {
		return using(func(c *call, of credential) {
			if which(of) {
				c.ForgetID(of.Ticket)
			}
		})
	}
	return slices.Concat(
		tokenLives("ADX-TOK-09", "401 Unauthorized", "token-never-stored", "token-works-from-its-second-use"),
		breaks("ADX-TOK-09", "401 Unauthorized",
			Fault{Name: "token-refused-now-and-then", Story: "every fifth request meets a node whose cache is cold",
				Apply: everyGranted(5, adaxes.Probe, unauthorized)},
			Fault{Name: "token-works-as-bearer-alone", Story: "the header is parsed as scheme and token",
				Apply: inHeader(func(c *call, text string) (credential, bool) {
					token, isBearer := strings.CutPrefix(text, "Bearer ")
					found, ok := c.Find(token, adaxes.InHeader)
					return found, ok && isBearer
				})},
			Fault{Name: "token-too-long-for-the-header", Story: "a proxy cuts header values at 400 characters",
				Apply: inHeader(func(c *call, text string) (credential, bool) {
					return c.Find(text[:min(len(text), 400)], adaxes.InHeader)
				})}),
		breaks("ADX-TOK-10", "the ticket's id works",
			Fault{Name: "ticket-id-unknown", Story: "a release that keeps no tickets knows tokens alone",
				Apply: notByID(func(_ *call, place adaxes.Place) bool { return place == adaxes.InHeader })},
			Fault{Name: "ticket-id-gone-with-first-use-of-token", Story: "the id is good until the token is picked up",
				Apply: forgets(func(of credential) bool { return !of.ByID })}),
		breaks("ADX-SVC-06", "the ticket id with Adm-Service sent back works", Fault{Name: "ticket-id-good-once",
			Story: "the id is taken for a one-time code", Apply: forgets(func(of credential) bool { return of.ByID })}),
	)
}

// notByID finds no ticket by its id where a place of a request is meant.
func notByID(where func(*call, adaxes.Place) bool) override {
	return finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
		found, ok := c.Find(text, place)
		return found, ok && !(found.ByID && where(c, place))
	})
}

// openDoorFaults let requests pass without a valid credential.
func openDoorFaults() []Fault {
	of := func(where func(c *call, header string) bool) func(change func(*refusal)) override {
		return func(change func(*refusal)) override {
			return refused(adaxes.Unauthorized, change, func(c *call) bool { return where(c, authorization(c)) })
		}
	}
	missing := of(func(_ *call, header string) bool { return header == "" })
	wrong := of(func(_ *call, header string) bool { return header != "" })
	anonymous := of(func(c *call, header string) bool { return header == "" && c.Operation == adaxes.Probe })
	return slices.Concat(
		breaks("ADX-TOK-11", "without Adm-Authorization is refused",
			Fault{Name: "anonymous-probe-answered", Story: "the filter looks at the header where there is one",
				Apply: inHeader(func(c *call, text string) (credential, bool) {
					if text == "" && c.Operation == adaxes.Probe {
						return anyToken(c, whichever)
					}
					return c.Find(text, adaxes.InHeader)
				})},
			Fault{Name: "anonymous-probe-redirected", Story: "who is not known is sent to the page for signing in",
				Apply: anonymous(func(r *refusal) { r.Status, r.Header = http.StatusFound, http.Header{"Location": {"/signin"}} })}),
		seams.Refusals("anonymous-probe", anonymous)("ADX-TOK-11", "without Adm-Authorization is refused", "anonymous-probe-crashes"),
		lookups("ADX-TOK-12", "a made-up token is refused", "any-token"),
		seams.Refusals("made-up-token", wrong)("ADX-TOK-12", "a made-up token is refused", "made-up-token-crashes"),
		breaks("ADX-TOK-12", "a made-up token is refused",
			Fault{Name: "session-id-as-token", Reason: "the probe with a session's identifier is refused",
				Story: "one table holds the keys of both kinds",
				Apply: inHeader(func(c *call, text string) (credential, bool) {
					if s, found := c.Session(text); found && s.Live(c.Now) {
						return anyToken(c, whichever)
					}
					return c.Find(text, adaxes.InHeader)
				})}),
		breaks("ADX-TOK-13", "a near miss of a real token is refused", Fault{Name: "token-by-its-start",
			Story: "the signature behind the token's claims is not checked",
			Apply: near(func(token, text string) bool { return len(text) >= 64 && token[:64] == text[:64] })}),
		lookups("ADX-TOK-13", "a near miss of a real token is refused", "token-cut-accepted", "token-in-any-case", "token-by-a-prefix",
			"token-one-character-forgiven"),
		seams.Refusals("missing-token", missing)("ADX-TOK-14", "with no token", "missing-token-400", "missing-token-403"),
		seams.Refusals("made-up-token", wrong)("ADX-TOK-14", "with a made-up token", "made-up-token-403"),
	)
}
