package adaxes

import (
	"fmt"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

// The domain of all accounts, in its DNS and its NetBIOS form.
const (
	domainDNS     = "example.com"
	domainNetBIOS = "EXAMPLE"
	domainDN      = "DC=example,DC=com"
)

// State is what a directory says of an account's right to log in.
type State string

// The states. Accounts in the first three log in; the others are refused, although their password is right.
const (
	Ordinary              State = "ordinary"
	PasswordExpired       State = "passwordExpired"
	PasswordMustBeChanged State = "passwordMustBeChanged"
	Disabled              State = "disabled"
	LockedOut             State = "lockedOut"
	Expired               State = "expired"
	OutsideLogonHours     State = "outsideLogonHours"
	AccessDenied          State = "accessDenied"
)

// states says of each state who is in it, what such a user is told who may not log in, and what a session of one who may
// has as changePasswordReason (the enum of AuthSession in "Authentication", 2023.2 and below).
var states = map[State]struct {
	user                 string
	refused              InnerCode
	changePasswordReason int
}{
	Ordinary:              {user: "Service"},
	PasswordExpired:       {user: "Stale", changePasswordReason: 1},
	PasswordMustBeChanged: {user: "Newcomer", changePasswordReason: 2},
	Disabled:              {user: "Disabled", refused: AccountIsDisabled},
	LockedOut:             {user: "Locked", refused: AccountLockedOut},
	Expired:               {user: "Former", refused: AccountExpired},
	OutsideLogonHours:     {user: "Nightshift", refused: LogonTimeIncorrect},
	AccessDenied:          {user: "Outsider", refused: AccessIsDenied},
}

// Account is a user of the directory.
type Account struct {
	State State
	// Username is the logon name as user@domain, DownLevelName as DOMAIN\user.
	Username, DownLevelName string
	Password                string
	SID, GUID, DN           string
	DisplayName             string
}

// Accounts are the users of a server, one a state, and the unusual ones by their keys. Each of them may read the directory's entries of all.
type Accounts map[State]Account

// newAccounts makes the accounts of one server with those passwords, GUIDs and SIDs of its own domain, and the index of
// their logon names in lower case.
func newAccounts(password func() string, own kernel.Login, domainSID string) (accounts Accounts, names map[string]Account) {
	accounts, names = Accounts{}, map[string]Account{}
	add := func(state State, user, password string) {
		name, displayName := "Conform."+user, "Conform "+user
		a := Account{
			State: state, Username: name + "@" + domainDNS, DownLevelName: domainNetBIOS + `\` + name, Password: password,
			SID: fmt.Sprintf("%s-%d", domainSID, 1101+len(accounts)), GUID: random.GUID(),
			DN: "CN=" + displayName + ",CN=Users," + domainDN, DisplayName: displayName,
		}
		accounts[state], names[strings.ToLower(a.Username)], names[strings.ToLower(a.DownLevelName)] = a, a, a
	}
	for state, of := range states {
		add(state, of.user, password())
	}
	for _, u := range kernel.NewUnusual() { // they are ordinary in every other way, and in no state of their own
		add(State(u.Key), u.User, u.Password)
	}
	if own != (kernel.Login{}) {
		a := accounts[Ordinary]
		delete(names, strings.ToLower(a.Username))
		delete(names, strings.ToLower(a.DownLevelName))
		a.Username, a.DownLevelName = kernel.BothForms(own.Username, domainDNS, domainNetBIOS)
		a.Password = own.Password
		accounts[Ordinary] = a
		names[strings.ToLower(own.Username)], names[strings.ToLower(a.Username)], names[strings.ToLower(a.DownLevelName)] = a, a, a
	}
	return accounts, names
}

// Accounts are the accounts of the server.
func (c *Call) Accounts() Accounts { return c.server.accounts }

// Account is the account with this logon name, in either form and any letter case.
func (c *Call) Account(name string) (Account, bool) {
	account, found := c.server.names[strings.ToLower(name)]
	return account, found
}

// AdmitByState refuses the accounts whose state forbids to log in.
func (c *Call) AdmitByState(account Account) *Refusal {
	if code := states[account.State].refused; code != "" {
		return forbidden(code)
	}
	return nil
}

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
