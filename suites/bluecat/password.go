package bluecat

import (
	"context"
	"fmt"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/nearmiss"
)

// The wrong passwords that checks send for the real account. Checks that name the same one share its answer.
const wrongPassword = "wrong-password"

// TryPassword tries a wrong password for the target's account, once in the run.
func (a *API) TryPassword(ctx context.Context, attempt, password string) *client.Answer {
	a.Secret("wrong-password", password)
	username := a.Target.Account.Username
	return a.WrongPassword(ctx, username, attempt, func() { a.Login(ctx) }, func() *client.Answer {
		return a.CreateSession(ctx, username, password)
	})
}

// TryWrongPassword tries a password that has nothing of the right one.
func (a *API) TryWrongPassword(ctx context.Context) *client.Answer {
	return a.TryPassword(ctx, wrongPassword, check.NoPassword)
}

// TryUnknownUser tries to log in as a user who does not exist.
func (a *API) TryUnknownUser(ctx context.Context) *client.Answer {
	a.Secret("wrong-password", check.NoPassword)
	return a.CreateSession(ctx, check.Stranger(), check.NoPassword)
}

// wrongPasswords declares the checks of logins that must fail.
func wrongPasswords(s *check.Suite[*API]) {
	s.Check(wrongPassword, "refuses a wrong password", func(ctx context.Context, api *API) {
		api.Against(api.Login(ctx), func() { api.ExpectNoSession(api.TryWrongPassword(ctx), "a wrong password") })
	}, check.Proves("BCT-SES-18"), check.Spends(wrongPassword))

	misses := []nearmiss.Miss{nearmiss.EmptyPassword, nearmiss.OtherCase, nearmiss.Prefix, nearmiss.TrailingBlank}
	nearmiss.Passwords(s, "BCT-SES-18", "refuses", misses, func(ctx context.Context, api *API, slug, password string) {
		api.Against(api.Login(ctx), func() {
			api.ExpectNoSession(api.TryPassword(ctx, slug, password), "a password that nearly matches")
		})
	})

	s.Check("unknown-user", "refuses a user who does not exist", func(ctx context.Context, api *API) {
		api.Against(api.Login(ctx), func() {
			api.ExpectNoSession(api.TryUnknownUser(ctx), "an unknown user")
		})
	}, check.Proves("BCT-SES-19"))

	s.Check("no-echo", "does not repeat the password in its answer to a good login", func(ctx context.Context, api *API) {
		password := api.TellingPassword()
		api.ExpectNoEcho(api.LogIn(ctx), password, "the answer to a good login")
	}, check.Proves("BCT-SES-26"))

	s.Check("no-echo-to-strangers", "does not repeat the password that was tried for an unknown user", func(ctx context.Context, api *API) {
		api.ExpectNoEcho(api.TryUnknownUser(ctx), check.NoPassword, "the answer to an unknown user")
	}, check.Proves("BCT-SES-26"))

	s.Check("no-enumeration", "answers an unknown user as it answers a wrong password", func(ctx context.Context, api *API) {
		unknown, wrong := api.TryUnknownUser(ctx), api.TryWrongPassword(ctx)
		api.Expect(unknown).To(check.HaveStatus(wrong.Status), "the status for a wrong password, also for an unknown user")
		u, w := readRefusal(unknown).Code, readRefusal(wrong).Code
		api.Require(u == w, "the code for a wrong password, "+check.OrMissing(w)+", also for an unknown user", check.OrMissing(u))
		api.Require(fmt.Sprint(readRefusal(unknown).Message) == fmt.Sprint(readRefusal(wrong).Message),
			"the message for a wrong password, also for an unknown user", "another message")
	}, check.Proves("BCT-SES-27"), check.Spends(wrongPassword))

	s.Check("wrong-credentials", "answers wrong credentials 401", func(ctx context.Context, api *API) {
		api.Expect(api.TryUnknownUser(ctx)).To(check.HaveStatus(http.StatusUnauthorized), "a login as an unknown user")
	}, check.Proves("BCT-ERR-02"))
	s.Check("wrong-password", "answers a wrong password 401", func(ctx context.Context, api *API) {
		api.Expect(api.TryWrongPassword(ctx)).To(check.HaveStatus(http.StatusUnauthorized), "a login with a wrong password")
	}, check.Proves("BCT-ERR-02"), check.Spends(wrongPassword))

	s.Check("other-case-name", "records what the name in another letter case gets", func(ctx context.Context, api *API) {
		account := api.Target.Account
		name, ok := check.OtherCase(account.Username)
		if !ok {
			api.Note("the name of the account has no letters")
			return
		}
		api.Note("the right password under the name in another letter case: %s", check.Describe(
			api.CreateSession(ctx, name, account.Password.Reveal())))
	}, check.Proves("BCT-SES-30"))
}

// malformedCreations declares the checks of requests that are no login at all.
func malformedCreations(s *check.Suite[*API]) {
	// Without a usable password, what is left is the name of a real account: a server may count that as a wrong one.
	spends := map[string]string{"password": "malformed"}
	contract.Malformed(s, createSession, spends, func(ctx context.Context, api *API, m openapi.Malformed) {
		api.Against(api.Login(ctx), func() {
			send := func() *client.Answer { return api.sendMalformed(ctx, m) }
			answer := send
			if m.Member == "password" {
				answer = func() *client.Answer {
					return api.WrongPassword(ctx, api.Target.Account.Username, "malformed-"+m.Name, func() { api.Login(ctx) }, send)
				}
			}
			api.ExpectNoSession(answer(), "a request with "+m.Title)
		})
	})
}
