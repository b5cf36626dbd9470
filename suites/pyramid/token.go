package pyramid

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/suites/check"
)

// tokenIssue declares the checks of the answer to a good login.
func tokenIssue(s *check.Suite[*API]) {
	s.Check("non-admin", "gives a token to an account that is no administrator", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Accounts[nonAdmin])
		api.Expect(answer).To(check.Succeed(), "a token for an account that is no administrator")
		_, ok := api.Read(answer)
		api.Require(ok, "a token for an account that is no administrator", check.Describe(answer))
	}, check.Proves("PYR-TOK-06"))

	s.Check("content-type", "records the Content-Type of the answer", func(ctx context.Context, api *API) {
		answer := api.Make(ctx, "token").Given
		if media := answer.Header.Get("Content-Type"); media != "" {
			api.Note("Content-Type: %s", media)
			return
		}
		api.Note("no Content-Type")
	}, check.Proves("PYR-TOK-07"))

	s.Check("cookie", "records whether the answer sets the cookie PyramidAuth", func(ctx context.Context, api *API) {
		made := api.Make(ctx, "token")
		for _, c := range (&http.Response{Header: made.Given.Header}).Cookies() {
			if !strings.EqualFold(c.Name, cookieName) {
				continue
			}
			same := "another value than the body's"
			if strings.Trim(c.Value, `"`) == made.Value {
				same = "the token of the body"
			}
			api.Note("the cookie %s is set, with %s (Secure: %t, HttpOnly: %t)", c.Name, same, c.Secure, c.HttpOnly)
			return
		}
		api.Note("no cookie %s is set", cookieName)
	}, check.Proves("PYR-TOK-08"))

	s.Check("non-admin", "records what the token of an account gets that is no administrator", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Accounts[nonAdmin])
		made, ok := api.Read(answer)
		if !ok {
			api.Inconclusive("the login gave no token: %s", check.Describe(answer))
		}
		api.Note("the API call with the token of an account that is no administrator: %s", check.Describe(api.Use(ctx, made)))
	}, check.Proves("PYR-USE-04"))
}
