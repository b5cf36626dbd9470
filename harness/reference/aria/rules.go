package aria

import (
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

// Seams are the decisions that can be replaced in every server.
type Seams = kernel.Seams[Call, Answer, Refusal]

// Rules are the decisions of a server that can be replaced, as the kernel says. Its zero value replaces none.
type Rules struct {
	Seams

	Requests RequestRules
	Login    LoginRules
	Tokens   TokenRules
}

// RequestRules decide how requests are read.
type RequestRules struct {
	kernel.RequestRules[Call, Refusal]
	// Credentials reads the body of an acquisition. Own decision: Call.Credentials.
	Credentials func(*Call) (Credentials, *Refusal)
}

// LoginRules decide who gets a token.
type LoginRules struct {
	// Source is the source of a name, "" where the request names none. Own decision: Call.Source.
	Source func(c *Call, name string) (*Source, bool)
	// Find is the account of a user name within a source. Own decision: Source.Account.
	Find func(c *Call, source *Source, username string) (Account, bool)
	// Matches compares the password of an account that exists. Own decision: kernel.SamePassword.
	Matches func(c *Call, account Account, given string) bool
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

// ownRules are the server's own decisions.
func ownRules() Rules {
	return Rules{
		Seams:    kernel.OwnSeams[Call, Answer, Refusal](),
		Requests: RequestRules{RequestRules: kernel.OwnRequests((*Call).Route), Credentials: (*Call).Credentials},
		Login: LoginRules{
			Source:  (*Call).Source,
			Find:    func(_ *Call, source *Source, username string) (Account, bool) { return source.Account(username) },
			Matches: func(_ *Call, account Account, given string) bool { return kernel.SamePassword(account.Password, given) },
		},
		Tokens: TokenRules{
			New:     func() string { return random.GUID() + "::" + random.GUID() },
			Acquire: (*Call).NewToken,
			Scheme:  (*Call).Scheme,
			Find:    (*Call).Token,
			Live:    func(c *Call, token Token) bool { return token.Live(c.Now) },
			Used:    func(c *Call, token Token) { c.Extend(token, c.Lifetime()) },
			Release: (*Call).End,
		},
	}
}
