package aria

import (
	"encoding/json"
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
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
	Of:     func(c *config) *aria.Seams { return &c.Rules.Seams },
	Grants: func(c *call, a *answer) (aria.Operation, bool) { return c.Operation, a.Refusal == nil },
}

var (
	edit, refused, wrap   = seams.Edit, seams.Refuse, seams.Wrap
	granted, everyGranted = seams.Granted, seams.EveryGranted
)

// refusedLogin changes the refusals of logins: of credentials that are well-formed and wrong.
func refusedLogin(change func(*call, *refusal)) override {
	return refused(func(c *call, r *refusal) {
		if c.Operation == aria.AcquireToken && r.Status == http.StatusUnauthorized {
			change(c, r)
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

// matches replaces the comparison of passwords.
func matches(same func(right, given string) bool) override {
	return func(c *config) {
		c.Rules.Login.Matches = func(_ *call, a account, given string) bool { return same(a.Password, given) }
	}
}

// find replaces the look-up of a token, which then sees released and expired ones too.
func find(look func(c *call, text string) (token, bool)) override {
	return func(c *config) { c.Rules.Tokens.Find = look }
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

// crash makes of a refusal what an exception that nobody handles is answered with.
func crash(r *refusal) {
	*r = refusal{Status: http.StatusInternalServerError, Message: "An unexpected error occurred.", Code: 500}
}

// crashed makes the same of a granted answer.
func crashed(a *answer) {
	a.Status, a.Token = http.StatusInternalServerError, nil
	a.Members = map[string]any{"message": "An unexpected error occurred.", "httpStatusCode": 500, "apiErrorCode": 500}
}

func set(name string, value any) func(*answer) {
	return func(a *answer) { a.Members[name] = value }
}

func drop(names ...string) func(*answer) {
	return func(a *answer) {
		for _, name := range names {
			delete(a.Members, name)
		}
	}
}

func status(code int) func(*answer) { return func(a *answer) { a.Status = code } }

func header(name, value string) func(*answer) {
	return func(a *answer) { a.Header.Set(name, value) }
}

// body replaces the body by another made from it.
func body(change func(string) string) func(*answer) {
	return func(a *answer) {
		text, err := json.Marshal(a.Members)
		if err != nil {
			return // no member of the server is without a JSON form; a test would show it
		}
		a.Body = []byte(change(string(text)))
		if a.Header.Get("Content-Type") == "" {
			a.Header.Set("Content-Type", "application/json")
		}
	}
}

// members are those of the request's body.
func members(c *call) map[string]any { return fault.Object(c.Body) }

// userOf is the account that an acquisition names, in whatever way its body is malformed.
func userOf(c *call) (account, bool) {
	m := members(c)
	name, _ := m["username"].(string)
	sourceName, _ := m["authSource"].(string)
	source, known := c.Source(sourceName)
	if !known {
		return account{}, false
	}
	return source.Account(name)
}

// scheme takes Authorization apart.
func scheme(c *call) (word, rest string) {
	word, rest, _ = strings.Cut(c.Request.Header.Get("Authorization"), " ")
	return word, rest
}
