package aria

import (
	"context"
	"net/http"

	"example.org/conform/suites/check"
	"example.org/conform/suites/nearmiss"
)

// failedAuthentication declares the checks of logins that must fail, and of how their failure is answered.
func failedAuthentication(s *check.Suite[*API]) {
	s.Check("wrong-password", "gives no token for a wrong password", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNoToken(api.TryWrongPassword(ctx), "a wrong password")
		})
	}, check.Proves("ARO-ACQ-08"), check.Spends(wrongPassword))

	misses := []nearmiss.Miss{nearmiss.EmptyPassword, nearmiss.OtherCase, nearmiss.Prefix, nearmiss.TrailingBlank}
	nearmiss.Passwords(s, "ARO-ACQ-09", "gives no token for", misses, func(ctx context.Context, api *API, slug, password string) {
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNoToken(api.TryPassword(ctx, slug, password), "a password that nearly matches")
		})
	})

	s.Check("unknown-user", "gives no token to a user who does not exist", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNoToken(api.TryUnknownUser(ctx), "an unknown user")
		})
	}, check.Proves("ARO-ACQ-10"))

	s.Check("wrong-password", "answers a wrong password 401", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.Expect(api.TryWrongPassword(ctx)).To(check.HaveStatus(http.StatusUnauthorized), "for a wrong password")
		})
	}, check.Proves("ARO-ACQ-11"), check.Spends(wrongPassword))

	// An empty password may as well be answered as a malformed request is.
	nearmiss.Passwords(s, "ARO-ACQ-11", "answers 401 to", []nearmiss.Miss{nearmiss.OtherCase, nearmiss.Prefix, nearmiss.TrailingBlank}, func(ctx context.Context, api *API, slug, password string) {
		api.Expect(api.TryPassword(ctx, slug, password)).To(check.HaveStatus(http.StatusUnauthorized), "for a password that nearly matches")
	})

	s.Check("unknown-user", "answers an unknown user 401", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.Expect(api.TryUnknownUser(ctx)).To(check.HaveStatus(http.StatusUnauthorized), "for an unknown user")
		})
	}, check.Proves("ARO-ACQ-11"))

	s.Check("body", "records whether a failed authentication is answered with a body", func(ctx context.Context, api *API) {
		answer := api.TryUnknownUser(ctx)
		api.Note("%s for an unknown user: %s", check.Describe(answer), describeBody(answer))
	}, check.Proves("ARO-ACQ-12"))

	s.Check("no-enumeration", "answers an unknown user as it answers a wrong password", func(ctx context.Context, api *API) {
		unknown, wrong := api.TryUnknownUser(ctx), api.TryWrongPassword(ctx)
		api.Require(codes(unknown) == codes(wrong), "for an unknown user what a wrong password gets, "+codes(wrong), codes(unknown))
	}, check.Proves("ARO-ACQ-16"), check.Spends(wrongPassword))

	s.Check("no-echo", "does not repeat the password in its answer to a good login", func(ctx context.Context, api *API) {
		password := api.TellingPassword()
		api.ExpectNoEcho(api.Acquire(ctx, api.Login(ctx)), password, "the answer to a good login")
	}, check.Proves("ARO-ACQ-17"))

	s.Check("no-echo-to-strangers", "does not repeat the password that was tried for an unknown user", func(ctx context.Context, api *API) {
		api.ExpectNoEcho(api.TryUnknownUser(ctx), check.NoPassword, "the answer to an unknown user")
	}, check.Proves("ARO-ACQ-17"))
}
