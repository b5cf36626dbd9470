// Package pyramid is the suite of Pyramid Analytics API2's login under Windows Authentication.
package pyramid

import (
	"net/http"

	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
)

// Profile is the profile of the system.
const Profile = "pyramid-2018.5"

// System is Pyramid Analytics API2, for the runner. It ends nothing: the document knows no logout, a token ends by
// itself, and so the checks enter none in the ledger.
func System() check.System {
	return check.System{
		Name: "pyramid", Profiles: []string{Profile}, Target: vocabulary(), Checks: checks, Preflight: preflight,
		Authenticate: authenticate,
	}
}

// authenticate prepares the logins of the target's account: by NTLM, and by Kerberos where the target describes it.
func authenticate(t *target.Target) (wrap func(http.RoundTripper) http.RoundTripper, end func(), err error) {
	kerberos, err := winlogin.NewKerberos(t)
	if err != nil {
		return nil, nil, err
	}
	return winlogin.Wrap(kerberos), kerberos.Close, nil
}

// checks declares the checks of a profile, a subject a file.
func checks(profile string, declared check.Declared) ([]check.Definition, error) {
	s, err := check.NewSuite(profile, Bind, declared)
	if err != nil {
		return nil, err
	}
	tokenIssue(s)
	windows(s)
	use(s)
	forms(s)
	return s.Definitions()
}
