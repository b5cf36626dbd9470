package adaxes

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

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

// nearAt finds, in one place of the requests for an operation, the ticket whose token or id a text is like.
func nearAt(operation adaxes.Operation, in adaxes.Place, byID bool) func(func(real, text string) bool) override {
	return func(like func(real, text string) bool) override {
		return finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
			if found, ok := c.Find(text, place); ok || place != in || c.Operation != operation {
				return found, ok
			}
			found, ok := anyToken(c, func(t ticket) bool {
				if byID {
					return t.Instance == c.Instance && like(t.ID, text)
				}
				return like(t.Token, text)
			})
			found.ByID, found.Place = byID, place
			return found, ok
		})
	}
}

// anyToken is some token that lives and matches.
func anyToken(c *call, match func(ticket) bool) (credential, bool) {
	some, found := fault.First(c.Tickets(func(t ticket) bool { return t.Live(c.Now) && match(t) }))
	return credential{Ticket: some, Place: adaxes.InHeader}, found
}

// credentialFaults break which tokens and ticket ids authorize, and on which instance.
func credentialFaults() overrides {
	forgets := func(which func(credential) bool) override {
		return using(func(c *call, of credential) {
			if which(of) {
				c.ForgetID(of.Ticket)
			}
		})
	}
	missing := func(where func(c *call, a *answer) bool) override {
		return naming(func(c *call, a *answer) string {
			if where(c, a) {
				return ""
			}
			return c.Service(a)
		})
	}
	return overrides{
		// What an administrator has made.
		"token-of-one-account-alone": liveToken(func(c *call, of credential) bool {
			return of.Ticket.Live(c.Now) && of.Ticket.Account.State == adaxes.Ordinary
		}),
		"removed-token-still-good": liveToken(func(c *call, of credential) bool { return c.Now.Before(of.Ticket.ExpiresAt) }),
		"lapsed-token-still-good":  liveToken(func(_ *call, of credential) bool { return of.Ticket.EndedAt.IsZero() }),

		"token-works-as-bearer-alone": inHeader(func(c *call, text string) (credential, bool) {
			token, isBearer := strings.CutPrefix(text, "Bearer ")
			found, ok := c.Find(token, adaxes.InHeader)
			return found, ok && isBearer
		}),
		"token-too-long-for-the-header": inHeader(func(c *call, text string) (credential, bool) {
			return c.Find(text[:min(len(text), 400)], adaxes.InHeader)
		}),
		"ticket-id-unknown":                      notByID(func(_ *call, place adaxes.Place) bool { return place == adaxes.InHeader }),
		"ticket-id-gone-with-first-use-of-token": forgets(func(of credential) bool { return !of.ByID }),
		"ticket-id-good-once":                    forgets(func(of credential) bool { return of.ByID }),

		// What should not authorize.
		"anonymous-probe-answered": inHeader(func(c *call, text string) (credential, bool) {
			if text == "" && c.Operation == adaxes.Probe {
				return anyToken(c, func(ticket) bool { return true })
			}
			return c.Find(text, adaxes.InHeader)
		}),
		"session-id-as-token": inHeader(func(c *call, text string) (credential, bool) {
			if s, found := c.Session(text); found && s.Live(c.Now) {
				return anyToken(c, func(ticket) bool { return true })
			}
			return c.Find(text, adaxes.InHeader)
		}),
		"token-by-its-start": near(func(token, text string) bool { return len(text) >= 64 && token[:64] == text[:64] }),

		// Several service instances.
		"service-header-twice": seams.Edit(func(_ *call, a *answer) {
			if a.Ticket != nil {
				a.Header.Add("Adm-Service", "balancer.example.com")
			}
		}),
		"service-header-missing":            missing(func(*call, *answer) bool { return true }),
		"service-header-missing-on-renewal": missing(func(c *call, _ *answer) bool { return c.Operation == adaxes.RenewToken }),
		"service-header-missing-on-issue":   missing(func(c *call, _ *answer) bool { return c.Operation == adaxes.IssueToken }),
		"service-header-not-on-renewals": missing(func(c *call, a *answer) bool {
			return a.Ticket != nil && c.Operation != adaxes.IssueToken
		}),
		"token-only-at-home": honouring(func(c *call, of credential) bool { return of.Ticket.Instance == c.Instance }),
		"ticket-id-not-at-home": honouring(func(c *call, of credential) bool {
			return !of.ByID || of.Ticket.Instance != c.Instance
		}),
		"ticket-id-everywhere":            honouring(func(*call, credential) bool { return true }),
		"service-header-ignored":          func(c *config) { c.Rules.Pick = func(*http.Request, []string) (int, bool) { return 0, false } },
		"service-header-the-same-for-all": naming(func(*call, *answer) string { return "adaxes.example.com" }),
	}
}

// notByID finds no ticket by its id where a place of a request is meant.
func notByID(where func(*call, adaxes.Place) bool) override {
	return finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
		found, ok := c.Find(text, place)
		return found, ok && !(found.ByID && where(c, place))
	})
}
