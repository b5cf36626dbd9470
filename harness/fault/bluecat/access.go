package bluecat

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// credentialFaults break credentials that should authorize (BCT-AUT-01, BCT-AUT-02).
func credentialFaults() []Fault {
	return slices.Concat(
		breaks("BCT-AUT-01", "basicAuthenticationCredentials works",
			Fault{Name: "credentials-with-scheme", Story: "the member holds the whole header, scheme and all",
				Apply: written(func(s session) string { return "Basic " + bluecat.BasicCredentials(s.User.Name, s.Token) })},
			Fault{Name: "credentials-cut-short", Story: "the column that keeps the credentials is too narrow for a long name",
				Apply: written(func(s session) string { return bluecat.BasicCredentials(s.User.Name, s.Token[:len(s.Token)-2]) })}),
		breaks("BCT-AUT-02", "base64 of name and token works", Fault{Name: "own-credentials-refused",
			Story: "only the ready-made credentials are good, which are made of something else",
			Apply: func(c *config) {
				c.Rules.Sessions.Credentials = func(s session) string { return bluecat.BasicCredentials(s.User.Name, "v2."+s.Token) }
				c.Rules.Access.Find = func(c *call, text string) (session, bool) {
					token, prefixed := strings.CutPrefix(text, "v2.")
					found, ok := c.SessionByToken(token)
					return found, ok && prefixed
				}
			}}),
		probes("BCT-AUT-02", "", "probe-answered-202", "probe-refused-now-and-then", "probe-fails-now-and-then"),
		lifetimes("BCT-AUT-02", "401 Unauthorized", "token-never-stored", "token-works-from-its-second-use"),
	)
}

// openDoorFaults accept credentials that should not authorize, or refuse them otherwise than is good practice
// (BCT-AUT-03 to BCT-AUT-08).
func openDoorFaults() []Fault {
	return slices.Concat(
		breaks("BCT-AUT-03", "no Authorization", Fault{Name: "anonymous-reads", Story: "reading was opened for a status page and never closed",
			Apply: authorized(func(c *call, header string) bool { return header == "" && c.Request.Method == http.MethodGet })}),
		lookups("BCT-AUT-04", "a made-up token", "any-token"),
		lookups("BCT-AUT-04", "an empty token", "empty-token"),
		lookups("BCT-AUT-04", "a near miss of a real token", "token-in-any-case", "token-cut-accepted", "token-by-a-prefix",
			"longer-token-accepted", "token-one-character-forgiven"),
		breaks("BCT-AUT-05", "",
			Fault{Name: "token-under-any-name", Reason: "the right token under another name", Story: "the token alone is looked at",
				Apply: naming(func(*call, session, string) bool { return true })},
			Fault{Name: "token-without-a-name", Reason: "the right token under no name", Story: "a name is compared where there is one",
				Apply: naming(func(_ *call, s session, name string) bool { return name == "" || name == s.User.Name })}),
		breaks("BCT-AUT-06", "the password in the place of the token", Fault{Name: "password-as-token",
			Story: "Basic authentication is tried against the users first, as everywhere else",
			Apply: finding(func(c *call, text string) (session, bool) {
				for _, u := range c.Users() {
					if u.Password == text {
						return passing(c, u), true
					}
				}
				return c.SessionByToken(text)
			})}),
		breaks("BCT-AUT-07", "status 401", Fault{Name: "bearer-accepted", Story: "a library offers both schemes",
			Apply: authorizing(func(c *call) (session, *refusal) {
				if token, isBearer := strings.CutPrefix(c.Request.Header.Get("Authorization"), "Bearer "); isBearer {
					if s, found := c.SessionByToken(token); found && s.Live(c.Now) {
						return s, nil
					}
				}
				return c.Authorize()
			})}),
		unreadable("bearer", func(header string) bool { return strings.HasPrefix(header, "Bearer") })("BCT-AUT-07", "", "bearer-400"),
		refusals("wrong-token", bluecat.InvalidAuthorizationToken)("BCT-AUT-08", "", "wrong-token-403"),
		unreadable("no-header", func(header string) bool { return header == "" })("BCT-AUT-08", "", "no-header-400"),
	)
}

// authorized lets requests pass whose Authorization is of a kind, as some user.
func authorized(is func(c *call, header string) bool) override {
	return authorizing(func(c *call) (session, *refusal) {
		if is(c, c.Request.Header.Get("Authorization")) {
			return passing(c, c.Users()[0]), nil
		}
		return c.Authorize()
	})
}

// unreadable are the ways to refuse an Authorization of a kind, which has no credentials that could be read.
func unreadable(word string, is func(header string) bool) fault.Choice[config] {
	return seams.Refusals(word, func(change func(*refusal)) override {
		return onRefusal(bluecat.InvalidAuthorizationCredentials, func(c *call, r *refusal) {
			if is(c.Request.Header.Get("Authorization")) {
				change(r)
			}
		})
	})
}

// headerFaults answer an Authorization that cannot be read with a failure of the server (BCT-ERR-01).
func headerFaults() []Fault {
	return slices.Concat(breaks("BCT-ERR-01", "",
		Fault{Name: "no-colon-500", Reason: "Basic credentials without a colon",
			Story: "what comes before the colon is taken without asking for one",
			Apply: crashesOn(func(c *call) bool {
				_, _, readable := c.Basic()
				header := c.Request.Header.Get("Authorization")
				return !readable && strings.HasPrefix(header, "Basic ") && !strings.Contains(header, "%") && len(header) < 1000
			})},
		Fault{Name: "not-utf-8-500", Reason: "Basic credentials that are not UTF-8",
			Story: "the name is written to the audit log, whose encoder knows UTF-8 alone",
			Apply: crashesOn(func(c *call) bool { name, _, _ := c.Basic(); return !utf8.ValidString(name) })},
		Fault{Name: "other-scheme-accepted", Reason: "credentials of another scheme",
			Story: "a proxy in front is trusted to have seen to every other scheme",
			Apply: authorized(func(_ *call, header string) bool { return strings.HasPrefix(header, "Negotiate ") })}),
		unreadable("no-credentials", func(header string) bool { return header == "Basic" })("BCT-ERR-01", "Basic without credentials",
			"no-credentials-crashes"),
		strange("BCT-ERR-01", "Basic credentials that are no base64", "percent-crashes"),
		strange("BCT-ERR-01", "far too long", "long-token-crashes"),
	)
}

// crashesOn answers the requests that match, where they are refused, with a failure of the server.
func crashesOn(match func(*call) bool) override {
	return onAnswer(func(c *call, a *answer) {
		if a.Refusal != nil && match(c) {
			answered(http.StatusInternalServerError)(a)
		}
	})
}
