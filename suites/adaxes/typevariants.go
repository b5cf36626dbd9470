package adaxes

import (
	"context"

	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// typeVariants declares the checks of the request member type, which 2023.2 asks for and later releases do not know.
func typeVariants(s *check.Suite[*API]) {
	with := func(value any) life.Option { return life.Member("type", value) }
	without := life.Member("type", life.Missing)
	accepted := func(ctx context.Context, api *API, option life.Option, what string) {
		made := api.ExpectAccepted(ctx, api.Operation(issueToken), api.Make(ctx, session), what, option)
		api.ExpectWorks(ctx, made, "the token from "+what)
	}
	zero := func(ctx context.Context, api *API) { accepted(ctx, api, with(0), "a request with type 0") }
	s.Check("zero", "accepts type 0", zero, check.Proves("ADX-TYP-01"))
	s.Check("zero", "accepts type 0 of an older client", zero, check.Proves("ADX-TYP-02"))

	s.Check("missing", "records what a request without type gets", func(ctx context.Context, api *API) {
		api.noteIssue(ctx, without, "without type")
	}, check.Proves("ADX-TYP-03"))
	s.Check("missing", "accepts a request without type", func(ctx context.Context, api *API) {
		accepted(ctx, api, without, "a request without type")
	}, check.Proves("ADX-TYP-04"))

	s.Check("zero-as-string", `records what type "0" gets`, func(ctx context.Context, api *API) {
		api.noteIssue(ctx, with("0"), `type "0"`)
	}, check.Proves("ADX-TYP-05"))

	for _, other := range []struct {
		slug  string
		value any
	}{{"one", 1}, {"null", nil}, {"true", true}} {
		s.Check(other.slug, "refuses type "+other.slug, func(ctx context.Context, api *API) {
			issue, s := api.Operation(issueToken), api.Make(ctx, session)
			api.Against(api.Working(ctx, issue, s), func() {
				api.ExpectNothing(ctx, api.Present(ctx, issueToken, s, with(other.value)), "type "+other.slug)
			})
		}, check.Proves("ADX-TYP-06"))
		s.Check(other.slug, "records what type "+other.slug+" gets", func(ctx context.Context, api *API) {
			api.noteIssue(ctx, with(other.value), "type "+other.slug)
		}, check.Proves("ADX-TYP-07"))
		s.Check(other.slug, "does not answer type "+other.slug+" 5xx", func(ctx context.Context, api *API) {
			api.Expect(api.Present(ctx, issueToken, api.Make(ctx, session), with(other.value))).To(check.NotBeServerError())
		}, check.Proves("ADX-TYP-08"))
	}
}

func (a *API) noteIssue(ctx context.Context, option life.Option, what string) {
	answer, outcome := a.Present(ctx, issueToken, a.Make(ctx, session), option), "no token"
	if _, ok := a.Read(answer); ok {
		outcome = "a token"
	}
	a.Note("%s: %s, %s", what, check.Describe(answer), outcome)
}
