package pyramid

import (
	"context"
	"fmt"
	"net/url"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/spelt"
)

// namelessTimes is how often nobody asks on one connection.
const namelessTimes = 4

// underBasic names a wrong password that is sent by HTTP's Basic.
const underBasic = "under-basic"

// unproved is a request that shows nobody's knowledge of a password.
const unproved = "a request without Windows credentials"

// expectNotGranted is ExpectNothing of a request that is written so that it may as well get no answer, or an error: that gives nothing either,
// and other checks are about it.
func (a *API) expectNotGranted(ctx context.Context, answer *client.Answer, what string) {
	if check.Granted(answer) || a.Gives(ctx, answer) != "" {
		a.ExpectNothing(ctx, answer, what)
	}
}

// nameless declares the checks of requests without Windows credentials: none is a login, whatever else is in it and however it is written.
func nameless(s *check.Suite[*API]) {
	s.Check("by-no-other-path", "gives no token without Windows credentials by any path that leads there", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNothingByOtherPaths(ctx, api.Operation(authenticateUserWindows), unproved)
		})
	}, check.Proves("PYR-WIN-01"), check.Sweeping())

	s.Check("by-no-other-field", "gives no token for what a proxy, another scheme or a cookie would say of a user", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			for _, way := range api.fieldsOfOthers() {
				api.expectNotGranted(ctx, api.Anonymous(ctx, way.Write), unproved+" and "+way.Words)
			}
		})
	}, check.Proves("PYR-WIN-01"), check.Sweeping())

	s.Check("in-no-other-form", "gives no token without Windows credentials, however the request is written", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			for _, way := range api.forms() {
				api.expectNotGranted(ctx, api.Anonymous(ctx, way.Write), unproved+", "+way.Words)
			}
		})
	}, check.Proves("PYR-WIN-01"), check.Sweeping())

	s.Check("again-on-one-connection", "gives no token without Windows credentials, however often nobody asks on one connection",
		func(ctx context.Context, api *API) {
			api.Against(api.LoggingIn(ctx), func() {
				api.OnOneConnection(ctx, func(own *life.API) {
					for i := range namelessTimes {
						own.Against(check.Show(func() {}), func() {
							own.ExpectNothing(ctx, (&API{own}).Anonymous(ctx), fmt.Sprintf("%s, number %d on its connection", unproved, i+1))
						})
					}
				})
			})
		}, check.Proves("PYR-WIN-01"), check.Sweeping())

	s.Check("challenge", "gives no token with the challenge of a login, nor with its offer of one", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			offer, challenge := api.Anonymous(ctx), api.Anonymous(winlogin.With(ctx, winlogin.Login{Half: true}))
			api.ExpectNothing(ctx, challenge, "the first message of a login")
			api.expectNoneInFields(ctx, offer, "the offer of a login")
			api.expectNoneInFields(ctx, challenge, "the challenge of a login")
		})
	}, check.Proves("PYR-WIN-01"), check.Sweeping())

	s.Check("fields-of-a-refusal", "gives no token in any field of the refusal of a wrong password", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.expectNoneInFields(ctx, api.TryWrongPassword(ctx), "the refusal of a wrong password")
		})
	}, check.Proves("PYR-WIN-02"), check.Spends(life.WrongPassword))

	s.Check("under-basic", "gives no token for a wrong password under Basic, which is no scheme of Windows Authentication", func(ctx context.Context, api *API) {
		account := api.Target.Account
		wrong := life.Basic(account.Username, check.NoPassword)
		api.Against(api.LoggingIn(ctx), func() {
			answer := api.WrongPassword(ctx, account.Username, underBasic, func() { api.LoggingIn(ctx) }, func() *client.Answer {
				return api.Anonymous(ctx, life.Header("Authorization", wrong))
			})
			api.ExpectNothing(ctx, answer, "a wrong password under Basic")
		})
	}, check.Proves("PYR-WIN-02"), check.Spends(underBasic))
}

// fieldsOfOthers are ways to come as somebody whom somebody else is to have let in: those of any API, and the cookie in which the server gives a token.
func (a *API) fieldsOfOthers() []life.Way {
	made := url.QueryEscape(a.MadeUp(a.Target.Account.Username + a.Target.URL))
	return append(spelt.Fields(a.Operation(authenticateUserWindows), a.Target.Account.Username),
		life.Way{Words: "with Cookie: " + cookieName, Write: life.Header("Cookie", cookieName+"="+made)})
}

// forms are ways to write a login that nobody proves: those of any request, and the bodies that clients send.
func (a *API) forms() []life.Way {
	op := a.Operation(authenticateUserWindows)
	all := spelt.Forms(a.Client.Document(), op)
	if op.RequestMediaType() != "" {
		bodied := func(words, body string) life.Way {
			return life.Way{Words: words, Write: life.With(func(r *client.Request) { r.Body = []byte(body) })}
		}
		all = append(all, bodied("with an empty body", ""), bodied(`with the body {"auth":null}`, `{"auth":null}`))
	}
	return all
}
