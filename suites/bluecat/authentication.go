package bluecat

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/nearmiss"
)

// authentication declares the checks of credentials that authorize, as "Authorization header" has them.
func authentication(s *check.Suite[*API]) {
	s.Check("as-given", "accepts basicAuthenticationCredentials as it is", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		if session.Given == "" {
			api.Inconclusive("the answer has no basicAuthenticationCredentials to read")
		}
		api.ExpectWorks(ctx, session, "Basic "+session.Given, "basicAuthenticationCredentials")
	}, check.Proves("BCT-AUT-01"))

	s.Check("made-of-name-and-token", "accepts credentials that the client makes of name and token", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.ExpectWorks(ctx, session, session.Credential(), "base64 of name and token")
	}, check.Proves("BCT-AUT-02"))
	contract.Probed(s, probe, func(ctx context.Context, api *API) *client.Answer {
		return api.Probe(ctx, api.Session(ctx).Credential())
	})

	contract.Described(s, getCurrentSession, func(ctx context.Context, api *API) *client.Answer {
		return api.CurrentSession(ctx, api.Session(ctx).Credential())
	})
	s.Check("its-own", "gives as the current session the one whose credentials it carries", func(ctx context.Context, api *API) {
		first, second := api.Session(ctx), api.Session(ctx)
		for _, session := range []Session{first, second} {
			answer := api.CurrentSession(ctx, session.Credential())
			if !check.Granted(answer) {
				api.Fresh(answer, session.Credential())
				api.Fail("the current session", check.Describe(answer))
			}
			id := api.id(api.members(answer))
			api.Require(id == api.idOf(session), "the current session's id, "+session.ID, id)
		}
	}, check.Proves("BCT-AUT-09"))
}

// rejections declares the checks of credentials that do not authorize.
func rejections(s *check.Suite[*API]) {
	rejected := func(slug, title, requirement, what string, credential func(context.Context, *API, Session) string) {
		s.Check(slug, title, func(ctx context.Context, api *API) {
			session := api.Session(ctx)
			wrong := credential(ctx, api, session)
			api.Against(api.Working(ctx, session), func() { api.ExpectRejected(ctx, wrong, what) })
		}, check.Proves(requirement))
	}
	rejected("no-header", "rejects a request without Authorization", "BCT-AUT-03", "no Authorization",
		func(context.Context, *API, Session) string { return "" })
	rejected("made-up", "rejects a made-up token", "BCT-AUT-04", "a made-up token",
		func(ctx context.Context, api *API, s Session) string {
			return basic(s.Username, api.MadeUp(s.Token))
		})
	misses := []nearmiss.Miss{nearmiss.OneChanged, nearmiss.CutShort, nearmiss.OtherTokenCase, nearmiss.Longer}
	nearmiss.Tokens(s, "BCT-AUT-04", "rejects", "a token", misses, func(ctx context.Context, api *API, miss func(string) string) {
		session := api.Session(ctx)
		near := basic(session.Username, miss(session.Token))
		api.Against(api.Working(ctx, session), func() { api.ExpectRejected(ctx, near, "a near miss of a real token") })
	})
	rejected("empty", "rejects an empty token", "BCT-AUT-04", "an empty token",
		func(_ context.Context, _ *API, s Session) string { return basic(s.Username, "") })
	rejected("other-name", "rejects a token under another name", "BCT-AUT-05", "the right token under another name",
		func(_ context.Context, _ *API, s Session) string { return basic(check.Stranger(), s.Token) })
	rejected("no-name", "rejects a token without a name", "BCT-AUT-05", "the right token under no name",
		func(_ context.Context, _ *API, s Session) string { return basic("", s.Token) })
	rejected("password", "rejects the password in the place of the token", "BCT-AUT-06", "the password in the place of the token",
		func(_ context.Context, api *API, s Session) string {
			return basic(s.Username, api.Target.Account.Password.Reveal())
		})

	s.Check("bearer", "refuses the token as a Bearer token with 401", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.Against(api.Working(ctx, session), func() {
			answer := api.Probe(ctx, "Bearer "+session.Token)
			api.Expect(answer).To(check.HaveStatus(http.StatusUnauthorized), "the token as a Bearer token")
		})
	}, check.Proves("BCT-AUT-07"))

	s.Check("unauthorized", "answers missing or wrong credentials 401", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		for _, wrong := range []struct{ words, credential string }{
			{"without Authorization", ""},
			{"with a made-up token", basic(session.Username, api.MadeUp(session.Token))},
			{"under another name", basic(check.Stranger(), session.Token)},
		} {
			api.Expect(api.Probe(ctx, wrong.credential)).To(check.HaveStatus(http.StatusUnauthorized), wrong.words)
		}
	}, check.Proves("BCT-AUT-08"))

	for _, strange := range []struct {
		slug, words string
		value       func(Session) string
	}{
		{"no-credentials", "Basic without credentials", func(Session) string { return "Basic" }},
		{"no-base64", "Basic credentials that are no base64", func(Session) string { return "Basic %%%" }},
		{"no-colon", "Basic credentials without a colon", func(s Session) string { return "Basic " + encode64(s.Username) }},
		{"not-utf-8", "Basic credentials that are not UTF-8", func(Session) string { return "Basic " + encode64("\xff\xfe:\xff") }},
		{"far-too-long", "Basic credentials that are far too long", func(Session) string { return "Basic " + strings.Repeat("QUFB", 1024) }},
		{"other-scheme", "credentials of another scheme", func(Session) string { return "Negotiate YIIB" }},
	} {
		s.Check(strange.slug, "refuses "+strange.words, func(ctx context.Context, api *API) {
			session := api.Session(ctx)
			api.Against(api.Working(ctx, session), func() { api.ExpectRejected(ctx, "", strange.words, authorization(strange.value(session))) })
		}, check.Proves("BCT-ERR-01"))
	}
}
