package pyramid

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// ExpectWorks expects that a token authorizes the API call.
func (a *API) ExpectWorks(ctx context.Context, token, what string) {
	a.ExpectGranted(a.Call(ctx, token), token, what+" works: the API call answers 2xx")
}

// ExpectNoToken expects that a login is refused and gives no token.
func (a *API) ExpectNoToken(ctx context.Context, answer *client.Answer, what string) {
	if found := a.leak(ctx, answer); found != "" {
		a.Fail(what+" gives no token", check.Describe(answer)+", and "+found)
	}
	a.ExpectRefused(answer, what)
}

// Working is the control of a token: it shows that one which should work does.
func (a *API) Working(ctx context.Context, token string) check.Control {
	return a.Works(token, "PYR-USE-01", "the API call with a valid token", func() *client.Answer {
		return a.Call(ctx, token, as(evidence.Control))
	})
}

// LoggingIn is the control of the credentials: it shows that the right ones of the target's account are accepted.
func (a *API) LoggingIn(ctx context.Context) check.Control {
	return check.Show(func() {
		a.arranged(a.Authenticate(ctx, a.Login(), as(evidence.Control)), "the control, a login with the right credentials,")
	})
}
