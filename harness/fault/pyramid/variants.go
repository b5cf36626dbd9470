package pyramid

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/winauth"
)

// variants differ where the document leaves it open.
func variants() overrides {
	providers := func(schemes ...string) override { return func(c *config) { c.Rules.Schemes = schemes } }
	return overrides{
		"trailing-newline": rewritten(func(text string) string { return text + "\n" }),
		"trailing-crlf":    rewritten(func(text string) string { return text + "\r\n" }),
		"cookie":           issued(cookie),
		"token-in-its-cookie-taken": func(c *config) {
			issued(cookie)(c)
			c.Rules.Authorize = func(c *call, auth json.RawMessage) (account, bool) {
				if len(auth) == 0 || string(auth) == "null" {
					if stored, err := c.Request.Cookie("PyramidAuth"); err == nil {
						auth = json.RawMessage(strconv.Quote(stored.Value))
					}
				}
				return c.Authorize(auth)
			}
		},
		"viewers-refused-in-a-success": seams.Edit(func(c *call, a *answer) {
			if a.Status == http.StatusForbidden {
				a.Status, a.Body = http.StatusOK, []byte(`{"error":"no administrator"}`)
			}
		}),
		"long-token": texts(func() string { return random.Token(4096) }),
		"tokens-by-their-bytes": finding(fault.Near((*call).FindToken, (*call).Tokens, func(_ *call, t token, text string) bool {
			return fault.SameBytes(t.Text, text)
		})),
		"ntlm-only":      providers(winauth.SchemeNTLM),
		"negotiate-only": providers(winauth.SchemeNegotiate),
		"schemes-in-one-line": seams.Edit(func(_ *call, a *answer) {
			if lines := a.Header["Www-Authenticate"]; len(lines) > 1 {
				a.Header["Www-Authenticate"] = []string{strings.Join(lines, ", ")}
			}
		}),
		"extended-protection": func(c *config) {
			c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
				return p.Matches(ntlm.HashOf(a.Password)) && winauth.Bound(r, p)
			}
		},
		"stays-logged-in": func(c *config) { c.Rules.Persistent = true },
		"null-body-only":  func(c *config) { c.Rules.Body = func(c *call) bool { return string(c.Body) == "null" } },
		"case-sensitive-path": func(c *config) {
			c.Rules.Route = func(c *call) (pyramid.Operation, *pyramid.Refusal) {
				if at := c.Request.URL.Path; !strings.HasPrefix(at, pyramid.BasePath+"/") && !strings.HasPrefix(at, pyramid.BasePath3+"/") {
					return pyramid.NoOperation, nil
				}
				return c.Route()
			}
		},
		"chunked": seams.Wrap(fault.Chunked(func(body []byte) [][]byte { return slices.Collect(slices.Chunk(body, 7)) })),
		"slow":    func(c *config) { c.Latency += 40 * time.Millisecond },
	}
}
