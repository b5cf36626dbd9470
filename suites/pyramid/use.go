package pyramid

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// use declares the checks of an API call with a token in its auth.
func use(s *check.Suite[*API]) {
	contract.Described(s, probe, func(ctx context.Context, api *API) *client.Answer {
		token := api.Token(ctx)
		answer := api.Call(ctx, token)
		if !works(answer) {
			api.fresh(answer, token)
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

	for _, near := range []struct {
		slug, title string
		miss        func(context.Context, *API, string) string
	}{
		{"made-up", "rejects a made-up token", func(ctx context.Context, api *API, token string) string {
			return api.MadeUp(ctx, token)
		}},
		{"one-changed", "rejects a token with one character changed", func(_ context.Context, _ *API, token string) string {
			return oneChanged(token)
		}},
		{"cut-short", "rejects a token cut short", func(_ context.Context, _ *API, token string) string {
			return token[:len(token)*3/4]
		}},
	} {
		s.Check(near.slug, near.title, func(ctx context.Context, api *API) {
			token := api.Token(ctx)
			miss := near.miss(ctx, api, token)
			api.Secret(ctx, "near-miss-token", miss)
			api.Against(api.Working(ctx, token), func() {
				api.ExpectRefused(api.Call(ctx, miss), "the API call with a token that was never issued")
			})
		}, check.Proves("PYR-USE-03"))
	}

	s.Check("non-admin", "records what the token of an account gets that is no administrator", func(ctx context.Context, api *API) {
		answer := api.Authenticate(ctx, loginOf(api.Target.Accounts[target.NonAdmin]))
		token, ok := tokenIn(answer)
		if !ok {
			api.Inconclusive("the login gave no token: %s", check.Describe(answer))
		}
		api.Note("the API call with the token of an account that is no administrator: %s", check.Describe(api.Call(ctx, token)))
	}, check.Proves("PYR-USE-04"))
}

// oneChanged changes the character in the middle. The last one would not do: in base64 it may hold bits that nobody
// reads.
func oneChanged(token string) string {
	b := []byte(token)
	middle := len(b) / 2
	if b[middle] == 'A' {
		b[middle] = 'B'
	} else {
		b[middle] = 'A'
	}
	return string(b)
}
