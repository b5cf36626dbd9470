package pyramid

import (
	"net/http"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/ntlm"
)

// The domain of all accounts, in its DNS and its NetBIOS form.
const (
	domainDNS     = "example.com"
	domainNetBIOS = "EXAMPLE"
)

// Account is a user of the domain.
type Account struct {
	// Name is the logon name without a domain, Username that as user@domain, DownLevelName as DOMAIN\user.
	Name, Username, DownLevelName string
	Password                      string
	// Admin says that the account's tokens open the API.
	Admin bool
	// Key is what a description calls an unusual account.
	Key string
}

// Accounts are the users of a server.
type Accounts struct {
	// Admin is an administrator of the server, Viewer an account that is none.
	Admin, Viewer Account
	// Unusual are those whose passwords stacks are known to mangle, administrators too.
	Unusual []Account
}

func newAccounts(password func() string, own kernel.Login) Accounts {
	account := func(name, password string, admin bool) Account {
		return named(kernel.Login{Username: name, Password: password}, admin)
	}
	all := Accounts{Admin: account("conform.admin", password(), true), Viewer: account("conform.viewer", password(), false)}
	if own != (kernel.Login{}) {
		all.Admin = named(own, true)
	}
	for _, u := range kernel.NewUnusual() {
		unusual := account("conform."+u.User, u.Password, true)
		unusual.Key = u.Key
		all.Unusual = append(all.Unusual, unusual)
	}
	return all
}

// named is an account of that name, which may be written user@domain, DOMAIN\user, or without a domain.
func named(own kernel.Login, admin bool) Account {
	a := Account{Password: own.Password, Admin: admin}
	a.Username, a.DownLevelName = kernel.BothForms(own.Username, domainDNS, domainNetBIOS)
	_, a.Name, _ = strings.Cut(a.DownLevelName, `\`)
	return a
}

// splitName takes the domain from a name that is written DOMAIN\user.
func splitName(name string) (domain, user string) {
	if domain, user, found := strings.Cut(name, `\`); found {
		return domain, user
	}
	return "", name
}

// isIn tells whether an account may be written with a domain: the server's own in either form, or that of its name.
func (a Account) isIn(domain string) bool {
	netBIOS, _, _ := strings.Cut(a.DownLevelName, `\`)
	_, dns, _ := strings.Cut(a.Username, "@")
	for _, known := range []string{"", domainNetBIOS, domainDNS, netBIOS, dns} {
		if strings.EqualFold(domain, known) {
			return true
		}
	}
	return false
}

// All are the accounts, the administrator first.
func (a Accounts) All() []Account { return append([]Account{a.Admin, a.Viewer}, a.Unusual...) }

// Named is the account of a logon name as a client sends it: with a domain beside it in either form, with the domain
// in it behind an @, or with none. Letter case does not matter.
func (a Accounts) Named(domain, user string) (Account, bool) {
	name, inName, _ := strings.Cut(user, "@")
	for _, account := range a.All() {
		if strings.EqualFold(name, account.Name) && account.isIn(domain) && account.isIn(inName) {
			return account, true
		}
	}
	return Account{}, false
}

// judge finds the account that a proof is from. A name without an account takes as long as one with.
func (s *Server) judge(r *http.Request, p *ntlm.Proof) (string, bool) {
	account, known := s.rules.Find(s.accounts, p.Domain, p.User)
	if !known {
		account = Account{Password: "nobody's"}
	}
	proven := s.rules.Proven(r, p, account)
	if known {
		s.Tried(account.Name, proven)
	}
	return account.Name, known && proven
}
