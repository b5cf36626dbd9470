package pyramid

import (
	"encoding/json"
	"net/http"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/winauth"
)

// Seams are the decisions that can be replaced in every server.
type Seams = kernel.Seams[Call, Answer, Refusal]

// Rules are the decisions of a server that can be replaced, as the kernel says. Its zero value replaces none.
type Rules struct {
	Seams
	// Rules are those of Windows Authentication. Own decision: Negotiate and NTLM are offered.
	winauth.Rules
	// RequestRules are those of every server. Own decision: a body of any media type is read, up to maxBody.
	kernel.RequestRules[Call, Refusal]
	// Anonymous is the account of a request that Windows Authentication does not know (yet); the login's own story is
	// in Call.Login. Own decision: none.
	Anonymous func(*Call) (Account, bool)
	// Find is the account of a logon name. Own decision: Accounts.Named.
	Find func(a Accounts, domain, user string) (Account, bool)
	// Proven tells whether an NTLM proof is from an account. For a name without an account it is asked as well, to
	// take the same time, and its answer does not count. Own decision: ntlm.Proof.Matches with the password's hash.
	Proven func(r *http.Request, p *ntlm.Proof, account Account) bool
	// Body tells whether a login's body is accepted. Own decision: Call.AcceptBody.
	Body func(*Call) bool
	// NewToken makes the text of a token. Own decision: random.Token of 88 characters.
	NewToken func() string
	// Issue gives an account a token. Own decision: Call.Issue.
	Issue func(*Call, Account) Token
	// Authorize finds the account that a call's auth speaks for; it is nil where the call has none. Own decision:
	// Call.Authorize.
	Authorize func(c *Call, auth json.RawMessage) (Account, bool)
	// FindToken finds a token by its text, live or not. Own decision: Call.FindToken.
	FindToken func(c *Call, text string) (Token, bool)
}

// defaultTokenLength is that of 64 random bytes.
const defaultTokenLength = 88

// ownRules are the server's own decisions.
func ownRules() Rules {
	requests := kernel.OwnRequests((*Call).Route)
	requests.MediaType, requests.MaxBody = func(*Call, string) bool { return true }, maxBody
	return Rules{
		Seams:        kernel.OwnSeams[Call, Answer, Refusal](),
		RequestRules: requests,
		Rules:        winauth.Rules{Schemes: []string{winauth.SchemeNegotiate, winauth.SchemeNTLM}},
		Anonymous:    func(*Call) (Account, bool) { return Account{}, false },
		Find:         Accounts.Named,
		Proven:       func(_ *http.Request, p *ntlm.Proof, a Account) bool { return p.Matches(ntlm.HashOf(a.Password)) },
		Body:         (*Call).AcceptBody,
		NewToken:     func() string { return random.Token(defaultTokenLength) },
		Issue:        (*Call).Issue,
		Authorize:    (*Call).Authorize,
		FindToken:    (*Call).FindToken,
	}
}
