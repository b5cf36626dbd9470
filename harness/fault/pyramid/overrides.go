package pyramid

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

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
			return c.Operation == pyramid.Probe && r.Status == http.StatusUnauthorized
		},
	},
	Requests: map[string]func(*call) bool{
		"viewer": func(c *call) bool {
			return strings.Contains(strings.ToLower(c.Login.Account), strings.ToLower(c.Accounts().Viewer.Name))
		},
		"no-auth": func(c *call) bool { // not by taken: the body has been read by now
			return c.Operation == pyramid.Probe && c.Request.Header.Get(tokenHeader) == "" && fault.Object(c.Body)["auth"] == nil
		},
		"message-out-of-turn": func(c *call) bool {
			// A client of the suite begins with nothing, or with the first message on a connection of its own.
			header := c.Request.Header.Get("Authorization")
			return strings.HasPrefix(header, "NTLM !") || header == "Negotiate"
		},
	},
	Admit: func(c *config) *func(*call) *pyramid.Refusal { return &c.Rules.Admit },
	Refuses: func(status int) *pyramid.Refusal {
		return &pyramid.Refusal{Status: status, Message: "The request is not served in this form."}
	},
	Deeds: map[string]func(*call){
		"end-the-admins-latest-token": func(c *call) {
			admins := c.Tokens(func(t token) bool { return t.Live(c.Now) && t.Account.Name == c.Accounts().Admin.Name })
			if len(admins) > 0 {
				c.End(admins[len(admins)-1])
			}
		},
		"end-the-latest-token": func(c *call) {
			if all := c.Tokens(func(t token) bool { return t.Live(c.Now) }); len(all) > 0 {
				c.End(all[len(all)-1])
			}
		},
	},
	Fail: func(a *answer, status int) {
		a.Status, a.Token, a.Body = status, nil, []byte("The call could not be served.")
	},
	Parts: func(a *answer) fault.Parts { return fault.Parts{Status: &a.Status, Header: a.Header, Body: &a.Body} },
}

// issued changes every answer that hands out a token.
func issued(change func(*answer)) override { return seams.Granted(pyramid.Authenticate, change) }

// rewritten sends another body, made from the token, and sent does so under another media type.
func rewritten(body func(text string) string) override { return sent("", body) }

func sent(mediaType string, body func(text string) string) override {
	return issued(func(a *answer) {
		if a.Body = []byte(body(string(a.Body))); mediaType != "" {
			a.Header.Set("Content-Type", mediaType)
		}
	})
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

// ofAccount are the tokens of an account.
func ofAccount(c *call, a account) []token {
	return c.Tokens(func(t token) bool { return t.Account.Name == a.Name })
}

// tokenHeader is where a call of API 3.0 has its token.
const tokenHeader = "Patoken"

// taken is the token of a call, in its header or in auth, and put puts one there.
func taken(r *http.Request) string {
	if text := r.Header.Get(tokenHeader); text != "" {
		return text
	}
	body, _ := io.ReadAll(r.Body) // what is left unread is missed where it is used
	r.Body = io.NopCloser(bytes.NewReader(body))
	return fault.Text(body, "auth")
}

func put(r *http.Request, text string) {
	if strings.HasPrefix(strings.ToLower(r.URL.Path), "/api3/access") {
		r.Header.Set(tokenHeader, text)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if form := fault.Object(body); form["data"] != nil {
		form["auth"] = text
		body, _ = json.Marshal(form) // it was made of JSON
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}
