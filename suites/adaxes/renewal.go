package adaxes

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// renewal declares the checks of "Renew security token" and "Renew access token".
func renewal(s *check.Suite[*API]) {
	contract.Described(s, renewToken, func(ctx context.Context, api *API) *client.Answer {
		ticket := api.FreshTicket(ctx)
		return api.RenewToken(ctx, ticket.Token, ticket.Token)
	})

	s.Check("new", "gives a new token", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		renewed := api.Renewed(ctx, old)
		api.Require(renewed.Token != old.Token, "another token than the old one", "the old token")
	}, check.Proves("ADX-REN-02"))

	s.Check("works", "gives a token that works", func(ctx context.Context, api *API) {
		api.ExpectWorks(ctx, api.Renewed(ctx, api.FreshTicket(ctx)).Token, "the renewed token")
	}, check.Proves("ADX-REN-03"))

	s.Check("expires-later", "gives a token that expires later than the old one", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		if old.life.Whole() { // what is renewed within the same second could not be told apart
			api.WaitUntil(ctx, time.Now().Add(check.ClockSlack+100*time.Millisecond), "the next second, to compare two expiries")
		}
		renewed := api.Renewed(ctx, old)
		if !old.life.Known() || !renewed.life.Known() {
			api.Inconclusive("expiresAtUtc cannot be read, before or after the renewal")
		}
		if !renewed.life.Ends.After(old.life.Ends) {
			api.SameClock(old.life, renewed.life)
			api.Fail("an expiry later than the old token's, "+stamp(old.life.Ends), stamp(renewed.life.Ends))
		}
	}, check.Proves("ADX-REN-04"), check.Waiting())

	s.Check("same-subject", "keeps sid and applications", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		renewed := api.Renewed(ctx, old)
		api.Require(renewed.SID == old.SID, "the sid of the old ticket, "+old.SID, renewed.SID)
		api.Require(slices.Equal(renewed.Applications, old.Applications),
			fmt.Sprintf("the applications of the old ticket, %q", old.Applications), fmt.Sprintf("%q", renewed.Applications))
	}, check.Proves("ADX-REN-05"))

	s.Check("ticket-id", "records whether the ticket id changes", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		if renewed := api.Renewed(ctx, old); renewed.ID == old.ID {
			api.Note("the renewal keeps the ticket id")
		} else {
			api.Note("the renewal gives another ticket id")
		}
	}, check.Proves("ADX-REN-06"))

	s.Check("old-works", "keeps the old token working", func(ctx context.Context, api *API) {
		old := api.FreshTicket(ctx)
		api.Renewed(ctx, old)
		api.ExpectWorks(ctx, old.Token, "the old token after its renewal")
	}, check.Proves("ADX-REN-07"))

	s.Check("no-session", "renews a token whose session has ended", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		ticket := api.Ticket(ctx, session)
		api.Terminated(ctx, session)
		api.expectRenews(ctx, ticket, api.RenewToken(ctx, ticket.Token, ticket.Token), "a token whose session has ended")
	}, check.Proves("ADX-REN-08"))

	s.Check("percent-encoded", "decodes a token parameter that is percent-encoded throughout", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		answer := api.send(ctx, client.Request{
			Operation: renewToken, Credential: ticket.Token, RawQuery: "token=" + encodeAll(ticket.Token),
			Query: url.Values{"token": {ticket.Token}},
		}, nil)
		api.expectRenews(ctx, ticket, answer, "a percent-encoded token")
	}, check.Proves("ADX-REN-09"))

	for _, bad := range []struct {
		slug, requirement, words string
		send                     func(ctx context.Context, api *API, t Ticket) *client.Answer
	}{
		{"no-credential", "ADX-REN-10", "a renewal without Adm-Authorization", func(ctx context.Context, api *API, t Ticket) *client.Answer {
			return api.RenewToken(ctx, "", t.Token)
		}},
		{"made-up-credential", "ADX-REN-11", "a renewal with a made-up Adm-Authorization", func(ctx context.Context, api *API, t Ticket) *client.Answer {
			return api.RenewToken(ctx, api.MadeUp(t.Token), t.Token)
		}},
		{"destroyed-credential", "ADX-REN-11", "a renewal by the authority of a destroyed token", func(ctx context.Context, api *API, t Ticket) *client.Answer {
			destroyed := api.FreshTicket(ctx)
			api.Destroyed(ctx, destroyed)
			return api.RenewToken(ctx, destroyed.Token, t.Token)
		}},
		{"no-token", "ADX-REN-12", "a renewal without the token parameter", func(ctx context.Context, api *API, t Ticket) *client.Answer {
			return api.send(ctx, client.Request{Operation: renewToken, Credential: t.Token}, nil)
		}},
		{"unknown-token", "ADX-REN-13", "the renewal of an unknown token", func(ctx context.Context, api *API, t Ticket) *client.Answer {
			return api.RenewToken(ctx, t.Token, api.MadeUp(t.Token))
		}},
	} {
		s.Check(bad.slug, "refuses "+bad.words, func(ctx context.Context, api *API) {
			ticket := api.FreshTicket(ctx)
			api.Against(check.Show(func() { api.Renewed(ctx, ticket) }), func() {
				api.ExpectNoToken(bad.send(ctx, api, ticket), bad.words)
			})
		}, check.Proves(bad.requirement))
	}

	s.Check("by-ticket-id", "accepts the ticket's id as header and as token", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		answer := api.RenewToken(ctx, ticket.ID, ticket.ID, Through(ticket.Service))
		api.expectRenews(ctx, ticket, answer, "a renewal by ticket id")
	}, check.Proves("ADX-REN-14"))

	s.Check("empty-token", "does not answer an empty token 5xx", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Expect(api.RenewToken(ctx, ticket.Token, "")).To(check.NotBeServerError())
		api.Expect(api.RenewToken(ctx, "", "")).To(check.NotBeServerError())
	}, check.Proves("ADX-REN-15"))
}

// expectRenews expects that an answer to a renewal carries a token that works.
func (a *API) expectRenews(ctx context.Context, old Ticket, answer *client.Answer, what string) {
	renewed, ok := a.ticket(answer)
	if !ok {
		a.Fresh(answer, old.Token)
		a.Fail(what+" is renewed", check.Describe(answer))
	}
	a.ExpectWorks(ctx, renewed.Token, "the token from "+what)
}
