package aria

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// release declares the checks of "Release Token Using POST".
func release(s *check.Suite[*API]) {
	contract.Described(s, releaseToken, func(ctx context.Context, api *API) *client.Answer {
		return api.Release(ctx, api.Token(ctx).Text)
	})

	s.Check("rejected", "rejects a released token at once", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Working(ctx, token)
		api.Released(ctx, token)
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the probe with a released token")
		})
	}, check.Proves("ARO-REL-02"))

	s.Check("others-live", "keeps the account's other tokens working when one is released", func(ctx context.Context, api *API) {
		earlier, token, later := api.Token(ctx), api.Token(ctx), api.Token(ctx)
		answer := api.Release(ctx, token.Text)
		// Neither was ever released. They have to work whatever became of the third, also where the release of a token
		// of another check has ended that one too.
		api.ExpectWorks(ctx, earlier, "a token acquired before the released one")
		api.ExpectWorks(ctx, later, "a token acquired after the released one")
		api.Arranged(answer, check.Granted(answer), "releasing a token")
	}, check.Proves("ARO-REL-03"), check.Reaching())

	s.Check("nothing-to-release", "records what a release gets that has nothing to end", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Released(ctx, token)
		second := api.Release(ctx, token.Text)
		without := api.Release(ctx, "")
		madeUp := api.Release(ctx, api.MadeUp(token.Text))
		api.Note("a second release: %s; without a token: %s; with a made-up one: %s",
			check.Describe(second), check.Describe(without), check.Describe(madeUp))
	}, check.Proves("ARO-REL-04"))
}
