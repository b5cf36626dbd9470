package aria

import (
	"strings"

	"example.org/conform/harness/reference/random"
)

// Account is a user of one source.
type Account struct {
	// ID is the user's GUID.
	ID string
	// Source is the name of the authentication source that knows the user.
	Source             string
	Username, Password string
	FirstName          string
	LastName           string
	Roles              []string
}

// Source is an authentication source: where users come from.
type Source struct {
	// Name is what authSource says.
	Name string
	// Type is the vendor's word for the kind of source.
	Type string
	// Accounts are the users that the source knows.
	Accounts []Account
	// domain may stand behind a user's name, in a directory's source; "" elsewhere.
	domain string
}

// Sources are the authentication sources of a server. They have an account of the same name, each with a password of its
// own, so that it matters which source is asked.
type Sources struct {
	// Local holds the server's own users, and is the one that is asked where a request names none.
	Local Source
	// Directory is like Active Directory: names in any letter case, with or without the domain behind them.
	Directory Source
}

// All are the sources, the local one first.
func (s *Sources) All() []*Source { return []*Source{&s.Local, &s.Directory} }

// newSources makes the sources of one server.
func newSources(password func() string) Sources {
	sources := Sources{
		Local:     Source{Name: "local", Type: "LOCAL"},
		Directory: Source{Name: "corp.example.com", Type: "ACTIVE_DIRECTORY", domain: "corp.example.com"},
	}
	add := func(source *Source, username, first, last string, roles ...string) {
		source.Accounts = append(source.Accounts, Account{
			ID: random.GUID(), Source: source.Name, Username: username, Password: password(),
			FirstName: first, LastName: last, Roles: roles,
		})
	}
	add(&sources.Local, "conform-service", "Conform", "Service", "ReadOnly", "PowerUser")
	add(&sources.Local, "conform-newcomer", "Conform", "Newcomer")
	add(&sources.Directory, "conform-service", "Conform", "Directory", "ReadOnly")
	return sources
}

// Account is the user of this name. The local source knows names letter by letter.
func (s *Source) Account(username string) (Account, bool) {
	if s.domain != "" {
		username = strings.ToLower(username)
		username = strings.TrimSuffix(username, "@"+s.domain)
	}
	for _, a := range s.Accounts {
		if a.Username == username {
			return a, true
		}
	}
	return Account{}, false
}

// Source is the source of this name in any letter case, the local one for "".
func (c *Call) Source(name string) (*Source, bool) {
	sources := &c.server.sources
	if name == "" {
		return &sources.Local, true
	}
	for _, s := range sources.All() {
		if strings.EqualFold(s.Name, name) {
			return s, true
		}
	}
	return nil, false
}
