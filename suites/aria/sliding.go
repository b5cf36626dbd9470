package aria

import (
	"context"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// idle is how long a token has been without a call, as far as the local clock can tell: the call was judged between its
// sending and its answer. What the server's clock says plays no part, for a lifetime is counted from the call.
type idle struct{ since, until time.Time }

// calledBy is the idleness that begins with a request.
func calledBy(answer *client.Answer) idle { return idle{answer.Sent, answer.Received} }

// before is the last moment at which a token of this lifetime surely lives, after the first at which it surely has ended.
func (i idle) before(lifetime time.Duration) time.Time {
	return i.since.Add(lifetime - check.ClockSlack)
}

func (i idle) after(lifetime time.Duration) time.Time {
	return i.until.Add(lifetime + check.ClockSlack)
}

// uses is how often a token is used, each time well within its lifetime, by the check that every use extends it.
const uses = 3

// slidingValidity declares the checks of what use and time do to a token. Each waits on its own; all of them begin with
// the run and wait side by side.
func slidingValidity(s *check.Suite[*API]) {
	declare := func(slug, title, requirement string, body func(ctx context.Context, api *API)) {
		s.Check(slug, title, body, check.Proves(requirement), check.Waits())
	}

	declare("lives-on", "lets a token live on for a full lifetime from a use", "ARO-VAL-04", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.WaitUntil(ctx, calledBy(token.Acquired).since.Add(api.lifetime()/2), "half of a token's lifetime")
		used := api.ExpectWorks(ctx, token, "a token within its lifetime")
		api.WaitUntil(ctx, calledBy(used).before(api.lifetime()), "a used token's extended lifetime to come close to its end")
		api.ExpectWorks(ctx, token, "a token that was used, shortly before a full lifetime from that use,")
	})
	declare("until-the-end", "accepts a token until its time is up, and extends it then too", "ARO-VAL-04", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		acquired := calledBy(token.Acquired)
		api.WaitUntil(ctx, acquired.before(api.lifetime()), "a token to come close to its end")
		api.ExpectWorks(ctx, token, "a token shortly before its time is up")
		api.WaitUntil(ctx, acquired.after(api.lifetime()), "the end that the token had at first")
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
		api.WaitUntil(ctx, calledBy(token.Acquired).after(api.lifetime()), "an unused token to expire")
		api.Unshared(token.Text) // others may have used it
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the probe with a token left unused for longer than its lifetime")
		})
	})
	declare("idle-after-use", "rejects a token that was used and then left idle for longer than its lifetime", "ARO-VAL-07", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		used := api.ExpectWorks(ctx, token, "a fresh token")
		api.WaitUntil(ctx, calledBy(used).after(api.lifetime()), "a used token to expire")
		api.Unshared(token.Text)
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the probe with a token left idle for longer than its lifetime since its use")
		})
	})
	declare("stays-expired", "does not bring an expired token back by a call that is rejected", "ARO-VAL-08", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.WaitUntil(ctx, calledBy(token.Acquired).after(api.lifetime()), "an unused token to expire")
		if check.Granted(api.Probe(ctx, token.Text)) {
			api.Inconclusive("an idle token was accepted, so no call was rejected")
		}
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectRefused(api.Probe(ctx, token.Text), "the second probe with an expired token")
		})
	})
}
