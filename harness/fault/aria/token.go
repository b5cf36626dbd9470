package aria

import (
	"net/http"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// tokenFaults break what a token opens.
func tokenFaults() overrides {
	keyed := func(like func(key, text string) bool) override {
		return nearly(func(real, text string) bool {
			key, _, _ := strings.Cut(real, "::")
			return like(key, text)
		})
	}
	return overrides{
		"no-token-accepted": authorized(func(authorization string) bool { return authorization == "" }),
		"scheme-alone-accepted": authorized(func(authorization string) bool {
			return strings.TrimSpace(authorization) == aria.SchemeVRealizeOpsToken
		}),
		"made-up-token-accepted": authorized(func(authorization string) bool {
			text, schemed := strings.CutPrefix(authorization, aria.SchemeVRealizeOpsToken+" ")
			return schemed && strings.Contains(text, "::") && len(text) > 40
		}),
		"token-half-compared":     keyed(func(key, text string) bool { return strings.HasPrefix(text, key) }),
		"key-of-a-token-accepted": keyed(func(key, text string) bool { return text == key }),
		"token-of-the-columns-width-accepted": nearly(func(real, text string) bool {
			return strings.HasPrefix(real, text) && len(text) > strings.Index(real, "::")+len("::")
		}),
		"same-token-again": func(c *config) {
			var one sync.Mutex
			c.Rules.Tokens.Acquire = func(c *call, a account) (token, *refusal) {
				one.Lock()
				defer one.Unlock()
				if again, found := fault.First(ofAccount(c, a)); found {
					return again, nil
				}
				return c.NewToken(a)
			}
			c.Rules.Tokens.Release = func(*call, token) {}
		},
	}
}

// schemeFaults break what stands before a token.
var schemeFaults = overrides{
	"any-scheme": schemes(func(_ *call, word string) bool { return word != "" }),
	"bare-token": schemes(func(c *call, word string) bool { return word == "" || c.Scheme(word) }),
	"unknown-scheme-bad-request": seams.RefuseWhere(func(c *call, r *refusal) bool {
		word := scheme(c)
		return unauthorized(c, r) && word != "" && !c.Scheme(word)
	}, restated(http.StatusBadRequest)),
}
