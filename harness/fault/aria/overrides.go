package aria

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// The decisions that overrides take part in, by the server's own names.
type (
	config  = aria.Config
	call    = aria.Call
	answer  = aria.Answer
	refusal = aria.Refusal
	token   = aria.Token
	account = aria.Account
)

// override changes one decision of a server.
type override = func(*config)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *aria.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refused: func(a *answer) bool { return a.Refusal != nil },
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: object(a.Members), Body: &a.Body}
	},
}

var (
	breaks                = fault.Breaking[config]
	edit, refused, wrap   = seams.Edit, seams.Refuse, seams.Wrap
	granted, everyGranted = seams.Granted, seams.EveryGranted
	status, header        = seams.Status, seams.Header
	set, drop             = seams.Set, seams.Drop
)

// object is that of a body.
type object map[string]any

func (o object) Set(name string, value any) { o[name] = value }
func (o object) Drop(name string)           { delete(o, name) }
func (o object) Rename(from, to string) {
	o[to] = o[from]
	delete(o, from)
}

// member is one of the members of the answer that hands out a token.
func member(name string) fault.Member[config, call, answer, refusal] {
	return seams.Member(aria.AcquireToken, name)
}

// acquired changes the answers that hand out a token.
func acquired(changes ...func(*answer)) override { return granted(aria.AcquireToken, changes...) }

// refusedLogin changes the refusals of logins: of credentials that are well-formed and wrong.
func refusedLogin(change func(*call, *refusal)) override {
	return refused(func(c *call, r *refusal) {
		if c.Operation == aria.AcquireToken && r.Status == http.StatusUnauthorized {
			change(c, r)
		}
	})
}

// refusedUnknown changes the refusals of logins by a user who is not known.
func refusedUnknown(change func(*refusal)) override {
	return refusedLogin(func(c *call, r *refusal) {
		if _, known := userOf(c); !known {
			change(r)
		}
	})
}

// refusedPassword forbids logins by a user who is known, with a password that is wrong in a way.
func refusedPassword(is func(right, given string) bool) override {
	return refusedLogin(func(c *call, r *refusal) {
		if user, known := userOf(c); known && is(user.Password, fault.Text(c.Body, "password")) {
			r.Status = http.StatusForbidden
		}
	})
}

// refusedToken changes the refusals of requests without a valid token.
func refusedToken(change func(*call, *refusal)) override {
	return refused(func(c *call, r *refusal) {
		if c.Operation != aria.AcquireToken && r.Status == http.StatusUnauthorized {
			change(c, r)
		}
	})
}

// credentials replaces the reading of an acquisition's body.
func credentials(read func(c *call) (aria.Credentials, *refusal)) override {
	return func(c *config) { c.Rules.Requests.Credentials = read }
}

// sources replaces the look-up of a source by its name.
func sources(find func(c *call, name string) (*aria.Source, bool)) override {
	return func(c *config) { c.Rules.Login.Source = find }
}

// routes replaces what a request asks for.
func routes(route func(c *call) (aria.Operation, *refusal)) override {
	return func(c *config) { c.Rules.Requests.Route = route }
}

// nearly finds the token that a text is like, where none has the text itself.
func nearly(like func(real, text string) bool) override {
	return func(c *config) {
		c.Rules.Tokens.Find = func(c *call, text string) (token, bool) {
			if t, known := c.Token(text); known {
				return t, true
			}
			return fault.First(c.Tokens(func(t token) bool { return like(t.Text, text) }))
		}
	}
}

// live replaces the judgement on whether a token works, which sees the released and expired ones too.
func live(judge func(c *call, t token) bool) override {
	return func(c *config) {
		seams.KeepEnded(c)
		c.Rules.Tokens.Live = judge
	}
}

// used replaces what a use does to a token.
func used(use func(c *call, t token)) override {
	return func(c *config) { c.Rules.Tokens.Used = use }
}

// released replaces what a release does to its token.
func released(release func(c *call, t token)) override {
	return func(c *config) { c.Rules.Tokens.Release = release }
}

// schemes replaces the judgement on the word before a token, which is empty where there is none.
func schemes(allow func(c *call, word string) bool) override {
	return func(c *config) { c.Rules.Tokens.Scheme = allow }
}

// ofAccount are the live tokens of an account.
func ofAccount(c *call, a account) []token {
	return c.Tokens(func(t token) bool { return t.Account.ID == a.ID && t.Live(c.Now) })
}

// crash makes of a refusal what an exception that nobody handles is answered with.
func crash(r *refusal) {
	*r = refusal{Status: http.StatusInternalServerError, Message: "An unexpected error occurred.", Code: 500}
}

// crashed makes the same of a granted answer.
func crashed(a *answer) {
	a.Status, a.Token = http.StatusInternalServerError, nil
	a.Members = map[string]any{"message": "An unexpected error occurred.", "httpStatusCode": 500, "apiErrorCode": 500}
}

// userOf is the account that an acquisition names, in whatever way its body is malformed.
func userOf(c *call) (account, bool) {
	source, known := c.Source(fault.Text(c.Body, "authSource"))
	if !known {
		return account{}, false
	}
	return source.Account(fault.Text(c.Body, "username"))
}

// scheme is the word before the token in Authorization.
func scheme(c *call) string {
	word, _, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	return word
}
