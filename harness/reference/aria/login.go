package aria

// logIn is the account of the credentials, or the refusal, which is the same whatever is wrong with them.
func (c *Call) logIn(given Credentials) (Account, *Refusal) {
	rules := c.server.rules.Login
	var account Account
	source, known := rules.Source(c, given.AuthSource)
	if known {
		account, known = rules.Find(c, source, given.Username)
	}
	counted := account.ID
	if !known {
		counted = given.Username
	}
	tried := c.server.Try(counted, known, c.Now, given.Password, func() bool { return rules.Matches(c, account, given.Password) })
	if !tried.Right {
		return Account{}, unauthenticated()
	}
	return account, nil
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
	roles := account.Roles
	if roles == nil {
		roles = []string{}
	}
	answer := ok("auth-token", map[string]any{
		"token":     token.Text,
		"validity":  token.ExpiresAt.UnixMilli(),
		"expiresAt": token.ExpiresAt.UTC().Format(proseLayout),
		"roles":     roles,
	})
	answer.Token = &token
	return answer, nil
}

// proseLayout writes expiresAt as servers in use do: "Friday, August 5, 2016 6:22:05 PM UTC".
const proseLayout = "Monday, January 2, 2006 3:04:05 PM MST"
