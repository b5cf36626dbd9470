package aria

import (
	"context"

	"example.org/conform/suites/check"
)

// uses is how often a token is used, each time well within its lifetime, by the check that every use extends it.
const uses = 3

// slidingValidity declares the checks of what use and time do to a token. Each waits on its own; all of them begin with
// the run and wait side by side.
func slidingValidity(s *check.Suite[*API]) {
	declare := func(slug, title, requirement string, body func(ctx context.Context, api *API)) {
		s.Check(slug, title, body, check.Proves(requirement), check.Waiting())
	}

	declare("lives-on", "lets a token live on for a full lifetime from a use", "ARO-VAL-04", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.WaitUntil(ctx, token.Acquired.Sent.Add(api.lifetime()/2), "half of a token's lifetime")
		used := api.ExpectWorks(ctx, token, "a token within its lifetime")
		api.UntilJustBefore(ctx, api.lifeFrom(used), "a used token")
		api.ExpectWorks(ctx, token, "a token that was used, shortly before a full lifetime from that use,")
	})
	declare("until-the-end", "accepts a token until its time is up, and extends it then too", "ARO-VAL-04", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		first := api.lifeFrom(token.Acquired)
		api.UntilJustBefore(ctx, first, "a token")
		api.ExpectWorks(ctx, token, "a token shortly before its time is up")
		api.UntilAfter(ctx, first, "the first life of a token")
		api.ExpectWorks(ctx, token, "a token that was used shortly before its first end, after that end,")
	})
	declare("every-use", "extends a token at every use", "ARO-VAL-05", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		last := token.Acquired
		for range uses {
			api.WaitUntil(ctx, last.Sent.Add(api.lifetime()*4/7), "the next use of a token")
			last = api.ExpectWorks(ctx, token, "a token that is used again and again, each time well within its lifetime,")
		}
	})
	declare("idle", "rejects a token that was not used for longer than its lifetime", "ARO-VAL-06", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.UntilAfter(ctx, api.lifeFrom(token.Acquired), "an unused token")
		api.Unshared(token.Text) // others may have used it
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the probe with a token left unused for longer than its lifetime")
		})
	})
	declare("idle-after-use", "rejects a token that was used and then left idle for longer than its lifetime", "ARO-VAL-07", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		used := api.ExpectWorks(ctx, token, "a fresh token")
		api.UntilAfter(ctx, api.lifeFrom(used), "a used token")
		api.Unshared(token.Text)
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the probe with a token left idle for longer than its lifetime since its use")
		})
	})
	declare("stays-expired", "does not bring an expired token back by a call that is rejected", "ARO-VAL-08", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.UntilAfter(ctx, api.lifeFrom(token.Acquired), "an unused token")
		if check.Granted(api.Probe(ctx, token.Text)) {
			api.Inconclusive("an idle token was accepted, so no call was rejected")
		}
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the second probe with an expired token")
		})
	})
}
