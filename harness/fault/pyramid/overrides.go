package pyramid

import (
	"net/http"
	"strings"
	"unicode"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

// The decisions that overrides take part in, by the server's own names.
type (
	config  = pyramid.Config
	call    = pyramid.Call
	answer  = pyramid.Answer
	account = pyramid.Account
	token   = pyramid.Token
)

// override changes one decision of a server, and overrides are those of a subject, by name.
type (
	override  = func(*config)
	overrides = fault.Overrides[config]
)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, pyramid.Refusal]{
	Of:      func(c *config) *pyramid.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refused: func(a *answer) bool { return a.Status/100 != 2 },
	Parts:   func(a *answer) fault.Parts { return fault.Parts{Status: &a.Status, Header: a.Header, Body: &a.Body} },
}

var (
	edit           = seams.Edit
	status, header = seams.Status, seams.Header
)

// issued changes every answer that hands out a token.
func issued(changes ...func(*answer)) override {
	return seams.Granted(pyramid.Authenticate, changes...)
}

// rewritten sends another body, made from the token.
func rewritten(body func(text string) string, changes ...func(*answer)) override {
	return issued(append(changes, func(a *answer) { a.Body = []byte(body(string(a.Body))) })...)
}

// sent does so under another media type.
func sent(mediaType string, body func(text string) string) override {
	return rewritten(body, header("Content-Type", mediaType))
}

// cookie sets the token as a cookie.
func cookie(a *answer) {
	a.Header.Set("Set-Cookie", (&http.Cookie{Name: "PyramidAuth", Value: a.Token.Text, Path: "/", HttpOnly: true}).String())
}

// page changes every answer that says that a login is wanted, but for the middle steps of one.
func page(change func(*call, *answer)) override {
	return edit(func(c *call, a *answer) {
		if c.Operation == pyramid.Authenticate && a.Status == http.StatusUnauthorized && !c.Login.Continues {
			change(c, a)
		}
	})
}

// refused changes those alone that refuse credentials.
func refused(changes ...func(*answer)) override {
	return page(func(c *call, a *answer) {
		for _, change := range changes {
			if c.Login.Tried {
				change(a)
			}
		}
	})
}

// unchallenging takes off the schemes that are offered.
func unchallenging(a *answer) { delete(a.Header, "Www-Authenticate") }

// failing answers requests that match with a failure of the server.
func failing(code int, match func(*call, *answer) bool) override {
	return edit(func(c *call, a *answer) {
		if match(c, a) {
			a.Status = code
		}
	})
}

// Each replaces one decision of a server.
var (
	texts   = fault.Ruling(func(c *config) *func() string { return &c.Rules.NewToken })
	issuing = fault.Ruling(func(c *config) *func(*call, account) token { return &c.Rules.Issue })
	finding = fault.Ruling(func(c *config) *func(*call, string) (token, bool) { return &c.Rules.FindToken })
	proven  = fault.Ruling(func(c *config) *func(*http.Request, *ntlm.Proof, account) bool { return &c.Rules.Proven })
)

// kinds are what goes wrong with every vendor, as it does here.
func kinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		seams.Statuses("token", pyramid.Authenticate, 3),
		fault.Births("token", func(before func(earlier []token, end func(token)) (token, bool)) override {
			return issuing(func(c *call, a account) token {
				if again, found := before(c.Tokens(func(t token) bool { return t.Account.Name == a.Name }), c.End); found {
					return again
				}
				return c.Issue(a)
			})
		}),
		fault.Methods(func(method string) override {
			return func(c *config) {
				c.Rules.Route = func(c *call) (pyramid.Operation, *pyramid.Refusal) {
					if c.Request.Method == method && strings.HasSuffix(strings.ToLower(c.Request.URL.Path), "/authenticateuserwindows") {
						return pyramid.Authenticate, nil
					}
					return c.Route()
				}
			}
		}),
		// A proof tells no password. It is held against those that are nearly right.
		fault.Passwords(func(same func(right, given string) bool) override {
			return proven(func(_ *http.Request, p *ntlm.Proof, a account) bool {
				for _, given := range []string{a.Password, "", otherCase(a.Password), a.Password + " "} {
					if p.Matches(ntlm.HashOf(given)) {
						return same(a.Password, given)
					}
				}
				return same(a.Password, "another one")
			})
		}),
		fault.Lookups("token", func(like func(real, text string) bool) override {
			return finding(func(c *call, text string) (token, bool) {
				if found, ok := c.FindToken(text); ok {
					return found, true
				}
				return fault.First(c.Tokens(func(t token) bool { return like(t.Text, text) }))
			})
		}),
		seams.Wire(),
	}
}

// otherCase changes the case of every letter.
func otherCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}
