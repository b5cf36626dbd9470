package aria

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/nearmiss"
)

// tokenUse declares the checks of requests with a token, with something like one, and without.
func tokenUse(s *check.Suite[*API]) {
	contract.Probed(s, probe, func(ctx context.Context, api *API) *client.Answer {
		return api.Probe(ctx, api.Token(ctx).Text)
	})

	s.Check("no-token", "rejects a request without a token", func(ctx context.Context, api *API) {
		api.Against(api.Working(ctx, api.Token(ctx)), func() {
			api.ExpectRefused(api.Probe(ctx, ""), "the probe without Authorization")
		})
	}, check.Proves("ARO-TOK-02"))

	s.Check("scheme-alone", "rejects a request with the scheme and no token", func(ctx context.Context, api *API) {
		api.Against(api.Working(ctx, api.Token(ctx)), func() {
			api.ExpectRefused(api.ProbeWith(ctx, api.scheme()+" "), "the probe with a scheme and no token")
		})
	}, check.Proves("ARO-TOK-02"))

	s.Check("made-up", "rejects a made-up token", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Against(api.Working(ctx, token), func() {
			api.ExpectRefused(api.Probe(ctx, api.MadeUp(token.Text)), "the probe with a made-up token")
		})
	}, check.Proves("ARO-TOK-03"))

	misses := []nearmiss.Miss{nearmiss.OneChanged, nearmiss.CutShort, firstHalf, nearmiss.Longer}
	nearmiss.Tokens(s, "ARO-TOK-04", "rejects", "a token", misses, func(ctx context.Context, api *API, miss func(string) string) {
		token := api.Token(ctx)
		near := miss(token.Text)
		api.Against(api.Working(ctx, token), func() {
			api.ExpectRefused(api.Probe(ctx, near), "the probe with a near miss of a real token")
		})
	})

	s.Check("unauthorized", "answers a missing or made-up token 401", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Expect(api.Probe(ctx, "")).To(check.HaveStatus(http.StatusUnauthorized), "without a token")
		api.Expect(api.Probe(ctx, api.MadeUp(token.Text))).To(check.HaveStatus(http.StatusUnauthorized), "with a made-up one")
	}, check.Proves("ARO-TOK-05"))

	s.Check("earlier-live", "keeps earlier tokens of the account working when it acquires another", func(ctx context.Context, api *API) {
		first, second, third := api.Token(ctx), api.Token(ctx), api.Token(ctx)
		api.ExpectWorks(ctx, first, "the first of three tokens")
		api.ExpectWorks(ctx, second, "the second of three tokens")
		api.ExpectWorks(ctx, third, "the third of three tokens")
	}, check.Proves("ARO-TOK-08"), check.Reaching())

	s.Check("another", "gives another token at every acquisition", func(ctx context.Context, api *API) {
		first, second := api.Token(ctx), api.Token(ctx)
		api.Require(second.Text != first.Text, "two acquisitions give two tokens", "the same one twice")
	}, check.Proves("ARO-TOK-09"))
}

// firstHalf is what stands before the two colons in the middle of a token, where it has such.
var firstHalf = nearmiss.New("first-half", "without its second half", func(token string) (string, bool) {
	half, _, ok := strings.Cut(token, "::")
	return half, ok
})
