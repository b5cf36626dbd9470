package pyramid

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
)

// useFaults get wrong which tokens open the API.
func useFaults() []Fault {
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
	return slices.Concat(
		breaks("PYR-USE-01", "401",
			Fault{Name: "dead-token", Story: "the token is issued by one node and never reaches the store of the others",
				Apply: finding(func(*call, string) (token, bool) { return token{}, false })}),
		breaks("PYR-USE-02", "",
			Fault{Name: "no-auth-accepted", Reason: "without auth",
				Story: "a filter judges the tokens that are there, and lets calls without one pass",
				Apply: admitting(func(auth string) bool { return auth == "" })},
			Fault{Name: "null-auth-accepted", Reason: "whose auth is null", Story: "null is taken for the user of the process",
				Apply: admitting(func(auth string) bool { return auth == "null" })},
			Fault{Name: "empty-auth-accepted", Reason: "whose auth is empty",
				Story: "a token that is empty compares equal to the one that a user who never logged in has",
				Apply: admitting(func(auth string) bool { return auth == `""` })},
			Fault{Name: "no-auth-server-error", Reason: "500", Story: "a call without a token is a null reference",
				Apply: failing(http.StatusInternalServerError, func(c *call, _ *answer) bool {
					form := fault.Object(c.Body)
					return c.Operation == pyramid.ExtractQueryResult && form != nil && form["auth"] == nil
				})}),
		breaks("PYR-USE-03", "a token that was never issued",
			Fault{Name: "made-up-accepted",
				Story: "the token is decoded and its signature not checked: whatever is base64 of the right length will do",
				Apply: admitting(func(auth string) bool {
					raw, err := base64.StdEncoding.DecodeString(strings.Trim(auth, `"`))
					return err == nil && len(raw) > 16
				})},
			Fault{Name: "any-of-the-right-length",
				Story: "what has the form of a token is taken for one of another node, while what nearly is one of this node's is found out",
				Apply: finding(func(c *call, text string) (token, bool) {
					found, known := c.FindToken(text)
					if known || len(kept(c, func(t token) bool { return fault.OneApart(t.Text, text) })) > 0 {
						return found, known
					}
					return fault.First(kept(c, func(t token) bool { return len(t.Text) == len(text) }))
				})},
			Fault{Name: "made-up-server-error", Reason: "503",
				Story: "a token that cannot be decrypted is an exception, and the gateway reports the service as down",
				Apply: failing(http.StatusServiceUnavailable, func(c *call, a *answer) bool {
					return c.Operation == pyramid.ExtractQueryResult && a.Status == http.StatusUnauthorized
				})}),
		lookups("PYR-USE-03", "a token that was never issued", "token-cut-accepted", "token-by-a-prefix", "token-one-character-forgiven"),
	)
}
