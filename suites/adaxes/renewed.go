package adaxes

import (
	"context"

	"example.org/conform/suites/check"
)

// renewedTickets declares the checks of a ticket across renewals: a renewed ticket is a ticket like any other, and the old
// one stays what it was.
func renewedTickets(s *check.Suite[*API]) {
	s.Check("again", "renews a token that was renewed itself", func(ctx context.Context, api *API) {
		renewed := api.Renewed(ctx, api.FreshTicket(ctx))
		api.expectRenews(ctx, renewed, api.RenewToken(ctx, renewed.Token, renewed.Token), "a token that was renewed itself")
	}, check.Proves("ADX-REN-01"))

	s.Check("by-another", "renews the token in the query by the authority of another", func(ctx context.Context, api *API) {
		ticket, other := api.FreshTicket(ctx), api.FreshTicket(ctx)
		api.expectRenews(ctx, ticket, api.RenewToken(ctx, other.Token, ticket.Token), "a token renewed by the authority of another")
	}, check.Proves("ADX-REN-01"))

	s.Check("old-works-on", "keeps the old token working until its own expiry", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		api.Renewed(ctx, old)
		api.UntilJustBefore(ctx, old.life, "the old token")
		api.ExpectWorks(ctx, old.Token, "the old token shortly before its own expiresAtUtc")
	}, check.Proves("ADX-REN-07"), check.Needs("expiry.token"), check.Waiting())

	s.Check("renewed-ticket-id", "accepts the id of a renewed ticket in place of its token", func(ctx context.Context, api *API) {
		renewed := api.Renewed(ctx, api.FreshTicket(ctx))
		api.Working(ctx, renewed)
		api.ExpectWorks(ctx, renewed.ID, "the id of a renewed ticket", Through(renewed.Service))
	}, check.Proves("ADX-TOK-10"))

	s.Check("renewed-lives", "keeps a renewed token working when the session is terminated", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		renewed := api.Renewed(ctx, api.Ticket(ctx, session))
		api.Terminated(ctx, session)
		api.ExpectWorks(ctx, renewed.Token, "a renewed token whose session was terminated")
	}, check.Proves("ADX-END-05"))

	for _, of := range []struct {
		slug, words string
		destroyed   func(ctx context.Context, api *API) Ticket
	}{
		{"renewed-rejected", "a renewed token that was destroyed", func(ctx context.Context, api *API) Ticket {
			return api.Renewed(ctx, api.FreshTicket(ctx))
		}},
		{"old-rejected", "an old token that was destroyed after its renewal", func(ctx context.Context, api *API) Ticket {
			old := api.FreshTicket(ctx)
			api.Renewed(ctx, old)
			return old
		}},
		{"rejected-after-termination", "a token that was destroyed after its session was terminated", func(ctx context.Context, api *API) Ticket {
			session := api.Session(ctx)
			ticket := api.Ticket(ctx, session)
			api.Terminated(ctx, session)
			return ticket
		}},
	} {
		s.Check(of.slug, "rejects "+of.words, func(ctx context.Context, api *API) {
			ticket := of.destroyed(ctx, api)
			api.Working(ctx, ticket)
			api.Destroyed(ctx, ticket)
			api.Against(api.workingNow(ctx), func() {
				api.ExpectRefused(api.Probe(ctx, ticket.Token), "the probe with "+of.words)
			})
		}, check.Proves("ADX-DST-04"))
	}
}
