package adaxes

import (
	"context"
	"net/url"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// errorAnswers declares the checks of refusals. What each requirement asks is in the contract, which every refusal of
// the run is held against; these checks see to it that there is at least one of each kind.
func errorAnswers(s *check.Suite[*API]) {
	kinds := []struct {
		slug, words string
		send        func(ctx context.Context, api *API) *client.Answer
	}{
		{"unknown-account", "a login to an unknown account", func(ctx context.Context, api *API) *client.Answer {
			return api.TryStranger(ctx)
		}},
		{"empty-object", "a login without name and password", func(ctx context.Context, api *API) *client.Answer {
			return api.Do(ctx, createSession, life.Body(`{}`))
		}},
		{"unknown-session", "a token issue with an unknown session", func(ctx context.Context, api *API) *client.Answer {
			return api.Present(ctx, issueToken, api.Make(ctx, session), life.Instead(api.MadeUp(api.Make(ctx, session).Value)))
		}},
		{"unauthorized-renewal", "a renewal without Adm-Authorization", func(ctx context.Context, api *API) *client.Answer {
			return api.Present(ctx, renewToken, api.Make(ctx, token), life.Raw(""))
		}},
	}
	if s.Contract.Login() == nil { // all that is left to refuse
		kinds = kinds[:1]
		kinds[0].slug, kinds[0].words = "no-credential", "a request without Adm-Authorization"
		kinds[0].send = func(ctx context.Context, api *API) *client.Answer {
			return api.Use(ctx, api.Make(ctx, token), life.Raw(""))
		}
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

	s.Check("lower-case-path", "records what the base path in lower case gets", func(ctx context.Context, api *API) {
		base, err := url.Parse(api.Target.URL)
		if err != nil {
			api.Inconclusive("reading the target's URL: %v", err)
		}
		if base.Path = strings.ToLower(base.Path); base.String() == api.Target.URL {
			api.Note("the target's own base path is in lower case")
			return
		}
		// Who tells letters apart has no such path, and may say so in a way of its own.
		answer := api.Use(ctx, api.Make(ctx, token), life.At(base.String()), life.Undescribed)
		api.Note("the probe below %s: %s", base.Path, check.Describe(answer))
	}, check.Proves("ADX-ERR-07"))
}
