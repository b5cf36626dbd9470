package adaxes

import "example.org/conform/harness/reference/adaxes"

// shut are the accounts that may not log in, by name: what they are told, and what a server tells them that mistakes one
// state for another.
var shut = map[string]struct {
	state          adaxes.State
	code, mistaken adaxes.InnerCode
}{
	"disabled-account":          {adaxes.Disabled, adaxes.AccountIsDisabled, adaxes.InvalidCredentials},
	"locked-account":            {adaxes.LockedOut, adaxes.AccountLockedOut, adaxes.AccountIsDisabled},
	"expired-account":           {adaxes.Expired, adaxes.AccountExpired, adaxes.AccountIsDisabled},
	"account-outside-its-hours": {adaxes.OutsideLogonHours, adaxes.LogonTimeIncorrect, adaxes.AccessIsDenied},
	"account-without-access":    {adaxes.AccessDenied, adaxes.AccessIsDenied, adaxes.InvalidCredentials},
}

// accountFaults break what becomes of accounts that may not log in.
func accountFaults() overrides {
	all := overrides{}
	for name, of := range shut {
		all[name+"-let-in"] = admitting(of.state, nil)
		all[name+"-told-as-another"] = refused(ofLogin(of.code), func(r *refusal) { r.Inner.Code = of.mistaken })
	}
	return all
}
