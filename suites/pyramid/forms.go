package pyramid

import (
	"context"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

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
		op := api.Operation(authenticateUserWindows)
		path := strings.ToLower(op.Path())
		if path == op.Path() {
			api.Inconclusive("the check itself is at fault: the contract's path has no capitals")
		}
		api.Note("a login at %s: %s", path, api.outcome(api.LogIn(ctx, api.Target.Account, life.With(func(r *client.Request) { r.Path = path }))))
	}, check.Proves("PYR-FRM-02"))
}

// outcome says whether an answer gave a token.
func (a *API) outcome(answer *client.Answer) string {
	if _, ok := a.Read(answer); ok {
		return "a token (" + check.Describe(answer) + ")"
	}
	return "no token (" + check.Describe(answer) + ")"
}
