package bluecat

import (
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// finding changes how the session of a token is found.
func finding(find func(c *call, token string) (session, bool)) override {
	return func(c *config) { c.Rules.Access.Find = find }
}

// near finds the session whose token matches, where none has the text itself.
func near(same func(token, text string) bool) override {
	return finding(func(c *call, text string) (session, bool) {
		if found, ok := c.SessionByToken(text); ok {
			return found, true
		}
		return anySession(c, func(s session) bool { return same(s.Token, text) })
	})
}

// anySession is some live session that matches.
func anySession(c *call, match func(session) bool) (session, bool) {
	return fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) && match(s) }))
}

// credentialFaults break credentials that should authorize (BCT-AUT-01, BCT-AUT-02).
func credentialFaults() []Fault {
	return []Fault{
		{Name: "credentials-with-scheme", Requirement: "BCT-AUT-01", Story: "the member holds the whole header, scheme and all", Reason: "basicAuthenticationCredentials authorizes",
			Apply: func(c *config) {
				c.Rules.Sessions.Credentials = func(s session) string { return "Basic " + bluecat.BasicCredentials(s.User.Name, s.Token) }
			}},
		{Name: "credentials-cut-short", Requirement: "BCT-AUT-01", Story: "the column that keeps the credentials is too narrow for a long name", Reason: "basicAuthenticationCredentials authorizes",
			Apply: func(c *config) {
				c.Rules.Sessions.Credentials = func(s session) string {
					return bluecat.BasicCredentials(s.User.Name, s.Token[:len(s.Token)-2])
				}
			}},
		{Name: "own-credentials-refused", Requirement: "BCT-AUT-02", Story: "only the ready-made credentials are good, which are made of something else", Reason: "base64 of name and token authorizes",
			Apply: both(
				func(c *config) {
					c.Rules.Sessions.Credentials = func(s session) string { return bluecat.BasicCredentials(s.User.Name, "v2."+s.Token) }
				},
				finding(func(c *call, text string) (session, bool) {
					token, prefixed := strings.CutPrefix(text, "v2.")
					found, ok := c.SessionByToken(token)
					return found, ok && prefixed
				}))},
		{Name: "probe-answered-202", Requirement: "BCT-AUT-02", Story: "lists are prepared by a queue, and the first page is sent with the receipt", Reason: "202",
			Apply: granted(bluecat.Probe, func(a *answer) { a.Status = http.StatusAccepted })},
		{Name: "token-never-stored", Requirement: "BCT-AUT-02", Story: "the transaction that stores the session is rolled back", Reason: "401 Unauthorized",
			Apply: func(c *config) {
				c.Rules.Sessions.Create = func(c *call, u user) session {
					made := c.NewSession(u)
					c.EndSession(made)
					return made
				}
			}},
		{Name: "token-works-from-its-second-use", Requirement: "BCT-AUT-02", Story: "the first use fetches the session into a cache and fails for want of it", Reason: "401 Unauthorized",
			Apply: func(c *config) {
				var seen sync.Map
				c.Rules.Access.Live = func(c *call, s session) bool {
					_, cached := seen.LoadOrStore(s.ID, true)
					return cached && s.Live(c.Now)
				}
			}},
		{Name: "token-refused-now-and-then", Requirement: "BCT-AUT-02", Story: "every third request meets a node whose cache is cold", Reason: "401 Unauthorized",
			Apply: everyGranted(3, bluecat.Probe, answered(http.StatusUnauthorized))},
		{Name: "probe-fails-now-and-then", Requirement: "BCT-AUT-02", Story: "every third request waits in vain for a connection of the database's pool", Reason: "500 Internal Server Error",
			Apply: everyGranted(3, bluecat.Probe, answered(http.StatusInternalServerError))},
	}
}

