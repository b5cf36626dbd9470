package pyramid

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// tokenIssue declares the checks of the answer to a good login.
func tokenIssue(s *check.Suite[*API]) {
	contract.Described(s, authenticateUserWindows, func(ctx context.Context, api *API) *client.Answer {
		return api.Authenticate(ctx, api.Login())
	})

	s.Check("each-on-its-own", "gives a token at every login, and leaves those before it usable", func(ctx context.Context, api *API) {
		first, second := api.Token(ctx), api.Token(ctx)
		api.ExpectWorks(ctx, second, "the token of the second login")
		api.ExpectWorks(ctx, first, "the token of the first login, after the second")
	}, check.Proves("PYR-TOK-04"), check.Reaching())

	methods := []string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete}
	contract.Methods(s, authenticateUserWindows, "PYR-TOK-05", "gives no token", methods, func(ctx context.Context, api *API, method string) {
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNoToken(ctx, api.Authenticate(ctx, api.Login(), by(method)), method+" on the path")
		})
	})

	s.Check("non-admin", "gives a token to an account that is no administrator", func(ctx context.Context, api *API) {
		answer := api.Authenticate(ctx, loginOf(api.Target.Accounts[nonAdmin]))
		api.Expect(answer).To(check.Succeed(), "a token for an account that is no administrator")
		_, ok := tokenIn(answer)
		api.Require(ok, "a token for an account that is no administrator", check.Describe(answer))
	}, check.Proves("PYR-TOK-06"))

	s.Check("content-type", "records the Content-Type of the answer", func(ctx context.Context, api *API) {
		answer := api.good(ctx)
		if media := answer.Header.Get("Content-Type"); media != "" {
			api.Note("Content-Type: %s", media)
			return
		}
		api.Note("no Content-Type")
	}, check.Proves("PYR-TOK-07"))

	s.Check("cookie", "records whether the answer sets the cookie PyramidAuth", func(ctx context.Context, api *API) {
		answer := api.good(ctx)
		token, _ := tokenIn(answer)
		for _, c := range (&http.Response{Header: answer.Header}).Cookies() {
			if !strings.EqualFold(c.Name, cookieName) {
				continue
			}
			same := "another value than the body's"
			if strings.Trim(c.Value, `"`) == token {
				same = "the token of the body"
			}
			api.Note("the cookie %s is set, with %s (Secure: %t, HttpOnly: %t)", c.Name, same, c.Secure, c.HttpOnly)
			return
		}
		api.Note("no cookie %s is set", cookieName)
	}, check.Proves("PYR-TOK-08"))
}

// good is the answer to a login with the right credentials, which ends the check where it has no token.
func (a *API) good(ctx context.Context) *client.Answer {
	answer := a.Authenticate(ctx, a.Login())
	a.arranged(answer, "a login with the right credentials")
	return answer
}
