package aria

import (
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

// Account is a user of one source.
type Account struct {
	// ID is the user's GUID.
	ID string
	// Source is the name of the authentication source that knows the user.
	Source              string
	Username, Password  string
	FirstName, LastName string
	Roles               []string
	// Key is what a description calls an unusual account.
	Key string
}

// Source is an authentication source: where users come from.
type Source struct {
	// Name is what authSource says.
	Name string
	// Accounts are the users that the source knows.
	Accounts []Account
	// domain may stand behind a user's name, in a directory's source; "" elsewhere.
	domain string
}

// newSources makes the sources of one server: its own users, who are asked for where a request names no source, and a
// directory. They have an account of the same name, each with a password of its own, so that it matters which is asked.
func newSources(password func() string, own kernel.Login) []Source {
	const local, directory = "local", "corp.example.com"
	account := func(source, username, last string, roles ...string) Account {
		return Account{
			ID: random.GUID(), Source: source, Username: username, Password: password(),
			FirstName: "Conform", LastName: last, Roles: append([]string{}, roles...),
		}
	}
	sources := []Source{
		{Name: local, Accounts: []Account{
			account(local, "conform-service", "Service", "ReadOnly", "PowerUser"), account(local, "conform-newcomer", "Newcomer"),
		}},
		{Name: directory, domain: directory, Accounts: []Account{account(directory, "conform-service", "Directory", "ReadOnly")}},
	}
	if user := &sources[0].Accounts[0]; own != (kernel.Login{}) {
		user.Username, user.Password = own.Username, own.Password
	}
	for _, u := range kernel.NewUnusual() {
		unusual := account(local, "conform-"+u.User, "Unusual", "ReadOnly")
		unusual.Password, unusual.Key = u.Password, u.Key
		sources[0].Accounts = append(sources[0].Accounts, unusual)
	}
	return sources
}

// Account is the user of this name. The local source knows names letter by letter, a directory, like Active Directory, in
// any letter case and with or without the domain behind them.
func (s *Source) Account(username string) (Account, bool) {
	if s.domain != "" {
		username = strings.TrimSuffix(strings.ToLower(username), "@"+s.domain)
	}
	i := slices.IndexFunc(s.Accounts, func(a Account) bool { return a.Username == username })
	if i < 0 {
		return Account{}, false
	}
	return s.Accounts[i], true
}

// Source is the source of this name in any letter case, the local one for "".
func (c *Call) Source(name string) (*Source, bool) {
	for i, s := range c.server.sources {
		if name == "" || strings.EqualFold(s.Name, name) {
			return &c.server.sources[i], true
		}
	}
	return nil, false
}
