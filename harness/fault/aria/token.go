package aria

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// tokenFaults break what a token opens, and when it is said to end.
func tokenFaults() overrides {
	keyed := func(like func(key, text string) bool) override {
		return nearly(func(real, text string) bool {
			key, _, _ := strings.Cut(real, "::")
			return like(key, text)
		})
	}
	stated := func(value func(token) any) override { return acquired("validity", value) }
	lifetime := func(t token) time.Duration { return t.ExpiresAt.Sub(t.AcquiredAt) }
	return overrides{
		"no-token-accepted": authorized(func(authorization string) bool { return authorization == "" }),
		"scheme-alone-accepted": authorized(func(authorization string) bool {
			text, schemed := behindAWord(authorization)
			return schemed && text == ""
		}),
		"made-up-token-accepted": authorized(func(authorization string) bool {
			text, schemed := behindAWord(authorization)
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
		"token-in-any-case-behind-opstoken": behindOpsToken(func(c *config) {
			finding(fault.Near((*call).Token, (*call).Tokens, func(c *call, t token, text string) bool {
				return opsTokenOf(c) && strings.EqualFold(t.Text, text)
			}))(c)
		}),
		"token-by-its-key-behind-opstoken": behindOpsToken(func(c *config) {
			finding(fault.Near((*call).Token, (*call).Tokens, func(c *call, t token, text string) bool {
				key, _, _ := strings.Cut(t.Text, "::")
				return opsTokenOf(c) && strings.HasPrefix(text, key)
			}))(c)
		}),
		"ops-token-unknown": func(c *config) { c.Schemes = []string{aria.SchemeVRealizeOpsToken} },
		"any-scheme":        schemes(func(_ *call, word string) bool { return word != "" }),
		"bare-token":        schemes(func(c *call, word string) bool { return word == "" || c.Scheme(word) }),

		// Another end than the true one, or one that is stated in another way.
		"expires-at-of-the-cluster": acquired("expiresAt", func(t token) any {
			return t.ExpiresAt.Add(-20 * time.Minute).UTC().Format("Monday, January 2, 2006 3:04:05 PM MST")
		}),
		"validity-string":     stated(func(t token) any { return strconv.FormatInt(t.ExpiresAt.UnixMilli(), 10) }),
		"validity-date":       stated(func(t token) any { return t.ExpiresAt.UTC().Format(time.RFC3339) }),
		"validity-fraction":   stated(func(t token) any { return float64(t.ExpiresAt.UnixMilli()) + 0.5 }),
		"validity-seconds":    stated(func(t token) any { return t.ExpiresAt.Unix() }),
		"validity-local-time": stated(func(t token) any { return t.ExpiresAt.Add(-8 * time.Hour).UnixMilli() }),
		"validity-duration":   stated(func(t token) any { return lifetime(t).Milliseconds() }),
		"validity-too-far":    stated(func(t token) any { return t.ExpiresAt.Add(lifetime(t)).UnixMilli() }),
		"validity-is-now":     stated(func(t token) any { return t.AcquiredAt.Add(lifetime(t) / 8).UnixMilli() }),
		// A variant: the end is kept in seconds.
		"validity-whole-seconds": stated(func(t token) any { return t.ExpiresAt.Truncate(time.Second).UnixMilli() }),
	}
}

// behindOpsToken breaks a server that takes tokens behind either word.
func behindOpsToken(breach override) override {
	return func(c *config) {
		c.Schemes = []string{aria.SchemeVRealizeOpsToken, aria.SchemeOpsToken}
		breach(c)
	}
}

// behindAWord is what stands behind one of the words before a token.
func behindAWord(authorization string) (text string, schemed bool) {
	word, text, _ := strings.Cut(authorization, " ")
	return strings.TrimSpace(text), word == aria.SchemeVRealizeOpsToken || word == aria.SchemeOpsToken
}

// opsTokenOf tells whether a call's token stands behind the word of newer releases.
func opsTokenOf(c *call) bool {
	word, _, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	return strings.EqualFold(word, aria.SchemeOpsToken)
}

// endFaults break what use, time and a release do to a token.
var endFaults = overrides{
	"fixed-from-acquisition": used(func(*call, token) {}),
	"use-extends-by-half":    used(func(c *call, t token) { c.Extend(t, c.Lifetime()/2) }),
	"late-use-does-not-extend": used(func(c *call, t token) {
		if t.ExpiresAt.Sub(c.Now) > c.Lifetime()/4 {
			c.Extend(t, c.Lifetime())
		}
	}),
	"use-behind-opstoken-does-not-extend": behindOpsToken(used(func(c *call, t token) {
		if !opsTokenOf(c) {
			c.Extend(t, c.Lifetime())
		}
	})),
	"only-first-use-extends": used(func(c *call, t token) {
		if t.Uses == 0 {
			c.Extend(t, c.Lifetime())
		}
	}),
	"early-use-does-not-extend": used(func(c *call, t token) {
		if t.ExpiresAt.Sub(c.Now) < c.Lifetime()/2 {
			c.Extend(t, c.Lifetime())
		}
	}),
	"use-in-the-first-quarter-does-not-extend": used(func(c *call, t token) {
		if t.ExpiresAt.Sub(c.Now) < c.Lifetime()*3/4 {
			c.Extend(t, c.Lifetime())
		}
	}),
	"only-two-uses-extend":       extending(func(use int) bool { return use < 3 }),
	"fourth-use-does-not-extend": extending(func(use int) bool { return use%4 != 0 }),
	"only-five-uses-extend":      extending(func(use int) bool { return use < 6 }),
	"used-token-never-ends":      live(func(c *call, t token) bool { return t.EndedAt.IsZero() && (t.Uses > 0 || c.Now.Before(t.ExpiresAt)) }),
	"token-dies-after-two-lifetimes": used(func(c *call, t token) {
		c.Extend(t, min(c.Lifetime(), t.AcquiredAt.Add(2*c.Lifetime()).Sub(c.Now)))
	}),
	"token-dies-after-three-lifetimes": used(func(c *call, t token) {
		c.Extend(t, min(c.Lifetime(), t.AcquiredAt.Add(3*c.Lifetime()).Sub(c.Now)))
	}),
	"use-extends-too-far": used(func(c *call, t token) { c.Extend(t, t.ExpiresAt.Add(c.Lifetime()).Sub(c.Now)) }),
	"late-release-revives": func(c *config) {
		var late sync.Map
		live(func(c *call, t token) bool {
			if c.Operation == aria.ReleaseToken && t.EndedAt.IsZero() && !t.Live(c.Now) {
				late.Store(t.Text, true)
				return false
			}
			_, again := late.Load(t.Text)
			return again || t.Live(c.Now)
		})(c)
	},
	"rejected-call-extends": live(func(c *call, t token) bool {
		if !t.EndedAt.IsZero() {
			return false
		}
		alive := t.Live(c.Now)
		if c.Operation != aria.ReleaseToken {
			c.Extend(t, c.Lifetime())
		}
		return alive
	}),

	"release-behind-opstoken-does-nothing": behindOpsToken(released(func(c *call, t token) {
		if !opsTokenOf(c) {
			c.End(t)
		}
	})),
	"released-token-lives-behind-opstoken": behindOpsToken(live(func(c *call, t token) bool {
		return t.Live(c.Now) || opsTokenOf(c) && c.Now.Before(t.ExpiresAt)
	})),

	"release-not-found": routes(func(c *call) (aria.Operation, *refusal) {
		operation, refused := c.Route()
		if operation == aria.ReleaseToken {
			return aria.NoOperation, &refusal{Status: http.StatusNotFound, Message: "There is no such resource.", Code: 404}
		}
		return operation, refused
	}),
	"release-again-revives": func(c *config) {
		var asked sync.Map
		live(func(c *call, t token) bool {
			if c.Operation == aria.ReleaseToken && !t.EndedAt.IsZero() {
				asked.Store(t.Text, true)
				return false
			}
			_, again := asked.Load(t.Text)
			return c.Now.Before(t.ExpiresAt) && (t.EndedAt.IsZero() || again)
		})(c)
	},
	"released-token-cached": func(c *config) {
		var honoured sync.Map
		live(func(c *call, t token) bool {
			if t.EndedAt.IsZero() {
				return t.Live(c.Now)
			}
			_, before := honoured.LoadOrStore(t.Text, true)
			return !before
		})(c)
	},
}

// extending extends a token by some of its uses, counted from one.
func extending(by func(use int) bool) override {
	return used(func(c *call, t token) {
		if by(t.Uses + 1) {
			c.Extend(t, c.Lifetime())
		}
	})
}
