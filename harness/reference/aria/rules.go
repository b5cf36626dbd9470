package aria

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/reference/random"
)

// Rules are the decisions of a server that can be replaced, each on its own. A nil function or a zero value means the
// server's own decision; that decision is a method of Call wherever a rule may want to fall back on it. Functions are
// called by several goroutines at once.
type Rules struct {
	Requests RequestRules
	Login    LoginRules
	Tokens   TokenRules
	Answers  AnswerRules

	// KeepEnded is how long released and expired tokens are still found, marked as such, by rules that let them do
	// what they no longer may. Zero drops them at once.
	KeepEnded time.Duration
	// Wrap stands between the network and the server: it can change a response on its way out, or take over the
	// connection. It is called once, when the server is made.
	Wrap func(next http.Handler) http.Handler
}

// RequestRules decide how requests are read.
type RequestRules struct {
	// Route says what a request asks for: path and method. Own decision: Call.Route.
	Route func(*Call) (Operation, *Refusal)
	// MediaType tells whether a body of this Content-Type is read. Own decision: IsJSON.
	MediaType func(c *Call, contentType string) bool
	// Credentials reads the body of an acquisition. Own decision: Call.Credentials.
	Credentials func(*Call) (Credentials, *Refusal)
}

// LoginRules decide who gets a token.
type LoginRules struct {
	// Source is the source of a name, "" where the request names none. Own decision: Call.Source.
	Source func(c *Call, name string) (*Source, bool)
	// Find is the account of a user name within a source. Own decision: Source.Account.
	Find func(c *Call, source *Source, username string) (Account, bool)
	// Matches compares the password of an account that exists. Own decision: SamePassword.
	Matches func(c *Call, account Account, given string) bool
	// Admit may refuse an account whose password was right. Own decision: none is refused.
	Admit func(c *Call, account Account) *Refusal
}

// TokenRules decide what becomes of a token.
type TokenRules struct {
	// New makes the text of a token. Own decision: two GUIDs joined by two colons.
	New func() string
	// Acquire gives an account a token. Own decision: Call.NewToken.
	Acquire func(c *Call, account Account) (Token, *Refusal)
	// Scheme tells whether this word may stand before a token; it is "" where there is none. Own decision: Call.Scheme.
	Scheme func(c *Call, word string) bool
	// Find is the token of a text, ended or not. Own decision: Call.Token.
	Find func(c *Call, text string) (Token, bool)
	// Live tells whether a token works. Own decision: Token.Live.
	Live func(c *Call, token Token) bool
	// Used follows every request that a token authorized. Own decision: Call.Extend by the configured lifetime.
	Used func(c *Call, token Token)
	// Release is what a release does to its token. Own decision: Call.End.
	Release func(c *Call, token Token)
}

// AnswerRules decide what answers look like.
type AnswerRules struct {
	// Refuse changes a refusal before its body is made: status, code, texts. Own decision: nothing changes.
	Refuse func(*Call, *Refusal)
	// Edit changes an answer before it is written: status, header, members. Own decision: nothing changes.
	Edit func(*Call, *Answer)
}

// complete fills every rule that is not set with the server's own decision, so that the rest of the code asks the
// rules alone.
func (r Rules) complete() Rules {
	if r.Wrap == nil {
		r.Wrap = func(next http.Handler) http.Handler { return next }
	}
	r.Requests.complete()
	r.Login.complete()
	r.Tokens.complete()
	if r.Answers.Refuse == nil {
		r.Answers.Refuse = func(*Call, *Refusal) {}
	}
	if r.Answers.Edit == nil {
		r.Answers.Edit = func(*Call, *Answer) {}
	}
	return r
}

func (r *RequestRules) complete() {
	if r.Route == nil {
		r.Route = (*Call).Route
	}
	if r.MediaType == nil {
		r.MediaType = func(_ *Call, contentType string) bool { return IsJSON(contentType) }
	}
	if r.Credentials == nil {
		r.Credentials = (*Call).Credentials
	}
}

func (r *LoginRules) complete() {
	if r.Source == nil {
		r.Source = (*Call).Source
	}
	if r.Find == nil {
		r.Find = func(_ *Call, source *Source, username string) (Account, bool) { return source.Account(username) }
	}
	if r.Matches == nil {
		r.Matches = func(_ *Call, account Account, given string) bool { return SamePassword(account.Password, given) }
	}
	if r.Admit == nil {
		r.Admit = func(*Call, Account) *Refusal { return nil }
	}
}

func (r *TokenRules) complete() {
	if r.New == nil {
		r.New = func() string { return strings.Join([]string{random.GUID(), random.GUID()}, "::") }
	}
	if r.Acquire == nil {
		r.Acquire = (*Call).NewToken
	}
	if r.Scheme == nil {
		r.Scheme = (*Call).Scheme
	}
	if r.Find == nil {
		r.Find = (*Call).Token
	}
	if r.Live == nil {
		r.Live = func(c *Call, token Token) bool { return token.Live(c.Now) }
	}
	if r.Used == nil {
		r.Used = func(c *Call, token Token) { c.Extend(token, c.Lifetime()) }
	}
	if r.Release == nil {
		r.Release = (*Call).End
	}
}
