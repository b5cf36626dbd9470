package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/adaxes"
)

// accountFaults break what becomes of accounts that may not log in (ADX-ACC-01 to ADX-ACC-10).
func accountFaults() []Fault {
	var faults []Fault
	for _, of := range []struct {
		state              adaxes.State
		code, mistaken     adaxes.InnerCode
		name, words, story string
		refused, described string
	}{
		{adaxes.Disabled, adaxes.AccountIsDisabled, adaxes.InvalidCredentials, "disabled-account", "a disabled account",
			"the flag that disables an account is read from a cache", "ADX-ACC-01", "ADX-ACC-06"},
		{adaxes.LockedOut, adaxes.AccountLockedOut, adaxes.AccountIsDisabled, "locked-account", "a locked-out account",
			"the lock is kept by another domain controller", "ADX-ACC-02", "ADX-ACC-07"},
		{adaxes.Expired, adaxes.AccountExpired, adaxes.AccountIsDisabled, "expired-account", "an expired account",
			"the date of expiry is looked at by a nightly job alone", "ADX-ACC-03", "ADX-ACC-08"},
		{adaxes.OutsideLogonHours, adaxes.LogonTimeIncorrect, adaxes.AccessIsDenied, "account-outside-its-hours",
			"an account outside its logon hours", "the bitmap of logon hours is read in local time", "ADX-ACC-04", "ADX-ACC-09"},
		{adaxes.AccessDenied, adaxes.AccessIsDenied, adaxes.InvalidCredentials, "account-without-access", "an account denied by access control",
			"access control guards the web pages and not the API", "ADX-ACC-05", "ADX-ACC-10"},
	} {
		faults = append(faults,
			Fault{Name: of.name + "-let-in", Requirement: of.refused, Reason: of.words + " gives no session", Story: of.story,
				Apply: admitting(of.state, nil)},
			Fault{Name: of.name + "-crashes", Requirement: of.refused, Reason: of.words + " is refused with a 4xx status",
				Story: "the directory's error number has no message and no handler",
				Apply: refusedLogin(of.code, func(r *refusal) { *r = *crash() })},
			Fault{Name: of.name + "-401", Requirement: of.described, Reason: "401", Story: "the framework's own authentication answers",
				Apply: refusedLogin(of.code, func(r *refusal) { r.Status, r.Inner = http.StatusUnauthorized, nil })},
			Fault{Name: of.name + "-told-as-another", Requirement: of.described, Reason: "innerError.code " + string(of.mistaken),
				Story: "the directory's reasons are mapped in the wrong order",
				Apply: refusedLogin(of.code, func(r *refusal) { r.Inner.Code = of.mistaken })},
		)
	}
	return faults
}
