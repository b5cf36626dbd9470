package aria

import (
	"time"

	"example.org/conform/harness/reference/kernel"
)

// maxTokens bounds the tokens that are kept; the one that is nearest to its end makes room for a new one.
const maxTokens = 1 << 17

// Token is the right to make requests as an account.
type Token struct {
	Text    string
	Account Account
	// Its expiry moves with every use.
	kernel.Life
	AcquiredAt time.Time
	// Uses counts the requests that the token has authorized.
	Uses int
}

// NewToken gives the account a token of its own.
func (c *Call) NewToken(account Account) (Token, *Refusal) {
	return c.NewTokenFor(account, c.Lifetime())
}

// NewTokenFor is NewToken for one that lives for so long.
func (c *Call) NewTokenFor(account Account, lifetime time.Duration) (Token, *Refusal) {
	token := Token{
		Text: c.server.rules.Tokens.New(), Account: account,
		AcquiredAt: c.Now, Life: kernel.Life{ExpiresAt: c.after(lifetime)},
	}
	c.server.tokens.Add(token)
	return token, nil
}

// Lifetime is how long a token lives from its last call.
func (c *Call) Lifetime() time.Duration { return c.server.config.TokenLifetime }

// after is the time d from now, rounded up to the millisecond in which answers state times.
func (c *Call) after(d time.Duration) time.Time {
	return kernel.TimeRules{TimeUnit: time.Millisecond}.Ends(c.Now, d)
}

// Token is the token of this text. Released and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) Token(text string) (Token, bool) { return c.server.tokens.Find(text) }

// Tokens are all tokens that match, oldest first.
func (c *Call) Tokens(match func(Token) bool) []Token { return c.server.tokens.Match(match) }

// Extend lets the token live for a lifetime from now, and counts a use. It never shortens the token's life, which two
// requests at a time would otherwise do.
func (c *Call) Extend(token Token, lifetime time.Duration) {
	at := c.after(lifetime)
	c.server.tokens.Change(token.Text, func(kept *Token) {
		kept.Uses++
		if at.After(kept.ExpiresAt) {
			kept.ExpiresAt = at
		}
	})
}

// End ends the token.
func (c *Call) End(token Token) { c.server.tokens.End(token.Text, c.Now) }

// release answers POST /api/auth/token/release.
func (c *Call) release() (*Answer, *Refusal) {
	token, refusal := c.authorize()
	if refusal != nil {
		return nil, refusal
	}
	c.server.rules.Tokens.Release(c, token)
	return ok("", nil), nil
}

// currentUser answers GET /api/auth/currentuser.
func (c *Call) currentUser() (*Answer, *Refusal) {
	token, refusal := c.authorize()
	if refusal != nil {
		return nil, refusal
	}
	account := token.Account
	return ok("user", map[string]any{
		"id": account.ID, "username": account.Username, "firstName": account.FirstName, "lastName": account.LastName,
		"distinguishedName": "", "emailAddress": "", "enabled": true, "importedFrom": account.Source,
	}), nil
}
