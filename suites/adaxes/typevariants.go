package adaxes

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// typeVariants declares the checks of the request member type, which 2023.2 asks for and later releases do not know.
func typeVariants(s *check.Suite[*API]) {
	with := func(ctx context.Context, api *API, session Session, value any) *client.Answer {
		return api.IssueTokenWith(ctx, map[string]any{"sessionId": session.ID, "type": value})
	}
	accepted := func(ctx context.Context, api *API, session Session, answer *client.Answer, what string) {
		ticket, ok := api.ticket(answer)
		if !ok {
			api.Fresh(answer, session.ID)
			api.Fail(what+" is accepted", check.Describe(answer))
		}
		api.ExpectWorks(ctx, ticket.Token, "the token of "+what)
	}
	zero := func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		accepted(ctx, api, session, with(ctx, api, session, 0), "a request with type 0")
	}
	s.Check("zero", "accepts type 0", zero, check.Proves("ADX-TYP-01"))
	s.Check("zero", "accepts type 0 of an older client", zero, check.Proves("ADX-TYP-02"))

	without := func(ctx context.Context, api *API, session Session) *client.Answer {
		return api.IssueTokenWith(ctx, map[string]any{"sessionId": session.ID})
	}
	s.Check("missing", "records what a request without type gets", func(ctx context.Context, api *API) {
		api.noteIssue(without(ctx, api, api.Session(ctx)), "without type")
	}, check.Proves("ADX-TYP-03"))
	s.Check("missing", "accepts a request without type", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		accepted(ctx, api, session, without(ctx, api, session), "a request without type")
	}, check.Proves("ADX-TYP-04"))

	s.Check("zero-as-string", `records what type "0" gets`, func(ctx context.Context, api *API) {
		api.noteIssue(with(ctx, api, api.Session(ctx), "0"), `type "0"`)
	}, check.Proves("ADX-TYP-05"))

	for _, other := range []struct {
		slug  string
		value any
	}{{"one", 1}, {"null", nil}, {"true", true}} {
		s.Check(other.slug, "refuses type "+other.slug, func(ctx context.Context, api *API) {
			session := api.Session(ctx)
			api.Against(api.Issuing(ctx, session), func() {
				api.ExpectNoToken(with(ctx, api, session, other.value), "type "+other.slug)
			})
		}, check.Proves("ADX-TYP-06"))
		s.Check(other.slug, "records what type "+other.slug+" gets", func(ctx context.Context, api *API) {
			api.noteIssue(with(ctx, api, api.Session(ctx), other.value), "type "+other.slug)
		}, check.Proves("ADX-TYP-07"))
		s.Check(other.slug, "does not answer type "+other.slug+" 5xx", func(ctx context.Context, api *API) {
			api.Expect(with(ctx, api, api.Session(ctx), other.value)).To(check.NotBeServerError())
		}, check.Proves("ADX-TYP-08"))
	}
}

func (a *API) noteIssue(answer *client.Answer, what string) {
	outcome := "no token"
	if _, ok := a.ticket(answer); ok {
		outcome = "a token"
	}
	a.Note("%s: %s, %s", what, check.Describe(answer), outcome)
}
