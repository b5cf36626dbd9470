package adaxes

import (
	"fmt"
	"strings"

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

// changePasswordReason is the enum of AuthSession in "Authentication" (2023.2 and below).
func (s State) changePasswordReason() int {
	switch s {
	case PasswordExpired:
		return 1
	case PasswordMustBeChanged:
		return 2
	}
	return 0
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

// Accounts are the users of a server, one a state.
type Accounts struct {
	Ordinary, PasswordExpired, PasswordMustBeChanged, Disabled, LockedOut, Expired, OutsideLogonHours, AccessDenied Account
	// Domain is the NetBIOS name of the domain of all accounts.
	Domain string
	// Readable is the distinguished name of an object that every account may read.
	Readable string
}

// All are the accounts, the ordinary one first.
func (a Accounts) All() []Account {
	return []Account{a.Ordinary, a.PasswordExpired, a.PasswordMustBeChanged, a.Disabled, a.LockedOut, a.Expired,
		a.OutsideLogonHours, a.AccessDenied}
}

// newAccounts makes the accounts of one server with those passwords, GUIDs and a domain SID of their own, and the index of their
// logon names in lower case.
func newAccounts(password func() string) (accounts Accounts, names map[string]Account) {
	domainSID := fmt.Sprintf("S-1-5-21-%d-%d-%d", random.Below(1<<31), random.Below(1<<31), random.Below(1<<31))
	names = map[string]Account{}
	relative := 1100
	account := func(state State, user, displayName string) Account {
		relative++
		a := Account{
			State:    state,
			Username: user + "@" + domainDNS, DownLevelName: domainNetBIOS + `\` + user,
			Password: password(),
			SID:      fmt.Sprintf("%s-%d", domainSID, relative), GUID: random.GUID(),
			DN:          "CN=" + displayName + ",CN=Users," + domainDN,
			DisplayName: displayName,
		}
		names[strings.ToLower(a.Username)] = a
		names[strings.ToLower(a.DownLevelName)] = a
		return a
	}
	accounts = Accounts{
		Ordinary:              account(Ordinary, "Conform.Service", "Conform Service"),
		PasswordExpired:       account(PasswordExpired, "Conform.Stale", "Conform Stale"),
		PasswordMustBeChanged: account(PasswordMustBeChanged, "Conform.Newcomer", "Conform Newcomer"),
		Disabled:              account(Disabled, "Conform.Disabled", "Conform Disabled"),
		LockedOut:             account(LockedOut, "Conform.Locked", "Conform Locked"),
		Expired:               account(Expired, "Conform.Former", "Conform Former"),
		OutsideLogonHours:     account(OutsideLogonHours, "Conform.Nightshift", "Conform Nightshift"),
		AccessDenied:          account(AccessDenied, "Conform.Outsider", "Conform Outsider"),
		Domain:                domainNetBIOS,
	}
	accounts.Readable = accounts.Ordinary.DN
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
	if code, refused := refusedStates[account.State]; refused {
		return forbidden(code)
	}
	return nil
}

// refusedStates are the states that forbid to log in, with the reasons that are told.
var refusedStates = map[State]InnerCode{
	Disabled: AccountIsDisabled, LockedOut: AccountLockedOut, Expired: AccountExpired,
	OutsideLogonHours: LogonTimeIncorrect, AccessDenied: AccessIsDenied,
}
