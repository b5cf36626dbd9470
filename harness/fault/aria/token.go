package aria

import (
	"net/http"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// tokenFaults break what a token opens.
func tokenFaults() []Fault {
	// nearly finds the token that a text is like.
	nearly := func(like func(real, text string) bool) override {
		return find(func(c *call, text string) (token, bool) {
			if t, known := c.Token(text); known {
				return t, true
			}
			return fault.First(c.Tokens(func(t token) bool { return like(t.Text, text) }))
		})
	}
	return []Fault{
		{
			Name: "token-never-works", Requirement: "ARO-TOK-01", Reason: "401",
			Story: "Tokens are kept by a node that the requests never reach.",
			Apply: live(func(*call, token) bool { return false }),
		},
		{
			Name: "token-works-now-and-then", Requirement: "ARO-TOK-01", Reason: "401",
			Story: "One of four nodes does not get the tokens that the others issue.",
			Apply: wrap(fault.On(fault.Every(4, func(r *http.Request) bool {
				return strings.HasSuffix(r.URL.Path, "/currentuser")
			}), func(_ *http.Request, a *fault.Response) { a.Status = http.StatusUnauthorized })),
		},
		{
			Name: "probe-no-content", Requirement: "ARO-TOK-01", Reason: "204",
			Story: "The current user is no longer sent, since no client was thought to read it.",
			Apply: granted(aria.CurrentUser, func(a *answer) { a.Status, a.Members = http.StatusNoContent, nil }),
		},
		{
			Name: "no-token-accepted", Requirement: "ARO-TOK-02", Reason: "without Authorization",
			Story: "Requests without the header are taken for those of a browser that has logged in before.",
			Apply: authorized(func(authorization string) bool { return authorization == "" }),
		},
		{
			Name: "scheme-alone-accepted", Requirement: "ARO-TOK-02", Reason: "a scheme and no token",
			Story: "A filter looks at the beginning of the header alone.",
			Apply: authorized(func(authorization string) bool {
				return strings.TrimSpace(authorization) == aria.SchemeVRealizeOpsToken
			}),
		},
		{
			Name: "made-up-token-accepted", Requirement: "ARO-TOK-03", Reason: "made-up token",
			Story: "A token that has the right form is believed while the token store cannot be reached.",
			Apply: authorized(func(authorization string) bool {
				return strings.HasPrefix(authorization, aria.SchemeVRealizeOpsToken+" ") && strings.Contains(authorization, "::") && len(authorization) > 60
			}),
		},
		{
			Name: "token-half-compared", Requirement: "ARO-TOK-04", Reason: "near miss",
			Story: "The part before the colons is the key, and nobody looks at what stands behind.",
			Apply: nearly(func(real, text string) bool {
				key, _, _ := strings.Cut(real, "::")
				return strings.HasPrefix(text, key)
			}),
		},
		{
			Name: "cut-token-accepted", Requirement: "ARO-TOK-04", Reason: "near miss",
			Story: "Tokens are looked up by how they begin, so that a log's short form can be used too.",
			Apply: nearly(func(real, text string) bool { return len(text) > 8 && strings.HasPrefix(real, text) }),
		},
		{
			Name: "token-one-character-forgiven", Requirement: "ARO-TOK-04", Reason: "near miss",
			Story: "The comparison forgives a slip of one character, as it does for names that people type.",
			Apply: nearly(fault.OneApart),
		},
		{
			Name: "key-of-a-token-accepted", Requirement: "ARO-TOK-04", Reason: "near miss",
			Story: "The part before the colons is the key, and a token without the rest is one of an older release.",
			Apply: nearly(func(real, text string) bool {
				key, _, _ := strings.Cut(real, "::")
				return text == key
			}),
		},
		{
			Name: "token-of-the-columns-width-accepted", Requirement: "ARO-TOK-04", Reason: "near miss",
			Story: "Tokens are looked up by how they begin, from just behind the colons on.",
			Apply: nearly(func(real, text string) bool {
				key, _, _ := strings.Cut(real, "::")
				return len(text) > len(key)+2 && strings.HasPrefix(real, text)
			}),
		},
		{
			Name: "longer-token-accepted", Requirement: "ARO-TOK-04", Reason: "near miss",
			Story: "What does not fit the column is cut before the comparison.",
			Apply: nearly(func(real, text string) bool { return strings.HasPrefix(text, real) }),
		},
		{
			Name: "no-token-forbidden", Requirement: "ARO-TOK-05", Reason: "403",
			Story: "The security framework's default answer was left as it is.",
			Apply: refusedToken(func(_ *call, r *refusal) { r.Status, r.Header = http.StatusForbidden, nil }),
		},
		{
			Name: "one-token-an-account", Requirement: "ARO-TOK-08", Reason: "of three tokens",
			Story: "A login ends what the account had before, as on the web page.",
			Apply: func(c *config) {
				c.Rules.Tokens.Acquire = func(c *call, a account) (token, *refusal) {
					for _, t := range c.Tokens(func(t token) bool { return t.Account.ID == a.ID }) {
						c.End(t)
					}
					return c.NewToken(a)
				}
			},
		},
		{
			Name: "same-token-again", Requirement: "ARO-TOK-09", Reason: "the same one twice",
			Story: "The account's living token is handed out again; so that clients do not disturb each other, its release does nothing.",
			Apply: func(c *config) {
				var one sync.Mutex
				c.Rules.Tokens.Acquire = func(c *call, a account) (token, *refusal) {
					one.Lock()
					defer one.Unlock()
					for _, t := range c.Tokens(func(t token) bool { return t.Account.ID == a.ID && t.Live(c.Now) }) {
						return t, nil
					}
					return c.NewToken(a)
				}
				c.Rules.Tokens.Release = func(*call, token) {}
			},
		},
	}
}

// authorized lets requests pass whose Authorization is of a kind, as the server's first own user.
func authorized(pass func(authorization string) bool) override {
	const guest = "conform-guest"
	return func(c *config) {
		c.Rules.Requests.Route = func(c *call) (aria.Operation, *refusal) {
			if operation, _ := c.Route(); operation == aria.CurrentUser && pass(c.Request.Header.Get("Authorization")) {
				c.Request.Header.Set("Authorization", aria.SchemeVRealizeOpsToken+" "+guest)
			}
			return c.Route()
		}
		c.Rules.Tokens.Find = func(c *call, text string) (token, bool) {
			if text == guest {
				source, _ := c.Source("")
				return token{Text: guest, Account: source.Accounts[0], Life: kernel.Life{ExpiresAt: c.Now.Add(c.Lifetime())}}, true
			}
			return c.Token(text)
		}
	}
}

// schemeFaults break what stands before a token.
func schemeFaults() []Fault {
	return []Fault{
		{
			Name: "any-scheme", Requirement: "ARO-TOK-06", Reason: "unknown scheme",
			Story: "The server takes what stands behind the first blank.",
			Apply: func(c *config) { c.Rules.Tokens.Scheme = func(_ *call, word string) bool { return word != "" } },
		},
		{
			Name: "bare-token", Requirement: "ARO-TOK-06", Reason: "no scheme",
			Story: "The server takes the header for the token where there is no blank in it.",
			Apply: func(c *config) {
				c.Rules.Tokens.Scheme = func(c *call, word string) bool { return word == "" || c.Scheme(word) }
			},
		},
		{
			Name: "no-challenge", Requirement: "ARO-TOK-07", Reason: "no such header",
			Story: "A 401 does not say how to do better.",
			Apply: refusedToken(func(_ *call, r *refusal) { r.Header = nil }),
		},
		{
			Name: "unknown-scheme-bad-request", Requirement: "ARO-TOK-07", Reason: "400",
			Story: "A header that cannot be read counts as a malformed request.",
			Apply: refusedToken(func(c *call, r *refusal) {
				if word, _ := scheme(c); word != "" && !c.Scheme(word) {
					r.Status = http.StatusBadRequest
				}
			}),
		},
	}
}
