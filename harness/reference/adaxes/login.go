package adaxes

import "strings"

// logIn is the account of a name and a password, or the refusal. A locked account is refused before its password is
// looked at; any other state is told only to who knows the password. A name without an account is counted and locked like
// any other, so that nobody learns from the answers which accounts there are.
func (c *Call) logIn(name, password string) (Account, *Refusal) {
	rules := c.server.rules.Login
	account, known := rules.Find(c, name)
	counted := account.Username
	if !known {
		counted = canonical(name)
	}
	tried := c.server.Try(counted, known, c.Now, password, func() bool { return rules.Matches(c, account, password) })
	switch {
	case tried.Locked:
		return Account{}, forbidden(AccountLockedOut)
	case !tried.Right:
		refusal := forbidden(InvalidCredentials)
		refusal.Inner.AttemptsLeft = tried.Left
		return Account{}, refusal
	}
	return account, rules.Admit(c, account)
}

// canonical writes both forms of a name in this domain as one, as they are one for an account that exists.
func canonical(name string) string {
	name = strings.ToLower(name)
	if user, found := strings.CutPrefix(name, strings.ToLower(domainNetBIOS)+`\`); found {
		return user + "@" + domainDNS
	}
	return name
}
