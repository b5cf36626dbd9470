// Package target holds the description of a server under test: where it is, with which accounts it may be used, and
// what else its operator can offer. Everything that is optional switches on the checks that need it.
package target

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// What a description means when it does not say otherwise.
const (
	// DefaultBadLogins is small because directories commonly lock an account after three to five wrong passwords.
	DefaultBadLogins = 2
	// DefaultTimeout bounds one request, from the connection to the last byte of the answer.
	DefaultTimeout = 10 * time.Second
)

// Target describes a server under test. A Reader returns it valid; one that is built by hand must pass Reader.Validate
// before it is used. Passwords in it are never printed. The json tags name the keys of a target file too.
type Target struct {
	// Profile is the profile that the server is judged by.
	Profile string `json:"profile"`
	// URL is the base of every path, absolute, http or https, without a slash at the end.
	URL string `json:"url"`
	// Account is the account that the checks work with.
	Account Account `json:"account"`
	// Accounts are accounts beside that, by the names that any description, and those that systems, have for them. They have a name
	// and a password only.
	Accounts map[string]Account `json:"accounts,omitempty"`
	// Probe is the request by which a token is shown to work. A zero Probe leaves the choice to the suite.
	Probe Probe `json:"probe,omitzero"`
	// Lifetimes are those configured on the server.
	Lifetimes Lifetimes `json:"lifetimes,omitzero"`
	// MaxWait is the longest that a run may wait for something to expire. Zero allows no waiting.
	MaxWait time.Duration `json:"maxWait"`
	// Instances are the base URLs of the server's single instances, where URL is an address that they share.
	Instances []string `json:"instances,omitempty"`
	Limits    Limits   `json:"limits"`
	TLS       TLS      `json:"tls,omitzero"`
	// Own are the values of the keys that are a system's own, by their paths, such as kerberos.realm; see Key.
	Own map[string]string `json:"-"`
}

// Account is a user account of the system under test.
type Account struct {
	// Username is the name as the document's main form writes it, such as user@domain.
	Username string `json:"username"`
	// Password may be empty only where a key of a system's own stands for it; see Key.Password.
	Password Secret `json:"password"`
	// DownLevelName is the same account's name as DOMAIN\user.
	DownLevelName string `json:"downLevelName,omitempty"`
	// Domain is the account's domain, for Windows Authentication.
	Domain string `json:"domain,omitempty"`
	// Token is the credential that an administrator has made for the account, for profiles whose API hands out none. Such an account needs
	// neither a name nor a password.
	Token Secret `json:"token,omitempty"`
}

// Probe is a request that reads something, needs a valid credential and changes nothing.
type Probe struct {
	// Method is GET, HEAD or POST; GET when it is empty.
	Method string `json:"method"`
	// Path follows Target.URL, and may have a query. It begins with a slash.
	Path string `json:"path"`
	// Body is sent as it stands, as application/json. Empty sends no body. A description may write it as a mapping or a list too.
	Body string `json:"body,omitempty"`
}

// Lifetimes say how long what a server issues is valid. Zero is: not stated.
type Lifetimes struct {
	Session time.Duration `json:"session"`
	Token   time.Duration `json:"token"`
}

// Of is the lifetime by the name that a contract has for it, session or token; zero for any other.
func (l Lifetimes) Of(name string) time.Duration {
	return map[string]time.Duration{"session": l.Session, "token": l.Token}[name]
}

// Where a description says nothing of wrong passwords in a row, an account that may be given many of them may be given a few so:
// directories that lock accounts commonly do after five, and nobody lets a run send many for those.
const manyBadLogins, fewInARow = 32, 4

// InARow is how many wrong passwords may follow each other, so many at most.
func (l Limits) InARow(most int) int {
	row := max(l.BadLoginsInARow, 1)
	if l.BadLoginsInARow == 0 && l.BadLogins >= manyBadLogins {
		row = fewInARow
	}
	return min(most, row)
}

// Limits bound what a run may do to a server.
type Limits struct {
	// BadLogins is the number of wrong passwords that a run may send for one real account. Zero allows none; a
	// description that does not say allows DefaultBadLogins.
	BadLogins int `json:"badLogins"`
	// BadLoginsInARow is how many of them may follow each other without a good login between, on accounts that so many do not
	// lock. Zero says nothing of it; see InARow.
	BadLoginsInARow int `json:"badLoginsInARow"`
	// RefusedLogins is how many logins that are refused a run may make in all, whoever they are for: a firewall may shut out an address
	// that fails too often. Zero is unlimited.
	RefusedLogins int `json:"refusedLogins"`
	// RequestsPerSecond is over all connections. Zero is unlimited.
	RequestsPerSecond float64 `json:"requestsPerSecond"`
	// Concurrency is the number of requests under way at one time. Zero is unlimited.
	Concurrency int `json:"concurrency"`
	// Timeout bounds one request. Validate sets DefaultTimeout where it is zero.
	Timeout time.Duration `json:"timeout"`
}

// TLS says whom to trust and how to present oneself. Paths in a description are relative to its file.
type TLS struct {
	// CAFile holds PEM certificates that are trusted besides the system's own.
	CAFile string `json:"caFile,omitempty"`
	// CertFile and KeyFile are a client certificate and its key, PEM, both or neither.
	CertFile string `json:"certFile,omitempty"`
	KeyFile  string `json:"keyFile,omitempty"`
	// InsecureSkipVerify accepts any certificate for any name.
	InsecureSkipVerify bool `json:"insecureSkipVerify,omitempty"`
}

// Of returns the account under a name of Accounts, or the target's own where that is empty. The domain is said of the own one alone, if
// only in its down-level name.
func (t *Target) Of(name string) Account {
	if name == "" {
		return t.Account
	}
	account := t.Accounts[name]
	domain, _, _ := strings.Cut(t.Account.DownLevelName, `\`)
	account.Domain = cmp.Or(t.Account.Domain, domain)
	return account
}

// Secrets returns every secret that the description holds, the account's own first: "password", then those of the other
// accounts by their keys, "password-of-disabled". Two accounts may share one. What is given is "token", or "token-of-another".
func (t *Target) Secrets() []NamedSecret {
	var secrets []NamedSecret
	add := func(name string, a Account) {
		if a.Password != "" {
			secrets = append(secrets, NamedSecret{"password" + name, a.Password.Reveal()})
		}
		if a.Token != "" {
			secrets = append(secrets, NamedSecret{"token" + name, a.Token.Reveal()})
		}
	}
	add("", t.Account)
	for _, name := range slices.Sorted(maps.Keys(t.Accounts)) {
		add("-of-"+name, t.Accounts[name])
	}
	return secrets
}

// NamedSecret is a secret of a target, and the name that says where in the target file it stands.
type NamedSecret struct{ Name, Value string }
