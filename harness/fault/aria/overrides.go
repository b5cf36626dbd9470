package aria

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// The server's own words, of which a catalogue is full. An override changes one decision, and overrides are those of a subject,
// by name.
type (
	config  = aria.Config
	call    = aria.Call
	answer  = aria.Answer
	refusal = aria.Refusal
	token   = aria.Token
	account = aria.Account

	override  = func(*config)
	overrides = fault.Overrides[config]
)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *aria.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refusal: func(a *answer) *refusal { return a.Refusal },
	Refusals: map[string]func(*call, *refusal) bool{
		"failed-login": failedLogin,
		"unknown-user": func(c *call, r *refusal) bool { _, known := userOf(c); return failedLogin(c, r) && !known },
		"malformed-login": func(c *call, r *refusal) bool {
			return c.Operation == aria.AcquireToken && r.Status == http.StatusBadRequest
		},
		"no-token":              unauthorized,
		"release-without-token": func(c *call, r *refusal) bool { return unauthorized(c, r) && c.Operation == aria.ReleaseToken },
	},
	Requests: map[string]func(*call) bool{
		"some-credential": func(c *call) bool { return c.Request.Header.Get("Authorization") != "" },
		"probe":           func(c *call) bool { return c.Operation == aria.CurrentUser },
		"no-password": func(c *call) bool {
			form := fault.Object(c.Body)
			return len(form) > 0 && fault.MemberIs(form, "password", fault.Absent)
		},
		"unknown-scheme": func(c *call) bool {
			word, _, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
			return word != "" && !c.Scheme(word)
		},
	},
	Admit: func(c *config) *func(*call) *refusal { return &c.Rules.Requests.Admit },
	Refuses: func(status int) *refusal {
		return &refusal{Status: status, Message: "The request is not served in this form.", Code: status}
	},
	Deeds: map[string]func(*call){
		"end-the-authority": func(c *call) {
			_, text, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
			if own, found := c.Token(text); found {
				c.End(own)
			}
		},
		"end-the-latest-token": func(c *call) {
			if all := c.Tokens(func(t token) bool { return t.Live(c.Now) }); len(all) > 0 {
				c.End(all[len(all)-1])
			}
		},
	},
	Restate: func(r *refusal, status int) {
		if r.Status = status; status == http.StatusInternalServerError {
			*r = refusal{Status: status, Message: "An unexpected error occurred.", Code: status}
		}
	},
	Fail: func(a *answer, status int) {
		a.Status, a.Token = status, nil
		a.Members = map[string]any{"message": "The request could not be served.", "httpStatusCode": status, "apiErrorCode": status}
	},
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: object(a.Members), Body: &a.Body}
	},
}

// Each replaces one decision of a server.
var (
	routes      = fault.Ruling(func(c *config) *func(*call) (aria.Operation, *refusal) { return &c.Rules.Requests.Route })
	credentials = fault.Ruling(func(c *config) *func(*call) (aria.Credentials, *refusal) { return &c.Rules.Requests.Credentials })
	sources     = fault.Ruling(func(c *config) *func(*call, string) (*aria.Source, bool) { return &c.Rules.Login.Source })
	matching    = fault.Ruling(func(c *config) *func(*call, account, string) bool { return &c.Rules.Login.Matches })
	texts       = fault.Ruling(func(c *config) *func() string { return &c.Rules.Tokens.New })
	acquiring   = fault.Ruling(func(c *config) *func(*call, account) (token, *refusal) { return &c.Rules.Tokens.Acquire })
	schemes     = fault.Ruling(func(c *config) *func(*call, string) bool { return &c.Rules.Tokens.Scheme })
	finding     = fault.Ruling(func(c *config) *func(*call, string) (token, bool) { return &c.Rules.Tokens.Find })
	used        = fault.Ruling(func(c *config) *func(*call, token) { return &c.Rules.Tokens.Used })
	live        = fault.RulingOnEnded(seams.KeepEnded, func(c *config) *func(*call, token) bool { return &c.Rules.Tokens.Live })
	released    = fault.Ruling(func(c *config) *func(*call, token) { return &c.Rules.Tokens.Release })
)

// object is that of a body.
type object map[string]any

func (o object) Get(name string) any        { return o[name] }
func (o object) Set(name string, value any) { o[name] = value }
func (o object) Drop(name string)           { delete(o, name) }
func (o object) Rename(from, to string) {
	o[to] = o[from]
	delete(o, from)
}

// acquired sends another value of a member of the answers that hand out a token.
func acquired(member string, value func(token) any) override {
	return seams.Member(aria.AcquireToken, member, func(a *answer) any { return value(*a.Token) })
}

// failedLogin matches the refusals of credentials that are well-formed and wrong, and unauthorized those of requests without a
// valid token.
func failedLogin(c *call, r *refusal) bool {
	return c.Operation == aria.AcquireToken && r.Status == http.StatusUnauthorized
}

func unauthorized(c *call, r *refusal) bool {
	return c.Operation != aria.AcquireToken && r.Status == http.StatusUnauthorized
}

// refusedPassword forbids logins by a user who is known, with a password that is wrong in a way.
func refusedPassword(is func(right, given string) bool) override {
	return seams.RefuseWhere(func(c *call, r *refusal) bool {
		user, known := userOf(c)
		return failedLogin(c, r) && known && is(user.Password, fault.Text(c.Body, "password"))
	}, func(r *refusal) { seams.Restate(r, http.StatusForbidden) })
}

// nearly finds the token that a text is like, where none has the text itself.
func nearly(like func(real, text string) bool) override {
	return finding(fault.Near((*call).Token, (*call).Tokens, func(_ *call, t token, text string) bool { return like(t.Text, text) }))
}

// ofAccount are the live tokens of an account.
func ofAccount(c *call, a account) []token {
	return c.Tokens(func(t token) bool { return t.Account.ID == a.ID && t.Live(c.Now) })
}

// userOf is the account that an acquisition names, in whatever way its body is malformed.
func userOf(c *call) (account, bool) {
	source, known := c.Source(fault.Text(c.Body, "authSource"))
	if !known {
		return account{}, false
	}
	return source.Account(fault.Text(c.Body, "username"))
}
