package player

import (
	"slices"
	"strings"

	"example.org/conform/openapi"
)

// Read reads the body of a request as the contract describes it.
func (c *Call) Read() (map[string]any, *Refusal) {
	members, good := c.op.ReadBody(c.Request.Header.Get("Content-Type"), c.Body)
	if !good {
		return nil, c.malformed()
	}
	return members, nil
}

// received is the request as the contract reads it.
func (c *Call) received() openapi.Received {
	return openapi.Received{Request: c.Request, Path: c.path, Members: c.members}
}

// Carried is the text of a credential at a place, without what stands before it there; given says that something is there at all.
func (c *Call) Carried(p openapi.Place) (text string, given bool) { return c.received().Carried(p) }

// Find is the credential of a text at a place.
func (c *Call) Find(p openapi.Place, text string) (Credential, bool) {
	if p.Authority && (p.Scheme.User != "" || p.Scheme.Ready != "") {
		user, value, _ := strings.Cut(text, ":")
		one, found := c.server.records.Find(p.Kind + " " + value)
		return one, found && one.User == user
	}
	if p.By == "" {
		if one, found := c.server.records.Find(p.Kind + " " + text); found {
			return one, true
		}
	}
	names := append(c.server.standIns[p.Kind], p.By)
	named := c.All(func(one Credential) bool {
		return one.Kind == p.Kind && slices.ContainsFunc(names, func(name string) bool { return name != "" && one.Names[name] == text })
	})
	if len(named) == 0 || text == "" {
		return Credential{}, false
	}
	return named[0], true
}

// All are the credentials that match, ended ones among them, oldest first.
func (c *Call) All(match func(Credential) bool) []Credential { return c.server.records.Match(match) }

// Account finds an account by its name.
func (c *Call) Account(name string) (Account, bool) {
	i := slices.IndexFunc(c.server.accounts, func(a Account) bool { return a.Username == name })
	if i < 0 {
		return Account{}, false
	}
	return c.server.accounts[i], true
}

// Given are the name and the password that a login brings; complete is false where it lacks one of them.
func (c *Call) Given() (name, password string, complete bool) {
	name, password, hasName, hasPassword := c.op.Account(c.received())
	return name, password, (hasName || !c.op.Basic() && !c.op.Named()) && hasPassword
}

// Accounts are those that can log in, that of the target first.
func (c *Call) Accounts() []Account { return c.server.Accounts() }

// PasswordOf is the password of the account that a login names, whatever else is wrong with its body, or one that nobody has.
func (c *Call) PasswordOf() string {
	text := string(c.Body)
	for _, account := range c.server.accounts {
		if strings.Contains(text, account.Username) {
			return account.Password
		}
	}
	return newText()
}

// Known tells whether the request carries a living credential, wherever the contract has one stand that authorizes anything.
func (c *Call) Known() bool {
	for _, op := range c.server.config.Contract.Operations() {
		for _, p := range op.Takes() {
			if !p.Authority {
				continue
			}
			text, given := c.Carried(p)
			if one, found := c.Find(p, text); given && found && one.Live(c.Now) {
				return true
			}
		}
	}
	return false
}

// HasEnded tells whether the request is about a credential that somebody has ended.
func (c *Call) HasEnded() bool {
	takes := c.op.Takes()
	if len(takes) == 0 {
		return false
	}
	text, _ := c.Carried(takes[0])
	one, found := c.Find(takes[0], text)
	return found && !one.EndedAt.IsZero() && one.EndedAt.Before(c.Now)
}
