package player

import (
	"encoding/base64"
	"fmt"
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

// parameter is the text of a parameter of the request.
func (c *Call) parameter(in, name string) (text string, given bool) {
	switch in {
	case "path":
		text, given = c.path[name]
	case "query":
		values := c.Request.URL.Query()[name]
		if given = len(values) > 0; given {
			text = values[0]
		}
	case "header":
		text = c.Request.Header.Get(name)
		given = text != ""
	case "body":
		switch v := c.members[name].(type) {
		case nil:
		case string:
			text, given = v, true
		default:
			text, given = fmt.Sprint(v), true
		}
	}
	return text, given
}

// Carried is the text of a credential at a place, without what stands before it there; given says that something is there at all.
func (c *Call) Carried(p openapi.Place) (text string, given bool) {
	if p.Name == "Cookie" {
		cookie, err := c.Request.Cookie(strings.TrimSuffix(p.Scheme.Prefix, "="))
		if err != nil {
			return "", false
		}
		return cookie.Value, true
	}
	if text, given = c.parameter(p.In, p.Name); !given || !p.Authority {
		return text, given
	}
	if p.Scheme.User != "" || p.Scheme.Ready != "" {
		word, encoded, _ := strings.Cut(text, " ")
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if !strings.EqualFold(word, "Basic") || err != nil {
			return "", true
		}
		return string(decoded), true
	}
	words := append([]string{p.Scheme.Prefix}, p.Scheme.Also...)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // none at all is before anything
	for _, prefix := range words {
		word, spaced := strings.CutSuffix(prefix, " ")
		if !spaced {
			if rest, has := strings.CutPrefix(text, prefix); has {
				return rest, true
			}
			continue
		}
		if first, rest, _ := strings.Cut(text, " "); strings.EqualFold(first, word) {
			return strings.TrimLeft(rest, " "), true
		}
	}
	return "", true
}

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
	if c.op.Basic() {
		return c.Request.BasicAuth()
	}
	hasName, hasPassword := false, false
	for _, m := range c.op.Members {
		switch m.Account {
		case "username":
			name, hasName = c.parameter("body", m.Name)
		case "password":
			password, hasPassword = c.parameter("body", m.Name)
		}
	}
	for _, g := range c.op.Given() {
		switch g.Account {
		case "username":
			name, hasName = c.parameter(g.In, g.Name)
		case "password":
			password, hasPassword = c.parameter(g.In, g.Name)
		}
	}
	return name, password, (hasName || !c.named()) && hasPassword
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

// named tells whether a login names its account at all: an API with one account alone asks for its password.
func (c *Call) named() bool {
	return slices.ContainsFunc(c.op.Members, func(m openapi.Member) bool { return m.Account == "username" }) ||
		slices.ContainsFunc(c.op.Given(), func(g openapi.Given) bool { return g.Account == "username" })
}
