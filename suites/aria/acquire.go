package aria

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// acquisition declares the checks of the answer to a good acquisition.
func acquisition(s *check.Suite[*API]) {
	contract.Described(s, acquireToken, func(ctx context.Context, api *API) *client.Answer {
		return api.Acquire(ctx, api.Login(ctx))
	})

	s.Check("any-media-type", "answers a client in JSON that accepts any media type", func(ctx context.Context, api *API) {
		answer := api.Acquire(ctx, api.Login(ctx), accepting("*/*"))
		api.Expect(answer).To(check.Succeed())
		media, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
		api.Require(media == "application/json", "application/json for Accept: */*", orNoMedia(media))
	}, check.Proves("ARO-ACQ-18"))

	s.Check("xml", "records what a client gets that accepts application/xml alone", func(ctx context.Context, api *API) {
		// The contract knows of no such request: the answer is recorded and not judged.
		r := client.Request{Operation: acquireToken, JSON: api.Login(ctx).body(), Undescribed: true}
		answer := api.send(ctx, r, []Option{accepting("application/xml")})
		media, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
		api.Note("%s, %s", check.Describe(answer), orNoMedia(media))
	}, check.Proves("ARO-ACQ-19"))

	s.Check("other-media-type", "records what a body sent as text/plain gets", func(ctx context.Context, api *API) {
		body, err := json.Marshal(api.Login(ctx).body())
		if err != nil {
			api.Inconclusive("the check itself is at fault: %v", err)
		}
		answer := api.send(ctx, client.Request{
			Operation: acquireToken, Undescribed: true, Body: body, ContentType: "text/plain",
		}, nil)
		outcome := "no token"
		if _, ok := api.token(answer); ok {
			outcome = "a token"
		}
		api.Note("a body sent as text/plain: %s, %s", check.Describe(answer), outcome)
	}, check.Proves("ARO-ACQ-20"))

	methods := []string{http.MethodGet, http.MethodPut, http.MethodDelete}
	contract.Methods(s, acquireToken, "ARO-ACQ-14", "gives no token", methods, func(ctx context.Context, api *API, method string) {
		api.Against(api.LoggingIn(ctx), func() {
			answer := api.Acquire(ctx, api.Login(ctx), func(r *client.Request) { r.Method = method })
			_, given := api.token(answer)
			api.Require(!given, method+" on the path gives no token", "a token in the answer")
		})
	})
}

func orNoMedia(media string) string {
	if media == "" {
		return "no Content-Type"
	}
	return media
}

// authSources declares the checks of the optional name of an authentication source.
func authSources(s *check.Suite[*API]) {
	for _, way := range []struct {
		slug, title, requirement string
		login                    func(*API) Login
	}{
		{"named", "gives a token when authSource names the account's source", "ARO-ACQ-06", (*API).Named},
		{"not-named", "gives a token without authSource", "ARO-ACQ-07", (*API).Plain},
	} {
		s.Check(way.slug, way.title, func(ctx context.Context, api *API) {
			answer := api.Acquire(ctx, way.login(api))
			token, ok := api.token(answer)
			api.Require(ok, "a token in the answer", check.Describe(answer))
			api.ExpectWorks(ctx, token, "the token")
		}, check.Proves(way.requirement))
	}

	// The right password at a source that is none: a server may count that as a wrong one.
	const unknownSource = "unknown-auth-source"
	s.Check(unknownSource, "gives no token when authSource names no source", func(ctx context.Context, api *API) {
		login := api.Named()
		login.AuthSource = "conform-no-such-source"
		api.Against(api.LoggingIn(ctx), func() {
			answer := api.WrongPassword(ctx, login.Username, unknownSource, func() { api.LoggingIn(ctx) }, func() *client.Answer {
				return api.Acquire(ctx, login)
			})
			api.ExpectNoToken(answer, "an authSource that does not exist")
		})
	}, check.Proves("ARO-ACQ-15"), check.Spends(unknownSource))
}

// malformedAcquisitions declares the checks of requests without usable credentials.
func malformedAcquisitions(s *check.Suite[*API]) {
	// Without a usable password, what is left is the name of a real account: a server may count that as a wrong one.
	spends := map[string]string{"password": "malformed"}
	contract.Malformed(s, acquireToken, spends, func(ctx context.Context, api *API, m openapi.Malformed) {
		login := api.Login(ctx)
		send := func() *client.Answer { return api.sendMalformed(ctx, m, login) }
		api.Against(api.LoggingIn(ctx), func() {
			answer := send
			if m.Member == "password" {
				answer = func() *client.Answer {
					return api.WrongPassword(ctx, login.Username, "malformed-"+m.Name, func() { api.LoggingIn(ctx) }, send)
				}
			}
			api.ExpectNoToken(answer(), "a request with "+m.Title)
		})
	})
}
