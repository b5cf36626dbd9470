package aria

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// tokenUse declares the checks of requests with a token, with something like one, and without.
func tokenUse(s *check.Suite[*API]) {
	contract.Described(s, probe, func(ctx context.Context, api *API) *client.Answer {
		return api.Probe(ctx, api.Token(ctx).Text)
	})

	s.Check("no-token", "rejects a request without a token", func(ctx context.Context, api *API) {
		api.Against(api.Working(ctx, api.Token(ctx)), func() {
			api.ExpectRefused(api.Probe(ctx, ""), "the probe without Authorization")
		})
	}, check.Proves("ARO-TOK-02"))

	s.Check("scheme-alone", "rejects a request with the scheme and no token", func(ctx context.Context, api *API) {
		api.Against(api.Working(ctx, api.Token(ctx)), func() {
			api.ExpectRefused(api.ProbeWith(ctx, api.scheme()+" "), "the probe with a scheme and no token")
		})
	}, check.Proves("ARO-TOK-02"))

	s.Check("made-up", "rejects a made-up token", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Against(api.Working(ctx, token), func() {
			api.ExpectRefused(api.Probe(ctx, api.MadeUp(ctx, token.Text)), "the probe with a made-up token")
		})
	}, check.Proves("ARO-TOK-03"))

	for _, near := range []struct {
		slug, title string
		miss        func(string) (string, bool)
	}{
		{"one-changed", "rejects a token with one character changed", oneChanged},
		{"cut-short", "rejects a token cut short", func(t string) (string, bool) { return t[:len(t)*3/4], len(t) > 3 }},
		{"first-half", "rejects the first half of a token", firstHalf},
		{"longer", "rejects a token with more behind it", func(t string) (string, bool) { return t + "0", true }},
	} {
		s.Check(near.slug, near.title, func(ctx context.Context, api *API) {
			token := api.Token(ctx)
			miss, ok := near.miss(token.Text)
			if !ok {
				api.Skip("the server's tokens have no such near miss", "nothing: the promise is empty for this server")
			}
			api.Secret(ctx, "near-miss-token", miss)
			api.Against(api.Working(ctx, token), func() {
				api.ExpectRefused(api.Probe(ctx, miss), "the probe with a near miss of a real token")
			})
		}, check.Proves("ARO-TOK-04"))
	}

	s.Check("unauthorized", "answers a missing or made-up token 401", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Expect(api.Probe(ctx, "")).To(check.HaveStatus(http.StatusUnauthorized), "without a token")
		api.Expect(api.Probe(ctx, api.MadeUp(ctx, token.Text))).To(check.HaveStatus(http.StatusUnauthorized), "with a made-up one")
	}, check.Proves("ARO-TOK-05"))

	s.Check("earlier-live", "keeps earlier tokens of the account working when it acquires another", func(ctx context.Context, api *API) {
		first, second, third := api.Token(ctx), api.Token(ctx), api.Token(ctx)
		api.ExpectWorks(ctx, first, "the first of three tokens")
		api.ExpectWorks(ctx, second, "the second of three tokens")
		api.ExpectWorks(ctx, third, "the third of three tokens")
	}, check.Proves("ARO-TOK-08"))

	s.Check("another", "gives another token at every acquisition", func(ctx context.Context, api *API) {
		first, second := api.Token(ctx), api.Token(ctx)
		api.Require(second.Text != first.Text, "two acquisitions give two tokens", "the same one twice")
	}, check.Proves("ARO-TOK-09"))
}

// firstHalf is what stands before the two colons in the middle of a token, where it has such.
func firstHalf(token string) (string, bool) {
	half, _, ok := strings.Cut(token, "::")
	return half, ok
}

// oneChanged changes one character, three quarters into the token, for another of its kind: what is left looks like a
// token in every way. The last character would not do: in base64 it may hold bits that nobody reads.
func oneChanged(token string) (string, bool) {
	r := []rune(token)
	for i := len(r) * 3 / 4; i < len(r); i++ {
		switch c := r[i]; {
		case c >= '0' && c <= '9':
			r[i] = '0' + (c-'0'+1)%10
		case c >= 'a' && c <= 'f':
			r[i] = 'a' + (c-'a'+1)%6
		case c >= 'g' && c <= 'z':
			r[i] = 'g' + (c-'g'+1)%20
		case c >= 'A' && c <= 'Z':
			r[i] = 'A' + (c-'A'+1)%26
		default:
			continue
		}
		return string(r), true
	}
	return token, false
}
