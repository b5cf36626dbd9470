package adaxes

import (
	"context"

	"example.org/conform/suites/check"
)

// accountStates declares the checks of accounts that may not log in, where the target names such accounts.
func accountStates(s *check.Suite[*API]) {
	for _, state := range []struct{ refused, described, account, words, code string }{
		{"ADX-ACC-01", "ADX-ACC-06", "disabled", "a disabled account", "accountIsDisabled"},
		{"ADX-ACC-02", "ADX-ACC-07", "lockedOut", "a locked-out account", "accountLockedOut"},
		{"ADX-ACC-03", "ADX-ACC-08", "expired", "an expired account", "accountExpired"},
		{"ADX-ACC-04", "ADX-ACC-09", "outsideLogonHours", "an account outside its logon hours", "logonTimeIncorrect"},
		{"ADX-ACC-05", "ADX-ACC-10", "accessDenied", "an account denied by access control", "accessDenied"},
	} {
		s.Check("refused", "refuses "+state.words, func(ctx context.Context, api *API) {
			api.Against(api.LoggingIn(ctx), func() {
				api.ExpectNothing(ctx, api.LogIn(ctx, api.Target.Accounts[state.account]), state.words)
			})
		}, check.Proves(state.refused))
		s.Check("inner-code", "answers "+state.words+" 403 with "+state.code, func(ctx context.Context, api *API) {
			api.ExpectInnerCode(api.LogIn(ctx, api.Target.Accounts[state.account]), state.code)
		}, check.Proves(state.described))
	}
}
