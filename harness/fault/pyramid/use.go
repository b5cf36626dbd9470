package pyramid

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
)

// useFaults get wrong which tokens open the API.
func useFaults() overrides {
	// admitting lets calls whose auth is of a kind pass as the administrator's; it is empty where there is none.
	admitting := func(is func(auth string) bool) override {
		return func(c *config) {
			c.Rules.Authorize = func(c *call, auth json.RawMessage) (account, bool) {
				if of, ok := c.Authorize(auth); ok {
					return of, true
				}
				return c.Accounts().Admin, is(string(auth))
			}
		}
	}
	return overrides{
		"dead-token":          finding(func(*call, string) (token, bool) { return token{}, false }),
		"no-auth-accepted":    admitting(func(auth string) bool { return auth == "" }),
		"null-auth-accepted":  admitting(func(auth string) bool { return auth == "null" }),
		"empty-auth-accepted": admitting(func(auth string) bool { return auth == `""` }),
		"no-auth-server-error": failing(http.StatusInternalServerError, func(c *call, _ *answer) bool {
			form := fault.Object(c.Body)
			return c.Operation == pyramid.ExtractQueryResult && form != nil && form["auth"] == nil
		}),
		"made-up-accepted": admitting(func(auth string) bool {
			raw, err := base64.StdEncoding.DecodeString(strings.Trim(auth, `"`))
			return err == nil && len(raw) > 16
		}),
		"any-of-the-right-length": finding(func(c *call, text string) (token, bool) {
			found, known := c.FindToken(text)
			if known || len(c.Tokens(func(t token) bool { return fault.OneApart(t.Text, text) })) > 0 {
				return found, known
			}
			return fault.First(c.Tokens(func(t token) bool { return len(t.Text) == len(text) }))
		}),
		"made-up-server-error": failing(http.StatusServiceUnavailable, func(c *call, a *answer) bool {
			return c.Operation == pyramid.ExtractQueryResult && a.Status == http.StatusUnauthorized
		}),
	}
}
