package pyramid

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"example.org/conform/harness/fault"
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
		"made-up-accepted": admitting(func(auth string) bool {
			raw, err := base64.StdEncoding.DecodeString(strings.Trim(auth, `"`))
			return err == nil && len(raw) > 16
		}),
		"any-of-the-right-length": finding(func(c *call, text string) (token, bool) {
			found, known := c.FindToken(text)
			if known || len(kept(c, func(t token) bool { return fault.OneApart(t.Text, text) })) > 0 {
				return found, known
			}
			return fault.First(kept(c, func(t token) bool { return len(t.Text) == len(text) }))
		}),
	}
}
