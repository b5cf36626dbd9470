package aria

import "example.org/conform/harness/reference/kernel"

// logIn is the account of the credentials, or the refusal, which is the same whatever is wrong with them. So names without
// an account need not be counted: they are answered as a wrong password is, and as a locked account is.
func (c *Call) logIn(given Credentials) (Account, *Refusal) {
	rules := c.server.rules.Login
	var account Account
	source, known := rules.Source(c, given.AuthSource)
	if known {
		account, known = rules.Find(c, source, given.Username)
	}
	if !known {
		kernel.SamePassword(c.server.decoy.Password, given.Password)
		c.server.Tried("", false)
		return Account{}, unauthenticated()
	}
	tried := c.server.attempts.Try(account.ID, true, c.Now, func() bool { return rules.Matches(c, account, given.Password) })
	c.server.Tried(account.ID, tried.Right)
	if !tried.Right {
		return Account{}, unauthenticated()
	}
	return account, rules.Admit(c, account)
}

// acquire answers POST /api/auth/token/acquire.
func (c *Call) acquire() (*Answer, *Refusal) {
	given, refusal := c.server.rules.Requests.Credentials(c)
	if refusal != nil {
		return nil, refusal
	}
	account, refusal := c.logIn(given)
	if refusal != nil {
		return nil, refusal
	}
	token, refusal := c.server.rules.Tokens.Acquire(c, account)
	if refusal != nil {
		return nil, refusal
	}
	c.server.Done(c.Operation)
	roles := account.Roles
	if roles == nil {
		roles = []string{}
	}
	return &Answer{Status: 200, Root: "auth-token", Token: &token, Members: map[string]any{
		"token":     token.Text,
		"validity":  token.ExpiresAt.UnixMilli(),
		"expiresAt": token.ExpiresAt.UTC().Format(proseLayout),
		"roles":     roles,
	}}, nil
}

// proseLayout writes expiresAt as servers in use do: "Friday, August 5, 2016 6:22:05 PM UTC".
const proseLayout = "Monday, January 2, 2006 3:04:05 PM MST"
