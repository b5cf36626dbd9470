package bluecat

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/conform/harness/reference/bluecat"
)

// credentialFaults break credentials that should authorize (BCT-AUT-01, BCT-AUT-02).
func credentialFaults() []Fault {
	return slices.Concat(
		breaks("BCT-AUT-01", "basicAuthenticationCredentials authorizes",
			Fault{Name: "credentials-with-scheme", Story: "the member holds the whole header, scheme and all",
				Apply: written(func(s session) string { return "Basic " + bluecat.BasicCredentials(s.User.Name, s.Token) })},
			Fault{Name: "credentials-cut-short", Story: "the column that keeps the credentials is too narrow for a long name",
				Apply: written(func(s session) string { return bluecat.BasicCredentials(s.User.Name, s.Token[:len(s.Token)-2]) })}),
		breaks("BCT-AUT-02", "401 Unauthorized",
			Fault{Name: "own-credentials-refused", Reason: "base64 of name and token authorizes",
				Story: "only the ready-made credentials are good, which are made of something else",
				Apply: func(c *config) {
					c.Rules.Sessions.Credentials = func(s session) string { return bluecat.BasicCredentials(s.User.Name, "v2."+s.Token) }
					c.Rules.Access.Find = func(c *call, text string) (session, bool) {
						token, prefixed := strings.CutPrefix(text, "v2.")
						found, ok := c.SessionByToken(token)
						return found, ok && prefixed
					}
				}},
			Fault{Name: "probe-answered-202", Reason: "202", Story: "lists are prepared by a queue, and the first page is sent with the receipt",
				Apply: granted(bluecat.Probe, sends(http.StatusAccepted))},
			Fault{Name: "token-refused-now-and-then", Story: "every third request meets a node whose cache is cold",
				Apply: everyGranted(3, bluecat.Probe, answered(http.StatusUnauthorized))},
			Fault{Name: "probe-fails-now-and-then", Reason: "500 Internal Server Error",
				Story: "every third request waits in vain for a connection of the database's pool",
				Apply: everyGranted(3, bluecat.Probe, answered(http.StatusInternalServerError))}),
		breaks("BCT-AUT-02", "401 Unauthorized", lifetimes("token-never-stored", "token-works-from-its-second-use")...),
	)
}

// openDoorFaults accept credentials that should not authorize, or refuse them otherwise than is good practice
// (BCT-AUT-03 to BCT-AUT-08).
func openDoorFaults() []Fault {
	return slices.Concat(
		breaks("BCT-AUT-03", "no Authorization", Fault{Name: "anonymous-reads", Story: "reading was opened for a status page and never closed",
			Apply: authorized(func(c *call, header string) bool { return header == "" && c.Request.Method == http.MethodGet })}),
		breaks("BCT-AUT-04", "a made-up token", lookups("any-token")...),
		breaks("BCT-AUT-04", "an empty token", lookups("empty-token")...),
		breaks("BCT-AUT-04", "a near miss of a real token", lookups("token-in-any-case", "token-cut-accepted", "token-by-a-prefix",
			"longer-token-accepted", "token-one-character-forgiven")...),
		breaks("BCT-AUT-05", "",
			Fault{Name: "token-under-any-name", Reason: "the right token under another name", Story: "the token alone is looked at",
				Apply: naming(func(session, string) bool { return true })},
			Fault{Name: "token-without-a-name", Reason: "the right token under no name", Story: "a name is compared where there is one",
				Apply: naming(func(s session, name string) bool { return name == "" || name == s.User.Name })}),
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
		breaks("BCT-AUT-07", "",
			Fault{Name: "bearer-accepted", Reason: "status 401", Story: "a library offers both schemes",
				Apply: authorizing(func(c *call) (session, *refusal) {
					if token, isBearer := strings.CutPrefix(c.Request.Header.Get("Authorization"), "Bearer "); isBearer {
						if s, found := c.SessionByToken(token); found && s.Live(c.Now) {
							return s, nil
						}
					}
					return c.Authorize()
				})},
			Fault{Name: "bearer-400", Reason: "400", Story: "an unknown scheme counts as malformed",
				Apply: unreadable(http.StatusBadRequest, func(header string) bool { return strings.HasPrefix(header, "Bearer") })}),
		breaks("BCT-AUT-08", "",
			Fault{Name: "wrong-token-403", Reason: "403", Story: "whoever is not known is forbidden everything",
				Apply: onRefusal(bluecat.InvalidAuthorizationToken, status(http.StatusForbidden))},
			Fault{Name: "no-header-400", Reason: "400", Story: "the header is required, and its absence a malformed request",
				Apply: unreadable(http.StatusBadRequest, func(header string) bool { return header == "" })}),
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

// unreadable refuses an Authorization of a kind, which has no credentials that could be read, with this status.
func unreadable(status int, is func(header string) bool) override {
	return onRefusal(bluecat.InvalidAuthorizationCredentials, func(c *call, r *refusal) {
		if is(c.Request.Header.Get("Authorization")) {
			r.Status = status
		}
	})
}

// naming changes which names are right for a session.
func naming(same func(s session, name string) bool) override {
	return func(c *config) {
		c.Rules.Access.Names = func(_ *call, s session, name string) bool { return same(s, name) }
	}
}

// headerFaults answer an Authorization that cannot be read with a failure of the server (BCT-ERR-01).
func headerFaults() []Fault {
	return slices.Concat(breaks("BCT-ERR-01", "",
		Fault{Name: "no-credentials-500", Reason: "Basic without credentials", Story: "the header is split at a blank that is not there",
			Apply: unreadable(http.StatusInternalServerError, func(header string) bool { return header == "Basic" })},
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
		breaks("BCT-ERR-01", "Basic credentials that are no base64", strange("percent-crashes")...),
		breaks("BCT-ERR-01", "far too long", strange("long-token-crashes")...),
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
