package adaxes

import (
	"context"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// expiry declares the checks of what time does to sessions and tokens. Each waits on its own; all of them begin with
// the run and wait side by side.
func expiry(s *check.Suite[*API]) {
	declare := func(slug, title, requirement string, body func(ctx context.Context, api *API)) {
		s.Check(slug, title, body, check.Proves(requirement), check.Waiting())
	}

	declare("issues-until", "lets a session issue tokens until it expires", "ADX-EXP-01", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilJustBefore(ctx, session.life, "a session")
		api.ExpectIssues(ctx, session, "a session shortly before its expiresAtUtc")
	})
	declare("issues-nothing-after", "lets an expired session issue no token", "ADX-EXP-02", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilJustBefore(ctx, session.life, "a session")
		api.Issuing(ctx, session) // use must not extend it
		api.UntilAfter(ctx, session.life, "a session")
		api.Against(api.IssuingNow(ctx), func() {
			api.ExpectOver(ctx, session.life, "an expired session gives no token", func() *client.Answer {
				answer := api.IssueToken(ctx, session.ID)
				if check.Refused(answer) {
					api.ExpectNoToken(answer, "an expired session")
				}
				return answer
			})
		})
	})
	declare("works-until", "accepts a token until it expires", "ADX-EXP-03", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.UntilJustBefore(ctx, ticket.life, "a token")
		api.ExpectWorks(ctx, ticket.Token, "a token shortly before its expiresAtUtc")
	})
	declare("rejected-after", "rejects an expired token", "ADX-EXP-04", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Working(ctx, ticket)
		api.UntilJustBefore(ctx, ticket.life, "a token")
		api.Probe(ctx, ticket.Token) // use must not extend it
		api.UntilAfter(ctx, ticket.life, "a token")
		api.Against(api.workingNow(ctx), func() {
			api.expectOver(ctx, ticket, ticket.Token, "the probe with an expired token")
		})
	})
	declare("ticket-id-rejected-after", "rejects the ticket id of an expired token", "ADX-EXP-05", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.UntilAfter(ctx, ticket.life, "a token")
		api.Against(api.workingNow(ctx), func() {
			api.expectOver(ctx, ticket, ticket.ID, "the probe with the ticket id of an expired token", Through(ticket.Service))
		})
	})
	declare("token-outlives-session", "keeps a token working when its session has expired", "ADX-EXP-06", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilJustBefore(ctx, session.life, "a session")
		ticket := api.Ticket(ctx, session)
		api.UntilAfter(ctx, session.life, "a session", ticket.life)
		api.ExpectWorks(ctx, ticket.Token, "a token whose session has expired")
	})
	declare("not-extended", "does not extend the old token by renewing it", "ADX-EXP-07", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		api.UntilJustBefore(ctx, old.life, "a token")
		api.Renewed(ctx, old)
		api.UntilAfter(ctx, old.life, "a token")
		api.Against(api.workingNow(ctx), func() {
			api.expectOver(ctx, old, old.Token, "the probe with an old token after its own expiresAtUtc")
		})
	})
	declare("not-renewed", "does not renew an expired token", "ADX-EXP-08", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.UntilAfter(ctx, ticket.life, "a token")
		other := api.FreshTicket(ctx)
		api.Against(check.Show(func() { api.Renewed(ctx, other) }), func() {
			api.ExpectNoToken(api.RenewToken(ctx, other.Token, ticket.Token), "the renewal of an expired token")
		})
	})
	declare("terminated-after", "answers the termination of an expired session 204", "ADX-EXP-09", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.UntilAfter(ctx, session.life, "a session")
		api.Expect(api.TerminateSession(ctx, session.ID)).To(check.HaveStatus(http.StatusNoContent))
	})
	declare("destroyed-after", "answers the destruction of an expired token 204", "ADX-EXP-10", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.UntilAfter(ctx, ticket.life, "a token")
		other := api.FreshTicket(ctx)
		api.Expect(api.DestroyToken(ctx, other.Token, ticket.Token)).To(check.HaveStatus(http.StatusNoContent))
	})
	declare("renewed-works-on", "accepts a renewed token beyond the old one's expiry", "ADX-EXP-11", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		api.UntilJustBefore(ctx, old.life, "a token")
		renewed := api.Renewed(ctx, old)
		api.UntilAfter(ctx, old.life, "a token", renewed.life)
		api.ExpectWorks(ctx, renewed.Token, "a renewed token after the old one's expiresAtUtc")
	})
}

// expectOver expects, between its controls, that the probe refuses a ticket's credential after its end.
func (a *API) expectOver(ctx context.Context, t Ticket, credential, what string, options ...Option) {
	a.ExpectOver(ctx, t.life, what+" is refused with a 4xx status", func() *client.Answer {
		return a.Probe(ctx, credential, options...)
	})
}

// workingNow is the control of an expiry: a token made now works now.
func (a *API) workingNow(ctx context.Context) check.Control {
	return check.Show(func() { a.Working(ctx, a.FreshTicket(ctx)) })
}
