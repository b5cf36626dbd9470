package pyramid

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// tokenIssue declares the checks of the answer to a good login.
func tokenIssue(s *check.Suite[*API]) {
	s.Check("non-admin", "gives a token to an account that is no administrator", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Of(nonAdmin))
		api.Expect(answer).To(check.Succeed(), "a token for an account that is no administrator")
		_, ok := api.Read(answer)
		api.Require(ok, "a token for an account that is no administrator", check.Shown(answer))
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

	s.Check("stale-cookie", "gives a token to a login with a cookie in which a token was stored that nobody knows any more",
		func(ctx context.Context, api *API) {
			cookie := cookieName + "=" + api.MadeUp(api.Make(ctx, "token").Value)
			answer := api.LogIn(ctx, api.Target.Account, life.Header("Cookie", cookie))
			_, ok := api.Read(answer)
			api.Require(ok, "a token, also for a login with a stale cookie", check.Shown(answer))
		}, check.Proves("PYR-TOK-01"))

	s.Check("non-admin", "rejects an API call with the token of an account that is no administrator", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Of(nonAdmin))
		made, ok := api.Read(answer)
		if !ok {
			api.Inconclusive("the login gave no token: %s", check.Describe(answer))
		}
		probe := api.Operation(life.Probe)
		api.Against(api.WorkingNow(ctx, probe, "token"), func() {
			api.ExpectNothing(ctx, api.Use(ctx, made, life.Forbidden), "an API call with the token of an account that is no administrator")
		})
	}, check.Proves("PYR-USE-04"))
}

// forms declares the checks of requests that clients are known to send, and the document does not settle.
func forms(s *check.Suite[*API]) {
	for _, form := range []struct {
		slug, words string
		body        []byte
	}{
		{"null", "the body null, as the sample sends it,", []byte("null")},
		{"empty", "an empty body", nil},
		{"null-auth", `the body {"auth":null}`, []byte(`{"auth":null}`)},
	} {
		s.Check(form.slug, "records what "+form.words+" gets", func(ctx context.Context, api *API) {
			body := life.With(func(r *client.Request) { r.Body = form.body })
			api.Note("%s: %s", form.words, api.outcome(api.LogIn(ctx, api.Target.Account, body)))
		}, check.Proves("PYR-FRM-01"))
	}

	s.Check("other-case", "records what the path in another letter case gets", func(ctx context.Context, api *API) {
		path, answer := api.inSmallLetters(ctx)
		api.Note("a login at %s: %s", path, api.outcome(answer))
	}, check.Proves("PYR-FRM-02"))
	s.Check("path-in-other-case", "accepts the token of a login at the path in other letters, if it gives one", func(ctx context.Context, api *API) {
		path, answer := api.inSmallLetters(ctx)
		made, ok := api.Read(answer)
		if !ok {
			api.Skip("the server knows no "+path+": "+check.Describe(answer), "nothing: the promise is empty for this server")
		}
		api.ExpectWorks(ctx, made, "the token of a login at "+path)
	}, check.Proves("PYR-USE-01"))
}

// inSmallLetters logs in at the path in small letters, as some clients write it.
func (a *API) inSmallLetters(ctx context.Context) (path string, answer *client.Answer) {
	op := a.Operation(authenticateUserWindows)
	path = strings.ToLower(op.Path())
	if path == op.Path() {
		a.Inconclusive("the check itself is at fault: the contract's path has no capitals")
	}
	return path, a.LogIn(ctx, a.Target.Account, life.With(func(r *client.Request) { r.Path = path }))
}

// outcome says whether an answer gave a token.
func (a *API) outcome(answer *client.Answer) string {
	if _, ok := a.Read(answer); ok {
		return "a token (" + check.Describe(answer) + ")"
	}
	return "no token (" + check.Describe(answer) + ")"
}
