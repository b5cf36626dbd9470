package bluecat

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// expiry declares the checks of what time does to a token. Each waits on its own; all of them begin with the run and
// wait side by side.
func expiry(s *check.Suite[*API]) {
	s.Check("works-until", "accepts a token until it expires", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilJustBefore(ctx, session.life, "a token")
		api.ExpectWorks(ctx, session, session.Credential(), "a token shortly before its apiTokenExpirationDateTime")
	}, check.Proves("BCT-EXP-01"), check.Waiting())

	// The token is not used before: whether use lengthens its life is left open.
	s.Check("rejected-after", "rejects an expired token", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilAfter(ctx, session.life, "a token")
		api.Against(api.WorkingNow(ctx), func() {
			api.ExpectOver(ctx, session.life, "the probe with an expired token is refused with a 4xx status", func() *client.Answer {
				return api.Probe(ctx, session.Credential())
			})
		})
	}, check.Proves("BCT-EXP-02"), check.Waiting())

	s.Check("used-shortly-before", "records whether use lengthens a token's life", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilJustBefore(ctx, session.life, "a token")
		if used := api.Probe(ctx, session.Credential()); !check.Granted(used) {
			api.Fresh(used, session.Credential())
			api.Inconclusive("the token had ended before its apiTokenExpirationDateTime, which another check judges")
		}
		api.UntilAfter(ctx, session.life, "a token")
		api.Note("a token that was used shortly before its apiTokenExpirationDateTime gets after it: %s",
			check.Describe(api.Probe(ctx, session.Credential())))
	}, check.Proves("BCT-EXP-03"), check.Waiting())
}