// openDoorFaults accept credentials that should not authorize, or refuse them otherwise than is good practice
// (BCT-AUT-03 to BCT-AUT-08).
func openDoorFaults() []Fault {
	stranger := func(c *call) session { return passing(c, c.Users()[0]) }
	return []Fault{
		{Name: "anonymous-reads", Requirement: "BCT-AUT-03", Story: "reading was opened for a status page and never closed", Reason: "no Authorization",
			Apply: authorizing(func(c *call) (session, *refusal) {
				if c.Request.Header.Get("Authorization") == "" && c.Request.Method == http.MethodGet {
					return stranger(c), nil
				}
				return c.Authorize()
			})},
		{Name: "any-token", Requirement: "BCT-AUT-04", Story: "a user who is logged in anywhere is logged in everywhere", Reason: "a made-up token",
			Apply: near(func(string, string) bool { return true })},
		{Name: "token-in-any-case", Requirement: "BCT-AUT-04", Story: "tokens are keys of a table that ignores case", Reason: "a near miss of a real token",
			Apply: near(strings.EqualFold)},
		{Name: "token-cut-short", Requirement: "BCT-AUT-04", Story: "a column keeps the first thirty characters", Reason: "a near miss of a real token",
			Apply: near(func(token, text string) bool { return len(text) >= 30 && token[:30] == text[:30] })},
		{Name: "token-by-a-prefix", Requirement: "BCT-AUT-04", Story: "tokens are looked up by how they begin", Reason: "a near miss of a real token",
			Apply: near(func(token, text string) bool { return len(text) > 8 && strings.HasPrefix(token, text) })},
		{Name: "longer-token-accepted", Requirement: "BCT-AUT-04", Story: "what does not fit the column is cut before the comparison", Reason: "a near miss of a real token",
			Apply: near(func(token, text string) bool { return strings.HasPrefix(text, token) })},
		{Name: "token-one-character-forgiven", Requirement: "BCT-AUT-04", Story: "the comparison forgives a slip of one character, as it does for names that people type", Reason: "a near miss of a real token",
			Apply: near(fault.OneApart)},
		{Name: "empty-token", Requirement: "BCT-AUT-04", Story: "a search without a token finds every session", Reason: "an empty token",
			Apply: near(func(_, text string) bool { return text == "" })},
		{Name: "token-under-any-name", Requirement: "BCT-AUT-05", Story: "the token alone is looked at", Reason: "the right token under another name",
			Apply: naming(func(session, string) bool { return true })},
		{Name: "token-without-a-name", Requirement: "BCT-AUT-05", Story: "a name is compared where there is one", Reason: "the right token under no name",
			Apply: naming(func(s session, name string) bool { return name == "" || name == s.User.Name })},
		{Name: "password-as-token", Requirement: "BCT-AUT-06", Story: "Basic authentication is tried against the users first, as everywhere else", Reason: "the password in the place of the token",
			Apply: finding(func(c *call, text string) (session, bool) {
				for _, u := range c.Users() {
					if u.Password == text {
						return passing(c, u), true
					}
				}
				return c.SessionByToken(text)
			})},
		{Name: "bearer-accepted", Requirement: "BCT-AUT-07", Story: "a library offers both schemes", Reason: "status 401",
			Apply: authorizing(func(c *call) (session, *refusal) {
				if token, isBearer := strings.CutPrefix(c.Request.Header.Get("Authorization"), "Bearer "); isBearer {
					if s, found := c.SessionByToken(token); found && s.Live(c.Now) {
						return s, nil
					}
				}
				return c.Authorize()
			})},
		{Name: "bearer-400", Requirement: "BCT-AUT-07", Story: "an unknown scheme counts as malformed", Reason: "400",
			Apply: onRefusal(bluecat.InvalidAuthorizationCredentials, func(c *call, r *refusal) {
				if strings.HasPrefix(c.Request.Header.Get("Authorization"), "Bearer") {
					r.Status = http.StatusBadRequest
				}
			})},
		{Name: "wrong-token-403", Requirement: "BCT-AUT-08", Story: "whoever is not known is forbidden everything", Reason: "403",
			Apply: onRefusal(bluecat.InvalidAuthorizationToken, status(http.StatusForbidden))},
		{Name: "no-header-400", Requirement: "BCT-AUT-08", Story: "the header is required, and its absence a malformed request", Reason: "400",
			Apply: onRefusal(bluecat.InvalidAuthorizationCredentials, func(c *call, r *refusal) {
				if c.Request.Header.Get("Authorization") == "" {
					r.Status = http.StatusBadRequest
				}
			})},
	}
}

func authorizing(judge func(*call) (session, *refusal)) override {
	return func(c *config) { c.Rules.Access.Authorize = judge }
}

func naming(same func(s session, name string) bool) override {
	return func(c *config) {
		c.Rules.Access.Names = func(_ *call, s session, name string) bool { return same(s, name) }
	}
}

// headerFaults answer an Authorization that cannot be read with a failure of the server (BCT-ERR-01).
func headerFaults() []Fault {
	failing := func(match func(header string) bool) override {
		return onRefusal(bluecat.InvalidAuthorizationCredentials, func(c *call, r *refusal) {
			if match(c.Request.Header.Get("Authorization")) {
				r.Status = http.StatusInternalServerError
			}
		})
	}
	return []Fault{
		{Name: "no-credentials-500", Requirement: "BCT-ERR-01", Story: "the header is split at a blank that is not there", Reason: "Basic without credentials",
			Apply: failing(func(header string) bool { return header == "Basic" })},
		{Name: "no-base64-500", Requirement: "BCT-ERR-01", Story: "the decoder's exception is caught by nobody", Reason: "Basic credentials that are no base64",
			Apply: failing(func(header string) bool { return strings.Contains(header, "%") })},
		{Name: "no-colon-500", Requirement: "BCT-ERR-01", Story: "what comes before the colon is taken without asking for one", Reason: "Basic credentials without a colon",
			Apply: onAnswer(func(c *call, a *answer) {
				_, _, readable := c.Basic()
				header := c.Request.Header.Get("Authorization")
				if !readable && strings.HasPrefix(header, "Basic ") && !strings.Contains(header, "%") && len(header) < 1000 {
					answered(http.StatusInternalServerError)(a)
				}
			})},
		{Name: "not-utf-8-500", Requirement: "BCT-ERR-01", Story: "the name is written to the audit log, whose encoder knows UTF-8 alone", Reason: "Basic credentials that are not UTF-8",
			Apply: onErrorsOf(func(c *call) bool {
				name, _, _ := c.Basic()
				return !utf8.ValidString(name)
			}, answered(http.StatusInternalServerError))},
		{Name: "long-header-500", Requirement: "BCT-ERR-01", Story: "a buffer of fixed size", Reason: "far too long",
			Apply: onErrorsOf(func(c *call) bool { return len(c.Request.Header.Get("Authorization")) > 1000 }, answered(http.StatusInternalServerError))},
		{Name: "other-scheme-accepted", Requirement: "BCT-ERR-01", Story: "a proxy in front is trusted to have seen to every other scheme", Reason: "credentials of another scheme",
			Apply: authorizing(func(c *call) (session, *refusal) {
				if strings.HasPrefix(c.Request.Header.Get("Authorization"), "Negotiate ") {
					return passing(c, c.Users()[0]), nil
				}
				return c.Authorize()
			})},
	}
}

// onErrorsOf changes the refusals of the requests that match.
func onErrorsOf(match func(*call) bool, change func(*answer)) override {
	return onAnswer(func(c *call, a *answer) {
		if a.Refusal != nil && match(c) {
			change(a)
		}
	})
}
