package bluecat

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// accessFaults refuse credentials that should authorize, and accept others.
var accessFaults = overrides{
	"credentials-with-scheme": written(func(s session) string { return "Basic " + bluecat.BasicCredentials(s.User.Name, s.Token) }),
	"credentials-cut-short":   written(func(s session) string { return bluecat.BasicCredentials(s.User.Name, s.Token[:len(s.Token)-2]) }),
	"every-seventh-session-shows-credentials-cut-short": written(func(s session) string {
		if s.ID%7 == 0 {
			return bluecat.BasicCredentials(s.User.Name, s.Token[:len(s.Token)-2])
		}
		return bluecat.BasicCredentials(s.User.Name, s.Token)
	}),
	"own-credentials-refused": func(c *config) {
		c.Rules.Sessions.Credentials = func(s session) string { return bluecat.BasicCredentials(s.User.Name, "v2."+s.Token) }
		c.Rules.Access.Find = func(c *call, text string) (session, bool) {
			token, prefixed := strings.CutPrefix(text, "v2.")
			found, ok := c.SessionByToken(token)
			return found, ok && prefixed
		}
	},

	// What should not authorize.
	"anonymous-reads":      authorized(func(c *call, header string) bool { return header == "" && c.Request.Method == http.MethodGet }),
	"token-under-any-name": naming(func(*call, session, string) bool { return true }),
	"token-under-any-users-name": naming(func(c *call, _ session, name string) bool {
		return slices.ContainsFunc(c.Users(), func(u user) bool { return u.Name == name })
	}),
	"token-under-a-longer-name": naming(func(_ *call, s session, name string) bool { return strings.HasPrefix(name, s.User.Name) }),
	"token-without-a-name":      naming(func(_ *call, s session, name string) bool { return name == "" || name == s.User.Name }),
	"password-as-token": finding(func(c *call, text string) (session, bool) {
		for _, u := range c.Users() {
			if u.Password == text {
				return passing(c, u), true
			}
		}
		return c.SessionByToken(text)
	}),
	"other-scheme-accepted": authorized(func(_ *call, header string) bool { return strings.HasPrefix(header, "Negotiate ") }),
	"bearer-accepted": authorizing(func(c *call) (session, *refusal) {
		if token, isBearer := strings.CutPrefix(c.Request.Header.Get("Authorization"), "Bearer "); isBearer {
			if s, found := c.SessionByToken(token); found && s.Live(c.Now) {
				return s, nil
			}
		}
		return c.Authorize()
	}),
}

// nearAt finds the session whose token a text is like, at some operations; none means all.
func nearAt(operations ...bluecat.Operation) func(like func(token, text string) bool) override {
	return func(like func(token, text string) bool) override {
		return finding(fault.Near((*call).SessionByToken, (*call).Sessions, func(c *call, s session, text string) bool {
			there := len(operations) == 0 || slices.Contains(operations, c.Operation)
			return there && s.Live(c.Now) && like(s.Token, text)
		}))
	}
}

// nearCredentials lets requests pass whose ready-made credentials are like those of a session.
func nearCredentials(like func(real, text string) bool) override {
	return authorizing(func(c *call) (session, *refusal) {
		found, refused := c.Authorize()
		if refused == nil {
			return found, nil
		}
		_, text, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
		some, is := fault.First(c.Sessions(func(s session) bool {
			return s.Live(c.Now) && like(bluecat.BasicCredentials(s.User.Name, s.Token), text)
		}))
		if !is {
			return session{}, refused
		}
		return some, nil
	})
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
