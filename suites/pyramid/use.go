package pyramid

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/nearmiss"
)

// use declares the checks of an API call with a token in its auth.
func use(s *check.Suite[*API]) {
	contract.Probed(s, probe, func(ctx context.Context, api *API) *client.Answer {
		token := api.Token(ctx)
		answer := api.Call(ctx, token)
		if !check.Granted(answer) {
			api.Fresh(answer, token)
		}
		return answer
	})

	for _, none := range []struct {
		slug, words string
		members     map[string]any
	}{
		{"no-auth", "without auth", nil},
		{"null-auth", "whose auth is null", map[string]any{"auth": nil}},
		{"empty-auth", "whose auth is empty", map[string]any{"auth": ""}},
	} {
		s.Check(none.slug, "rejects an API call "+none.words, func(ctx context.Context, api *API) {
			api.Against(api.Working(ctx, api.Token(ctx)), func() {
				api.ExpectRefused(api.CallWith(ctx, none.members), "the API call "+none.words)
			})
		}, check.Proves("PYR-USE-02"))
	}

	const neverIssued = "the API call with a token that was never issued"
	s.Check("made-up", "rejects a made-up token", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Against(api.Working(ctx, token), func() {
			api.ExpectRefused(api.Call(ctx, api.MadeUp(token)), neverIssued)
		})
	}, check.Proves("PYR-USE-03"))

	misses := []nearmiss.Miss{nearmiss.OneChanged, nearmiss.CutShort}
	nearmiss.Tokens(s, "PYR-USE-03", "rejects", "a token", misses, func(ctx context.Context, api *API, miss func(string) string) {
		token := api.Token(ctx)
		near := miss(token)
		api.Against(api.Working(ctx, token), func() { api.ExpectRefused(api.Call(ctx, near), neverIssued) })
	})

	s.Check("non-admin", "records what the token of an account gets that is no administrator", func(ctx context.Context, api *API) {
		answer := api.Authenticate(ctx, loginOf(api.Target.Accounts[nonAdmin]))
		token, ok := tokenIn(answer)
		if !ok {
			api.Inconclusive("the login gave no token: %s", check.Describe(answer))
		}
		api.Note("the API call with the token of an account that is no administrator: %s", check.Describe(api.Call(ctx, token)))
	}, check.Proves("PYR-USE-04"))
}
