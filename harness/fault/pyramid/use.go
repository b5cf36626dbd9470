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
	authorize := func(judge func(c *pyramid.Call, auth json.RawMessage) bool) func(*pyramid.Config) {
		return func(config *pyramid.Config) {
			config.Rules.Authorize = func(c *pyramid.Call, auth json.RawMessage) (pyramid.Account, bool) {
				if account, ok := c.Authorize(auth); ok {
					return account, true
				}
				return c.Accounts().Admin, judge(c, auth)
			}
		}
	}
	// nearly finds the token that a text is like.
	nearly := func(like func(token, text string) bool) func(*pyramid.Config) {
		return func(config *pyramid.Config) {
			config.Rules.FindToken = func(c *pyramid.Call, text string) (pyramid.Token, bool) {
				tokens := c.Tokens()
				i := slices.IndexFunc(tokens, func(t pyramid.Token) bool { return t.Text == text })
				if i < 0 {
					i = slices.IndexFunc(tokens, func(t pyramid.Token) bool { return like(t.Text, text) })
				}
				if i < 0 {
					return pyramid.Token{}, false
				}
				return tokens[i], true
			}
		}
	}
	return []Fault{
		{
			Name: "dead-token", Requirement: "PYR-USE-01", Reason: "401",
			Story: "the token is issued by one node and never reaches the store of the others",
			Apply: func(config *pyramid.Config) {
				config.Rules.FindToken = func(*pyramid.Call, string) (pyramid.Token, bool) { return pyramid.Token{}, false }
			},
		},
		{
			Name: "no-auth-accepted", Requirement: "PYR-USE-02", Reason: "without auth",
			Story: "a filter judges the tokens that are there, and lets calls without one pass",
			Apply: authorize(func(_ *pyramid.Call, auth json.RawMessage) bool { return auth == nil }),
		},
		{
			Name: "null-auth-accepted", Requirement: "PYR-USE-02", Reason: "whose auth is null",
			Story: "null is taken for the user of the process",
			Apply: authorize(func(_ *pyramid.Call, auth json.RawMessage) bool { return string(auth) == "null" }),
		},
		{
			Name: "empty-auth-accepted", Requirement: "PYR-USE-02", Reason: "whose auth is empty",
			Story: "a token that is empty compares equal to the one that a user who never logged in has",
			Apply: authorize(func(_ *pyramid.Call, auth json.RawMessage) bool { return string(auth) == `""` }),
		},
		{
			Name: "no-auth-server-error", Requirement: "PYR-USE-02", Reason: "500",
			Story: "a call without a token is a null reference",
			Apply: func(config *pyramid.Config) {
				config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
					var form map[string]any
					if c.Operation == pyramid.ExtractQueryResult && json.Unmarshal(c.Body, &form) == nil && form["auth"] == nil {
						a.Status = http.StatusInternalServerError
					}
				}
			},
		},
		{
			Name: "made-up-accepted", Requirement: "PYR-USE-03", Reason: "a token that was never issued",
			Story: "the token is decoded and its signature not checked: whatever is base64 of the right length will do",
			Apply: authorize(func(_ *pyramid.Call, auth json.RawMessage) bool {
				raw, err := base64.StdEncoding.DecodeString(strings.Trim(string(auth), `"`))
				return err == nil && len(raw) > 16
			}),
		},
		{
			Name: "prefix-accepted", Requirement: "PYR-USE-03", Reason: "a token that was never issued",
			Story: "the column of the token store is shorter than the token, and what was cut off is not compared",
			Apply: func(config *pyramid.Config) {
				config.Rules.FindToken = func(c *pyramid.Call, text string) (pyramid.Token, bool) {
					for _, token := range c.Tokens() {
						const column = 32
						if len(text) >= column && len(token.Text) >= column && token.Text[:column] == text[:column] {
							return token, true
						}
					}
					return pyramid.Token{}, false
				}
			},
		},
		{
			Name: "lookup-by-prefix", Requirement: "PYR-USE-03", Reason: "a token that was never issued",
			Story: "tokens are looked up by how they begin, so that a log's short form can be used too",
			Apply: nearly(func(token, text string) bool { return len(text) > 8 && strings.HasPrefix(token, text) }),
		},
		{
			Name: "one-character-forgiven", Requirement: "PYR-USE-03", Reason: "a token that was never issued",
			Story: "the comparison forgives a slip of one character, as it does for names that people type",
			Apply: nearly(fault.OneApart),
		},
		{
			Name: "any-of-the-right-length", Requirement: "PYR-USE-03", Reason: "a token that was never issued",
			Story: "what has the form of a token is taken for one of another node, while what nearly is one of this node's is found out",
			Apply: func(config *pyramid.Config) {
				config.Rules.FindToken = func(c *pyramid.Call, text string) (pyramid.Token, bool) {
					tokens := c.Tokens()
					near := func(t pyramid.Token) bool { return t.Text == text || fault.OneApart(t.Text, text) }
					i := slices.IndexFunc(tokens, near)
					if i >= 0 {
						return tokens[i], tokens[i].Text == text
					}
					if i = slices.IndexFunc(tokens, func(t pyramid.Token) bool { return len(t.Text) == len(text) }); i >= 0 {
						return tokens[i], true
					}
					return pyramid.Token{}, false
				}
			},
		},
		{
			Name: "made-up-server-error", Requirement: "PYR-USE-03", Reason: "503",
			Story: "a token that cannot be decrypted is an exception, and the gateway reports the service as down",
			Apply: func(config *pyramid.Config) {
				config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
					if c.Operation == pyramid.ExtractQueryResult && a.Status == http.StatusUnauthorized {
						a.Status = http.StatusServiceUnavailable
					}
				}
			},
		},
	}
}
