package adaxes

import (
	"context"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/nearmiss"
)

// tokenIssue declares the checks of "Obtain security token" and "Obtain access token".
func tokenIssue(s *check.Suite[*API]) {
	contract.Described(s, issueToken, func(ctx context.Context, api *API) *client.Answer {
		return api.IssueToken(ctx, api.Session(ctx).ID)
	})
	contract.Probed(s, probe, func(ctx context.Context, api *API) *client.Answer {
		return api.Probe(ctx, api.FreshTicket(ctx).Token)
	})

	s.Check("expires-later", "gives an expiry later than the moment of the response", func(ctx context.Context, api *API) {
		api.expectExpiresLater(api.IssueToken(ctx, api.Session(ctx).ID))
	}, check.Proves("ADX-TOK-06"))

	s.Check("utc", "states the expiry in UTC", func(ctx context.Context, api *API) {
		api.expectUTC(api.IssueToken(ctx, api.Session(ctx).ID))
	}, check.Proves("ADX-TOK-07"))

	s.Check("ticket-id", "accepts the ticket's id in place of the token", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Working(ctx, ticket)
		api.ExpectWorks(ctx, ticket.ID, "the ticket's id", Through(ticket.Service))
	}, check.Proves("ADX-TOK-10"))

	s.Check("no-credential", "rejects a request without a credential", func(ctx context.Context, api *API) {
		api.Against(api.Working(ctx, api.FreshTicket(ctx)), func() {
			api.ExpectRefused(api.Probe(ctx, ""), "the probe without Adm-Authorization")
		})
	}, check.Proves("ADX-TOK-11"))

	s.Check("made-up", "rejects a made-up token", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Against(api.Working(ctx, ticket), func() {
			api.ExpectRefused(api.Probe(ctx, api.MadeUp(ticket.Token)), "the probe with a made-up token")
		})
	}, check.Proves("ADX-TOK-12"))

	s.Check("session-id", "rejects a session's identifier in place of a token", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.Against(api.Working(ctx, api.Ticket(ctx, session)), func() {
			api.ExpectRefused(api.Probe(ctx, session.ID), "the probe with a session's identifier")
		})
	}, check.Proves("ADX-TOK-12"))

	misses := []nearmiss.Miss{nearmiss.OneChanged, nearmiss.CutShort, nearmiss.OtherTokenCase}
	nearmiss.Tokens(s, "ADX-TOK-13", "rejects", "a token", misses, func(ctx context.Context, api *API, miss func(string) string) {
		ticket := api.FreshTicket(ctx)
		near := miss(ticket.Token)
		api.Against(api.Working(ctx, ticket), func() {
			api.ExpectRefused(api.Probe(ctx, near), "the probe with a near miss of a real token")
		})
	})

	s.Check("unauthorized", "answers a missing or made-up credential 401", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Expect(api.Probe(ctx, "")).To(check.HaveStatus(http.StatusUnauthorized), "without a credential")
		api.Expect(api.Probe(ctx, api.MadeUp(ticket.Token))).To(check.HaveStatus(http.StatusUnauthorized), "with a made-up one")
	}, check.Proves("ADX-TOK-14"))

	s.Check("unknown-session", "gives no token for an unknown sessionId", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.Against(api.IssuingNow(ctx), func() {
			api.ExpectNoToken(api.IssueToken(ctx, api.MadeUp(session.ID)), "an unknown sessionId")
		})
	}, check.Proves("ADX-TOK-15"))

	// Nothing says that the letter case of a session's identifier matters.
	nearmiss.Tokens(s, "ADX-TOK-15", "gives no token for", "a sessionId", []nearmiss.Miss{nearmiss.OneChanged, nearmiss.CutShort}, func(ctx context.Context, api *API, miss func(string) string) {
		session := api.Session(ctx)
		near := miss(session.ID)
		api.Against(api.IssuingNow(ctx), func() {
			api.ExpectNoToken(api.IssueToken(ctx, near), "a near miss of a real sessionId")
		})
	})

	s.Check("token-as-session", "gives no token for a token in place of the sessionId", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Against(api.Working(ctx, ticket), func() {
			api.ExpectNoToken(api.IssueToken(ctx, ticket.Token), "a token in place of the sessionId")
		})
	}, check.Proves("ADX-TOK-15"))

	s.Check("same-for-the-account", "gives the same sid with every token of an account", func(ctx context.Context, api *API) {
		first, second := api.FreshTicket(ctx), api.FreshTicket(ctx)
		api.Require(first.SID == second.SID, "the sid of the account's other token, "+check.OrMissing(first.SID), check.OrMissing(second.SID))
	}, check.Proves("ADX-TOK-05"))

	contract.Malformed(s, issueToken, nil, func(ctx context.Context, api *API, m openapi.Malformed) {
		session := api.Session(ctx)
		api.Against(api.IssuingNow(ctx), func() {
			answer := api.sendMalformed(ctx, issueToken, m, api.issueBody(session.ID))
			api.ExpectNoToken(answer, "a request with "+m.Title)
		})
	})

	s.Check("several", "issues several tokens for one session, each different and each working", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		first := api.Ticket(ctx, session)
		second := api.ExpectIssues(ctx, session, "a session that has issued a token before")
		api.Require(second.Token != first.Token, "two issues give two tokens", "the same one twice")
		api.ExpectWorks(ctx, first.Token, "the first token")
		api.ExpectWorks(ctx, second.Token, "the second token")
	}, check.Proves("ADX-TOK-16"))
}
