package adaxes

import (
	"context"
	"net/http"
	"net/url"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// destruction declares the checks of "Destroy security token" and "Destroy access token".
func destruction(s *check.Suite[*API]) {
	contract.Described(s, destroyToken, func(ctx context.Context, api *API) *client.Answer {
		ticket := api.FreshTicket(ctx)
		return api.DestroyToken(ctx, ticket.Token, ticket.Token)
	})

	s.Check("twice", "answers a second destruction 204", func(ctx context.Context, api *API) {
		ticket, other := api.FreshTicket(ctx), api.FreshTicket(ctx)
		api.Destroyed(ctx, ticket)
		api.Expect(api.DestroyToken(ctx, other.Token, ticket.Token)).To(check.HaveStatus(http.StatusNoContent))
	}, check.Proves("ADX-DST-02"))

	s.Check("unknown", "answers the destruction of a token that never was 204", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		answer := api.DestroyToken(ctx, ticket.Token, api.MadeUp(ticket.Token))
		api.Expect(answer).To(check.HaveStatus(http.StatusNoContent))
	}, check.Proves("ADX-DST-03"))

	s.Check("rejected", "rejects a destroyed token at once", func(ctx context.Context, api *API) {
		ticket, other := api.destroyedBesideAnother(ctx)
		api.Against(api.Working(ctx, other), func() {
			api.ExpectRefused(api.Probe(ctx, ticket.Token), "the probe with a destroyed token")
		})
	}, check.Proves("ADX-DST-04"))

	s.Check("rejected-anywhere", "rejects a token destroyed on one instance on the others", func(ctx context.Context, api *API) {
		ticket, home := api.onFirst(ctx)
		api.Destroyed(ctx, ticket, At(home))
		other, _ := api.onFirst(ctx)
		for _, base := range api.Target.Instances[1:] {
			api.Against(api.Working(ctx, other, At(base)), func() {
				api.ExpectRefused(api.Probe(ctx, ticket.Token, At(base)), "the probe with a token destroyed on another instance")
			})
		}
	}, check.Proves("ADX-DST-04"), check.Needs("instances"))

	s.Check("ticket-id-rejected", "rejects the ticket id of a destroyed token", func(ctx context.Context, api *API) {
		ticket, other := api.destroyedBesideAnother(ctx)
		api.Against(api.Working(ctx, other), func() {
			api.ExpectRefused(api.Probe(ctx, ticket.ID, Through(ticket.Service)), "the probe with the ticket id of a destroyed token")
		})
	}, check.Proves("ADX-DST-05"))

	s.Check("not-renewed", "does not renew a destroyed token", func(ctx context.Context, api *API) {
		ticket, other := api.destroyedBesideAnother(ctx)
		api.Against(check.Show(func() { api.Renewed(ctx, other) }), func() {
			api.ExpectNoToken(api.RenewToken(ctx, other.Token, ticket.Token), "the renewal of a destroyed token")
		})
	}, check.Proves("ADX-DST-06"))

	s.Check("session-lives", "lets the session issue further tokens", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		ticket := api.Ticket(ctx, session)
		api.Ticket(ctx, session) // it issues several tokens, or this says nothing
		api.Destroyed(ctx, ticket)
		api.ExpectIssues(ctx, session, "the session of a destroyed token")
	}, check.Proves("ADX-DST-07"))

	s.Check("siblings-live", "keeps other tokens of the session working", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		ticket, sibling := api.Ticket(ctx, session), api.Ticket(ctx, session)
		api.Destroyed(ctx, ticket)
		api.ExpectWorks(ctx, sibling.Token, "another token of the same session")
	}, check.Proves("ADX-DST-08"), check.Reaching())

	s.Check("renewed-lives", "keeps the renewed token working when the old one is destroyed", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		renewed := api.Renewed(ctx, old)
		api.Destroyed(ctx, old)
		api.ExpectWorks(ctx, renewed.Token, "the renewed token")
	}, check.Proves("ADX-DST-09"))

	s.Check("old-lives", "keeps the old token working when the renewed one is destroyed", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		api.Destroyed(ctx, api.Renewed(ctx, old))
		api.ExpectWorks(ctx, old.Token, "the old token")
	}, check.Proves("ADX-DST-09"))

	s.Check("named-in-query", "destroys the token in the query", func(ctx context.Context, api *API) {
		named, _ := api.destroyedThrough(ctx)
		api.Against(api.Working(ctx, api.FreshTicket(ctx)), func() {
			api.ExpectRefused(api.Probe(ctx, named.Token), "the probe with the token named in the query")
		})
	}, check.Proves("ADX-DST-10"))

	s.Check("not-the-header", "keeps the token in Adm-Authorization working", func(ctx context.Context, api *API) {
		_, header := api.destroyedThrough(ctx)
		api.ExpectWorks(ctx, header.Token, "the token in Adm-Authorization")
	}, check.Proves("ADX-DST-10"))

	s.Check("unknown-spares", "keeps the token in Adm-Authorization working when the one in the query never was", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.DestroyToken(ctx, ticket.Token, api.MadeUp(ticket.Token))
		api.ExpectWorks(ctx, ticket.Token, "the token by whose authority an unknown one was destroyed")
	}, check.Proves("ADX-DST-10"))

	s.Check("no-token", "records what a destruction without token gets", func(ctx context.Context, api *API) {
		answer := api.send(ctx, client.Request{Operation: destroyToken, Credential: api.FreshTicket(ctx).Token}, nil)
		api.Note("without token: %s", check.Describe(answer))
	}, check.Proves("ADX-DST-11"))

	s.Check("no-credential", "records what a destruction without a valid credential gets", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		without := api.DestroyToken(ctx, "", ticket.Token)
		madeUp := api.DestroyToken(ctx, api.MadeUp(ticket.Token), ticket.Token)
		api.Note("without Adm-Authorization: %s; with a made-up one: %s", check.Describe(without), check.Describe(madeUp))
	}, check.Proves("ADX-DST-12"))

	s.Check("unauthorized-spares", "leaves a token alive when the destruction has no valid credential", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.DestroyToken(ctx, "", ticket.Token)
		api.ExpectWorks(ctx, ticket.Token, "a token destroyed without Adm-Authorization")
		api.DestroyToken(ctx, api.MadeUp(ticket.Token), ticket.Token)
		api.ExpectWorks(ctx, ticket.Token, "a token destroyed with a made-up Adm-Authorization")
	}, check.Proves("ADX-DST-13"))

	s.Check("by-ticket-id", "records whether a destruction by ticket id ends the token", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		answer := api.DestroyToken(ctx, ticket.Token, ticket.ID, Through(ticket.Service))
		ended := "the token still works"
		if !check.Granted(api.Probe(ctx, ticket.Token)) {
			ended = "the token is ended"
		}
		api.Note("%s; %s", check.Describe(answer), ended)
	}, check.Proves("ADX-DST-14"))

	s.Check("session-by-id", "records what DELETE /api/auth?id=… gets", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		answer := api.send(ctx, client.Request{Operation: destroyToken, Query: url.Values{"id": {session.ID}}}, nil)
		ended := "the session is ended"
		if _, ok := api.ticket(api.IssueToken(ctx, session.ID)); ok {
			ended = "the session still issues tokens"
		}
		api.Note("%s; %s", check.Describe(answer), ended)
	}, check.Proves("ADX-DST-15"))

	s.Check("malformed", "does not answer a malformed destruction 5xx", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		without := api.send(ctx, client.Request{Operation: destroyToken, Credential: ticket.Token}, nil)
		api.Expect(without).To(check.NotBeServerError(), "without token")
		api.Expect(api.DestroyToken(ctx, "", ticket.Token)).To(check.NotBeServerError(), "without Adm-Authorization")
	}, check.Proves("ADX-DST-16"))
}

// destroyedBesideAnother arranges a token that was destroyed, and one that was issued after that: the destruction may have
// ended any before it.
func (a *API) destroyedBesideAnother(ctx context.Context) (destroyed, other Ticket) {
	destroyed = a.FreshTicket(ctx)
	a.Working(ctx, destroyed)
	a.Destroyed(ctx, destroyed)
	return destroyed, a.FreshTicket(ctx)
}

// destroyedThrough arranges that one token is destroyed by the authority of another.
func (a *API) destroyedThrough(ctx context.Context) (named, header Ticket) {
	named, header = a.FreshTicket(ctx), a.FreshTicket(ctx)
	answer := a.DestroyToken(ctx, header.Token, named.Token)
	if answer.Err != nil || answer.Status/100 != 2 {
		a.Inconclusive("destroying one token by the authority of another was answered %s", check.Describe(answer))
	}
	return named, header
}
