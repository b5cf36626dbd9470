package aria

import (
	"net/http"
	"strings"
	"sync"

	"example.org/conform/harness/reference/aria"
)

// releaseFaults break the end of a token.
func releaseFaults() []Fault {
	return []Fault{
		{
			Name: "release-no-content", Requirement: "ARO-REL-01", Reason: "204",
			Story: "A release has nothing to say, and says so.",
			Apply: granted(aria.ReleaseToken, status(http.StatusNoContent)),
		},
		{
			Name: "release-not-found", Requirement: "ARO-REL-01", Reason: "404",
			Story: "The release was moved to another path.",
			Apply: func(c *config) {
				c.Rules.Requests.Route = func(c *call) (aria.Operation, *refusal) {
					operation, refused := c.Route()
					if operation == aria.ReleaseToken {
						return aria.NoOperation, &refusal{Status: http.StatusNotFound, Message: "There is no such resource.", Code: 404}
					}
					return operation, refused
				}
			},
		},
		{
			Name: "release-does-nothing", Requirement: "ARO-REL-02", Reason: "released token",
			Story: "The client is told that all is well, and the token is left to expire.",
			Apply: func(c *config) { c.Rules.Tokens.Release = func(*call, token) {} },
		},
		{
			Name: "released-token-cached", Requirement: "ARO-REL-02", Reason: "released token",
			Story: "A node that has seen the token goes on honouring it once from its cache.",
			Apply: func(c *config) {
				var mu sync.Mutex
				honoured := map[string]bool{}
				live(func(c *call, t token) bool {
					mu.Lock()
					defer mu.Unlock()
					if t.EndedAt.IsZero() || honoured[t.Text] {
						return t.Live(c.Now)
					}
					honoured[t.Text] = true
					return true
				})(c)
			},
		},
		{
			Name: "release-ends-all", Requirement: "ARO-REL-03", Reason: "the released one",
			Story: "A release logs the account out everywhere.",
			Apply: func(c *config) {
				c.Rules.Tokens.Release = func(c *call, released token) {
					for _, t := range c.Tokens(func(t token) bool { return t.Account.ID == released.Account.ID }) {
						c.End(t)
					}
				}
			},
		},
	}
}

// errorFaults fall over credentials that nobody thought of.
func errorFaults() []Fault {
	return []Fault{
		{
			Name: "strange-token-crashes", Requirement: "ARO-ERR-01", Reason: "5xx",
			Story: "The part behind the colons is taken before anybody has looked whether there are colons.",
			Apply: refusedToken(func(c *call, r *refusal) {
				if _, rest := scheme(c); rest == "%00" {
					crash(r)
				}
			}),
		},
		{
			Name: "long-header-crashes", Requirement: "ARO-ERR-01", Reason: "5xx",
			Story: "The header is looked up in a column of 255 characters.",
			Apply: refusedToken(func(c *call, r *refusal) {
				if len(c.Request.Header.Get("Authorization")) > 255 {
					crash(r)
				}
			}),
		},
		{
			Name: "quote-in-a-token-crashes", Requirement: "ARO-ERR-01", Reason: "5xx",
			Story: "The look-up of the current user writes the token into a query.",
			Apply: refusedToken(func(c *call, r *refusal) {
				if c.Operation == aria.CurrentUser && strings.Contains(c.Request.Header.Get("Authorization"), "'") {
					crash(r)
				}
			}),
		},
		{
			Name: "release-without-token-crashes", Requirement: "ARO-ERR-01", Reason: "5xx",
			Story: "The release reads the user of a token that is not there.",
			Apply: refusedToken(func(c *call, r *refusal) {
				if c.Operation == aria.ReleaseToken {
					crash(r)
				}
			}),
		},
	}
}
