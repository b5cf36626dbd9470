package adaxes

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// sessionCreation declares the checks of "Create authentication session".
func sessionCreation(s *check.Suite[*API]) {
	s.Check("down-level-name", `accepts the account's name written DOMAIN\user`, func(ctx context.Context, api *API) {
		account := api.Target.Account
		account.Username = account.DownLevelName
		answer := api.LogIn(ctx, account)
		api.Expect(answer).To(check.Succeed(), "a session for DOMAIN\\user")
		created, ok := api.Read(answer)
		api.Require(ok, "a sessionId in the answer", "none")
		api.ExpectAccepted(ctx, api.Operation(issueToken), created, "the session made with DOMAIN\\user")
	}, check.Proves("ADX-SES-02"))

	const wrongDownLevel = "down-level-wrong-password"
	s.Check(wrongDownLevel, `refuses a wrong password for the account's name written DOMAIN\user`, func(ctx context.Context, api *API) {
		account := api.downLevel()
		account.Password = target.Secret(api.MadeUp(api.Password()))
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNothing(ctx, api.TryAccount(ctx, wrongDownLevel, account), `a wrong password for DOMAIN\user`)
		})
	}, check.Proves("ADX-SES-08"), check.Spends(wrongDownLevel))

	// Under another form of the name another part of a server may compare the password.
	for _, wrong := range []struct {
		slug, words string
		of          func(string) (string, bool)
	}{
		{"down-level-other-case", "the password in another letter case", check.OtherCase},
		{"down-level-prefix", "the password without its last character", func(right string) (string, bool) {
			return right[:max(len(right)-1, 0)], len(right) > 1
		}},
		{"down-level-trailing-blank", "the password with a blank behind it", func(right string) (string, bool) { return right + " ", right != "" }},
		{"down-level-empty-password", "an empty password", func(right string) (string, bool) { return "", right != "" }},
	} {
		s.Check(wrong.slug, "refuses "+wrong.words+` for the account's name written DOMAIN\user`, func(ctx context.Context, api *API) {
			account := api.Target.Account
			near, ok := wrong.of(api.Password())
			if !ok || account.DownLevelName == "" {
				api.Skip("the account has no down-level name, or no such wrong password", "name account.downLevelName in the target")
			}
			account.Username, account.Password = account.DownLevelName, target.Secret(near)
			api.Against(api.LoggingIn(ctx), func() {
				api.ExpectNothing(ctx, api.TryAccount(ctx, wrong.slug, account), wrong.words+` for DOMAIN\user`)
			})
		}, check.Proves("ADX-SES-09"), check.Spends(wrong.slug), check.Nearly())
	}

	const otherDomain = "down-level-other-domain"
	s.Check(otherDomain, `refuses the right password for the same name in another domain, written DOMAIN\user`, func(ctx context.Context, api *API) {
		account := api.downLevel()
		_, name, _ := strings.Cut(account.Username, `\`)
		account.Username = `CONFORM-NONE\` + name
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNothing(ctx, api.TryAccount(ctx, otherDomain, account), `the name in another domain, written DOMAIN\user,`)
		})
	}, check.Proves("ADX-SES-10"), check.Spends(otherDomain))

	s.Check("invalid-credentials", "answers wrong credentials 403 with invalidCredentials", func(ctx context.Context, api *API) {
		api.ExpectInnerCode(api.TryStranger(ctx), "invalidCredentials")
	}, check.Proves("ADX-SES-11"))

	s.Check("model-state", "answers a malformed request 400 with modelState", func(ctx context.Context, api *API) {
		answer := api.Do(ctx, createSession, life.Body(`{}`))
		if check.Granted(answer) {
			api.FailGranted("a malformed request is answered 400 with modelState", check.Shown(answer))
		}
		api.Expect(answer).To(check.HaveStatus(http.StatusBadRequest))
		api.Require(readRefusal(answer).ModelState != nil, "modelState in the error", "none")
	}, check.Proves("ADX-SES-15"))

	s.Check("other-media-type", "refuses a body that is not sent as application/json", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			plain := life.With(func(r *client.Request) { r.ContentType = "text/plain" })
			api.ExpectNothing(ctx, api.LogIn(ctx, api.Target.Account, plain), "a body sent as text/plain")
		})
	}, check.Proves("ADX-SES-16"))
	passwordChange(s)
}

// downLevel is the target's account by its name written DOMAIN\user; without one it skips the check.
func (a *API) downLevel() target.Account {
	account := a.Target.Account
	if account.DownLevelName == "" {
		a.Skip("the account has no down-level name", "name account.downLevelName in the target")
	}
	account.Username = account.DownLevelName
	return account
}

// passwordChange declares the checks of totpState and changePasswordReason.
func passwordChange(s *check.Suite[*API]) {
	reason := func(ctx context.Context, api *API, account target.Account, want int) {
		answer := api.LogIn(ctx, account)
		api.Expect(answer).To(check.Succeed(), "a session for the account")
		var body struct {
			ChangePasswordReason *float64 `json:"changePasswordReason"` // 0.0 is an integer to JSON Schema
		}
		if err := json.Unmarshal(answer.Body, &body); err != nil || body.ChangePasswordReason == nil {
			api.Fail(fmt.Sprintf("changePasswordReason %d", want), "no number of that name")
		}
		api.Require(*body.ChangePasswordReason == float64(want),
			fmt.Sprintf("changePasswordReason %d", want), fmt.Sprint(*body.ChangePasswordReason))
	}
	s.Check("no-reason", "gives changePasswordReason 0 for an ordinary account", func(ctx context.Context, api *API) {
		reason(ctx, api, api.Target.Account, 0)
	}, check.Proves("ADX-SES-20"))
	for id, state := range map[string]struct {
		account string
		reason  int
	}{
		"ADX-SES-21": {"passwordExpired", 1},
		"ADX-SES-22": {"passwordMustBeChanged", 2},
	} {
		s.Check("reason", "gives the changePasswordReason of the account's state", func(ctx context.Context, api *API) {
			reason(ctx, api, api.Target.Accounts[state.account], state.reason)
		}, check.Proves(id))
	}
	s.Check("former-members", "records totpState and changePasswordReason", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Account)
		var body map[string]json.RawMessage
		if !check.Granted(answer) || json.Unmarshal(answer.Body, &body) != nil {
			api.Inconclusive("creating a session gave nothing readable: %s", check.Describe(answer))
		}
		var seen []string
		for _, member := range []string{"totpState", "changePasswordReason"} {
			if value, ok := body[member]; ok {
				seen = append(seen, member+" = "+string(value))
			}
		}
		api.Note("%s", cmp.Or(strings.Join(seen, ", "), "neither member appears"))
	}, check.Proves("ADX-SES-23"))
}

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
		s.Check("refused-down-level", "refuses "+state.words+` that is named DOMAIN\user`, func(ctx context.Context, api *API) {
			account := api.Target.Accounts[state.account]
			if account.DownLevelName == "" {
				api.Skip("the account has no down-level name", "name accounts."+state.account+".downLevelName in the target")
			}
			account.Username = account.DownLevelName
			api.Against(api.LoggingIn(ctx), func() {
				api.ExpectNothing(ctx, api.LogIn(ctx, account), state.words+` that is named DOMAIN\user`)
			})
		}, check.Proves(state.refused))
		s.Check("inner-code", "answers "+state.words+" 403 with "+state.code, func(ctx context.Context, api *API) {
			api.ExpectInnerCode(api.LogIn(ctx, api.Target.Accounts[state.account]), state.code)
		}, check.Proves(state.described))
	}
}
