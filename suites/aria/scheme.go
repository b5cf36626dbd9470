package aria

import (
	"context"
	"net/http"
	"strings"

	"example.org/conform/suites/check"
)

// noScheme is a word that no server takes for a scheme.
const noScheme = "ConformNoScheme"

// schemes declares the checks of the word before the token.
func schemes(s *check.Suite[*API]) {
	s.Check("unknown", "rejects a token behind an unknown scheme", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Against(api.Working(ctx, token), func() {
			api.ExpectRefused(api.ProbeWith(ctx, noScheme+" "+token.Text), "the probe with a good token behind an unknown scheme")
		})
	}, check.Proves("ARO-TOK-06"))

	s.Check("bare", "rejects a token without a scheme", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		api.Against(api.Working(ctx, token), func() {
			api.ExpectRefused(api.ProbeWith(ctx, token.Text), "the probe with a good token and no scheme")
		})
	}, check.Proves("ARO-TOK-06"))

	s.Check("challenge", "answers an unknown scheme 401 with WWW-Authenticate", func(ctx context.Context, api *API) {
		answer := api.ProbeWith(ctx, noScheme+" "+api.Token(ctx).Text)
		api.Expect(answer).To(check.HaveStatus(http.StatusUnauthorized), "for an unknown scheme")
		api.Require(answer.Header.Get("WWW-Authenticate") != "", "WWW-Authenticate in the answer to an unknown scheme", "no such header")
	}, check.Proves("ARO-TOK-07"))

	s.Check("spellings", "records which spellings of the scheme open the API", func(ctx context.Context, api *API) {
		token := api.Token(ctx)
		var seen []string
		for _, word := range []string{
			vRealizeOpsToken, opsToken,
			strings.ToLower(api.scheme()), strings.ToUpper(api.scheme()),
		} {
			outcome := "does not"
			if check.Granted(api.ProbeWith(ctx, word+" "+token.Text)) {
				outcome = "does"
			}
			seen = append(seen, word+" "+outcome)
		}
		api.Note("%s", strings.Join(seen, "; "))
	}, check.Proves("ARO-TOK-10"))
}
