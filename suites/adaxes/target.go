package adaxes

import "example.org/conform/harness/target"

// vocabulary is what a description can say of Adaxes: an account in each state that a logon is refused for.
func vocabulary() target.Vocabulary {
	return target.Vocabulary{Accounts: []string{
		"passwordExpired", "passwordMustBeChanged", "disabled", "lockedOut", "expired", "outsideLogonHours", "accessDenied",
	}}
}
