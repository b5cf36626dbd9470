package pyramid

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// strangeMethods are those that a server answers by itself, one of another protocol, and one of none.
var strangeMethods = []string{http.MethodOptions, "REPORT", "CONFORM"}

// methods declares the checks of methods other than POST, where the contract's own do not ask.
func methods(s *check.Suite[*API]) {
	s.Check("no-strange-method", "gives no token for OPTIONS, nor for methods that it does not know", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			for _, method := range strangeMethods {
				answer := api.LogIn(ctx, api.Target.Account, life.With(func(r *client.Request) { r.Method = method }))
				api.givesNothing(ctx, answer, method)
			}
		})
	}, check.Proves("PYR-TOK-05"), check.Sweeping())

	s.Check("no-get-otherwise", "gives no token for GET with a query, nor for GET at the path in small letters", func(ctx context.Context, api *API) {
		path := api.Operation(authenticateUserWindows).Path()
		api.Against(api.LoggingIn(ctx), func() {
			for _, way := range []life.Way{
				{Words: "GET with a query", Write: life.With(func(r *client.Request) { r.Query = url.Values{"conform": {"1"}} })},
				{Words: "GET at the path in small letters", Write: life.With(func(r *client.Request) { r.Path = strings.ToLower(path) })},
			} {
				get := life.With(func(r *client.Request) { r.Method = http.MethodGet })
				api.givesNothing(ctx, api.LogIn(ctx, api.Target.Account, get, way.Write), way.Words)
			}
		})
	}, check.Proves("PYR-TOK-05"), check.Sweeping())

	s.Check("no-get-on-a-warm-connection", "gives no token for GET on a connection that has logged in", func(ctx context.Context, api *API) {
		own := api.own()
		own.Method = http.MethodPost
		bare := winlogin.Login{Before: []winlogin.Login{own}, Bare: true}
		api.Against(api.LoggingIn(ctx), func() {
			answer := api.Anonymous(winlogin.With(ctx, bare), life.With(func(r *client.Request) { r.Method = http.MethodGet }))
			api.asked(answer)
			api.givesNothing(ctx, answer, "GET on a connection that has logged in")
		})
	}, check.Proves("PYR-TOK-05"), check.Sweeping())
}

// givesNothing expects that what was asked by another method gave no token, however it was answered.
func (a *API) givesNothing(ctx context.Context, answer *client.Answer, what string) {
	given := a.Gives(ctx, answer)
	a.Require(given == "", what+" gives no token", given)
}
