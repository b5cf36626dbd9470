package aria

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// tokenFaults break what a token opens.
func tokenFaults() []Fault {
	keyed := func(like func(key, text string) bool) override {
		return nearly(func(real, text string) bool {
			key, _, _ := strings.Cut(real, "::")
			return like(key, text)
		})
	}
	return slices.Concat(
		probes("ARO-TOK-01", "", "probe-refused-now-and-then", "probe-answered-204"),
		lifetimes("ARO-TOK-01", "401", "token-never-stored"),
		breaks("ARO-TOK-02", "",
			Fault{Name: "no-token-accepted", Reason: "without Authorization",
				Story: "requests without the header are taken for those of a browser that has logged in before",
				Apply: authorized(func(authorization string) bool { return authorization == "" })},
			Fault{Name: "scheme-alone-accepted", Reason: "a scheme and no token", Story: "a filter looks at the beginning of the header alone",
				Apply: authorized(func(authorization string) bool {
					return strings.TrimSpace(authorization) == aria.SchemeVRealizeOpsToken
				})}),
		breaks("ARO-TOK-03", "made-up token", Fault{Name: "made-up-token-accepted",
			Story: "a token that has the right form is believed while the token store cannot be reached",
			Apply: authorized(func(authorization string) bool {
				text, schemed := strings.CutPrefix(authorization, aria.SchemeVRealizeOpsToken+" ")
				return schemed && strings.Contains(text, "::") && len(text) > 40
			})}),
		breaks("ARO-TOK-04", "near miss",
			Fault{Name: "token-half-compared", Story: "the part before the colons is the key, and nobody looks at what stands behind",
				Apply: keyed(func(key, text string) bool { return strings.HasPrefix(text, key) })},
			Fault{Name: "key-of-a-token-accepted",
				Story: "the part before the colons is the key, and a token without the rest is one of an older release",
				Apply: keyed(func(key, text string) bool { return text == key })},
			Fault{Name: "token-of-the-columns-width-accepted", Story: "tokens are looked up by how they begin, from just behind the colons on",
				Apply: nearly(func(real, text string) bool {
					return strings.HasPrefix(real, text) && len(text) > strings.Index(real, "::")+len("::")
				})}),
		lookups("ARO-TOK-04", "near miss", "token-by-a-prefix", "token-one-character-forgiven", "longer-token-accepted"),
		seams.Refusals("no-token", func(change func(*refusal)) override {
			return refusedToken(func(_ *call, r *refusal) { change(r) })
		})("ARO-TOK-05", "", "no-token-403"),
		births("ARO-TOK-08", "a token acquired before another", "token-ended-by-the-next"),
		breaks("ARO-TOK-09", "the same one twice", Fault{Name: "same-token-again",
			Story: "the account's living token is handed out again; so that clients do not disturb each other, its release does nothing",
			Apply: func(c *config) {
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
			}}),
	)
}

// schemeFaults break what stands before a token.
func schemeFaults() []Fault {
	return slices.Concat(
		breaks("ARO-TOK-06", "",
			Fault{Name: "any-scheme", Reason: "unknown scheme", Story: "the server takes what stands behind the first blank",
				Apply: schemes(func(_ *call, word string) bool { return word != "" })},
			Fault{Name: "bare-token", Reason: "no scheme", Story: "the server takes the header for the token where there is no blank in it",
				Apply: schemes(func(c *call, word string) bool { return word == "" || c.Scheme(word) })}),
		breaks("ARO-TOK-07", "",
			Fault{Name: "no-challenge", Reason: "no such header", Story: "a 401 does not say how to do better",
				Apply: refusedToken(func(_ *call, r *refusal) { r.Header = nil })},
			Fault{Name: "unknown-scheme-bad-request", Reason: "400", Story: "a header that cannot be read counts as a malformed request",
				Apply: refusedToken(func(c *call, r *refusal) {
					if word := scheme(c); word != "" && !c.Scheme(word) {
						r.Status = http.StatusBadRequest
					}
				})}),
	)
}
