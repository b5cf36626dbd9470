package adaxes

import (
	"context"
	"net/url"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// errorAnswers declares the checks of refusals. What each requirement asks is in the contract, which every refusal of
// the run is held against; these checks see to it that there is at least one of each kind.
func errorAnswers(s *check.Suite[*API]) {
	kinds := []struct {
		slug, words string
		send        func(ctx context.Context, api *API) *client.Answer
	}{
		{"unknown-account", "a login to an unknown account", func(ctx context.Context, api *API) *client.Answer {
			return api.TryUnknownAccount(ctx)
		}},
		{"empty-object", "a login without name and password", func(ctx context.Context, api *API) *client.Answer {
			return api.send(ctx, client.Request{Operation: createSession, Body: []byte(`{}`)}, nil)
		}},
		{"unknown-session", "a token issue with an unknown session", func(ctx context.Context, api *API) *client.Answer {
			return api.IssueToken(ctx, api.MadeUp(api.Session(ctx).ID))
		}},
		{"unauthorized-renewal", "a renewal without Adm-Authorization", func(ctx context.Context, api *API) *client.Answer {
			return api.RenewToken(ctx, "", api.FreshTicket(ctx).Token)
		}},
	}
	for _, requirement := range []struct{ id, words string }{
		{"ADX-ERR-01", "describes the error in the body"},
		{"ADX-ERR-03", "gives the error as an object with message and code"},
		{"ADX-ERR-04", "gives modelState with 400 alone"},
		{"ADX-ERR-05", "gives innerError with 403 alone, and a documented code"},
		{"ADX-ERR-06", "gives attemptsLeft with invalidCredentials alone"},
	} {
		for _, kind := range kinds {
			if requirement.id == "ADX-ERR-06" && kind.slug != "unknown-account" {
				continue // only a refused login has an innerError, in which attemptsLeft could be
			}
			s.Check(kind.slug, requirement.words+", for "+kind.words, func(ctx context.Context, api *API) {
				answer := kind.send(ctx, api)
				if !check.Refused(answer) {
					api.Inconclusive("%s was not refused: %s", kind.words, check.Describe(answer))
				}
				api.ExpectDescribed(answer, requirement.id)
			}, check.Proves(requirement.id))
		}
	}

	s.Check("strange-probe", "does not answer strange credentials 5xx", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		for _, strange := range []string{"'", "%00", "Bearer " + ticket.Token, strings.Repeat("A", 4096)} {
			api.Expect(api.Probe(ctx, strange)).To(check.NotBeServerError())
		}
	}, check.Proves("ADX-ERR-02"))

	s.Check("lower-case-path", "records what the base path in lower case gets", func(ctx context.Context, api *API) {
		base, err := url.Parse(api.Target.URL)
		if err != nil {
			api.Inconclusive("reading the target's URL: %v", err)
		}
		if base.Path = strings.ToLower(base.Path); base.String() == api.Target.URL {
			api.Note("the target's own base path is in lower case")
			return
		}
		ticket := api.FreshTicket(ctx)
		api.Note("the probe below %s: %s", base.Path, check.Describe(api.Probe(ctx, ticket.Token, At(base.String()))))
	}, check.Proves("ADX-ERR-07"))
}
