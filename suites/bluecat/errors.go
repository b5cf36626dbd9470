package bluecat

import (
	"context"
	"fmt"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// errorAnswers declares the checks of refusals: one request of each kind, its form and its code. The form is in the
// contract too, which every other refusal of the run is held against.
func errorAnswers(s *check.Suite[*API]) {
	unauthorized := []string{"InvalidAuthorizationCredentials", "InvalidAuthorizationToken"}
	login := func(body string) func(context.Context, *API) *client.Answer {
		return func(ctx context.Context, api *API) *client.Answer {
			return api.Do(ctx, createSession, life.Body(body))
		}
	}
	for _, kind := range []struct {
		slug, words, requirement string
		codes                    []string
		send                     func(context.Context, *API) *client.Answer
	}{
		{"unknown-user", "a login as an unknown user", "BCT-ERR-04", []string{"InvalidUsernameOrPassword"},
			func(ctx context.Context, api *API) *client.Answer { return api.TryStranger(ctx) }},
		{"no-header", "the probe without Authorization", "BCT-ERR-05", unauthorized,
			func(ctx context.Context, api *API) *client.Answer { return api.Do(ctx, life.Probe) }},
		{"made-up", "the probe with a made-up token", "BCT-ERR-05", unauthorized,
			func(ctx context.Context, api *API) *client.Answer {
				made := api.MadeUp(api.Make(ctx, session).Value)
				return api.Do(ctx, life.Probe, life.Raw(life.Basic(api.Target.Account.Username, made)))
			}},
		{"empty-body", "a login with an empty body", "BCT-ERR-06", []string{"EmptyRequestBody"}, login("")},
		{"malformed-json", "a login with malformed JSON", "BCT-ERR-07", []string{"JsonParseError"}, login(`{"username":`)},
		{"no-fields", "a login without name and password", "BCT-ERR-08", []string{"MissingRequiredField"}, login(`{}`)},
	} {
		s.Check(kind.slug, "describes the error of "+kind.words, func(ctx context.Context, api *API) {
			answer := kind.send(ctx, api)
			if !check.Refused(answer) {
				api.Inconclusive("%s was not refused: %s", kind.words, check.Describe(answer))
			}
			api.ExpectDescribed(answer, "BCT-ERR-03")
			api.Require(fmt.Sprint(readRefusal(answer).Status) == fmt.Sprint(answer.Status),
				fmt.Sprintf("the member status is that of the answer, %d", answer.Status), fmt.Sprint(readRefusal(answer).Status))
		}, check.Proves("BCT-ERR-03"))

		s.Check(kind.slug, "gives the vendor's code to "+kind.words, func(ctx context.Context, api *API) {
			api.ExpectCode(kind.send(ctx, api), kind.words, kind.codes...)
		}, check.Proves(kind.requirement))
	}
	s.Check("wrong-password", "gives the vendor's code to a wrong password", func(ctx context.Context, api *API) {
		api.ExpectCode(api.TryWrongPassword(ctx), "a wrong password", "InvalidUsernameOrPassword")
	}, check.Proves("BCT-ERR-04"), check.Spends(life.WrongPassword))
}
