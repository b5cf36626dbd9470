package aria

import (
	"context"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// errorAnswers declares the checks of refusals in general.
func errorAnswers(s *check.Suite[*API]) {
	for _, operation := range []struct {
		slug, words string
		send        func(ctx context.Context, api *API, authorization string) *client.Answer
	}{
		{"strange-probe", "the probe", func(ctx context.Context, api *API, authorization string) *client.Answer {
			return api.ProbeWith(ctx, authorization)
		}},
		{"strange-release", "a release", func(ctx context.Context, api *API, authorization string) *client.Answer {
			return api.send(ctx, client.Request{Operation: releaseToken, Credential: authorization}, nil)
		}},
	} {
		s.Check(operation.slug, "does not answer "+operation.words+" with strange credentials 5xx", func(ctx context.Context, api *API) {
			scheme := api.scheme()
			for _, strange := range []string{
				"'", scheme + " ", scheme + " ::", scheme + " %00", scheme + "  " + strings.Repeat("A", 4096), "Basic Og==", ", ,",
			} {
				api.Expect(operation.send(ctx, api, strange)).To(check.NotBeServerError())
			}
		}, check.Proves("ARO-ERR-01"))
	}

	s.Check("bodies", "records what describes a refusal", func(ctx context.Context, api *API) {
		malformed := api.send(ctx, client.Request{Operation: acquireToken, Body: []byte(`{}`)}, nil)
		without := api.Probe(ctx, "")
		api.Note("an acquisition without credentials: %d, %s; the probe without a token: %d, %s",
			malformed.Status, describeBody(malformed), without.Status, describeBody(without))
	}, check.Proves("ARO-ERR-02"))
}
