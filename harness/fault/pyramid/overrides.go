package pyramid

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

// The server's own words, of which a catalogue is full. An override changes one decision, and overrides are those of a subject,
// by name.
type (
	config  = pyramid.Config
	call    = pyramid.Call
	answer  = pyramid.Answer
	account = pyramid.Account
	token   = pyramid.Token

	override  = func(*config)
	overrides = fault.Overrides[config]
)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, pyramid.Refusal]{
	Of:     func(c *config) *pyramid.Seams { return &c.Rules.Seams },
	Server: func(c *config) *kernel.Config { return &c.Config },
	Call:   func(c *call) *kernel.Call { return &c.Call },
	Refusal: func(a *answer) *pyramid.Refusal {
		if a.Status/100 == 2 {
			return nil
		}
		return &pyramid.Refusal{Status: a.Status, Header: a.Header}
	},
	Refusals: map[string]func(*call, *pyramid.Refusal) bool{
		"login": func(c *call, r *pyramid.Refusal) bool { return unproved(c, r.Status) && c.Login.Tried },
		"call": func(c *call, r *pyramid.Refusal) bool {
			return c.Operation == pyramid.ExtractQueryResult && r.Status == http.StatusUnauthorized
		},
	},
	Requests: map[string]func(*call) bool{
		"get":     func(c *call) bool { return c.Request.Method == http.MethodGet },
		"no-auth": func(c *call) bool { form := fault.Object(c.Body); return form != nil && form["auth"] == nil },
		"message-out-of-turn": func(c *call) bool {
			// A client of the suite begins with nothing, or with the first message on a connection of its own.
			header := c.Request.Header.Get("Authorization")
			return strings.HasPrefix(header, "NTLM !") || header == "Negotiate"
		},
	},
	Parts: func(a *answer) fault.Parts { return fault.Parts{Status: &a.Status, Header: a.Header, Body: &a.Body} },
}

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
	return rewritten(body, seams.Header("Content-Type", mediaType))
}

// cookie sets the token as a cookie.
func cookie(a *answer) {
	a.Header.Set("Set-Cookie", (&http.Cookie{Name: "PyramidAuth", Value: a.Token.Text, Path: "/", HttpOnly: true}).String())
}

// unproved tells whether an answer says that a login is wanted, but for the middle steps of one.
func unproved(c *call, status int) bool {
	return c.Operation == pyramid.Authenticate && status == http.StatusUnauthorized && !c.Login.Continues
}

// page changes every such answer.
func page(change func(*call, *answer)) override {
	return seams.Edit(func(c *call, a *answer) {
		if unproved(c, a.Status) {
			change(c, a)
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
		fault.Births("token", func(issue func(*call, account) (token, *pyramid.Refusal)) override {
			return issuing(func(c *call, a account) token { made, _ := issue(c, a); return made })
		}, func(c *call, a account) (token, *pyramid.Refusal) { return c.Issue(a), nil }, ofAccount, (*call).End),
		seams.Methods("/auth/authenticateuserwindows"),
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
			return finding(fault.Near((*call).FindToken, kept, func(_ *call, t token, text string) bool { return like(t.Text, text) }))
		}),
		seams.Wire(),
	}
}

// kept are the tokens that match, and ofAccount those of an account.
func kept(c *call, match func(token) bool) []token {
	return slices.DeleteFunc(slices.Clone(c.Tokens()), func(t token) bool { return !match(t) })
}

func ofAccount(c *call, a account) []token {
	return kept(c, func(t token) bool { return t.Account.Name == a.Name })
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
