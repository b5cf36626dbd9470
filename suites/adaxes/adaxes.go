// Package adaxes is the suite of the Adaxes REST API's authentication, in the two profiles that its documents define.
package adaxes

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/suites/check"
)

// The profiles of the system.
const (
	Profile2023 = "adaxes-2023.2"
	Profile2025 = "adaxes-2025.1"
)

// System is the Adaxes REST API, for the runner.
func System() check.System {
	return check.System{
		Name: "adaxes", Profiles: []string{Profile2023, Profile2025}, Target: vocabulary(), Checks: checks,
		Preflight: preflight, End: end,
	}
}

// checks declares the checks of a profile, a subject a file.
func checks(profile string, declared check.Declared) ([]check.Definition, error) {
	s, err := check.NewSuite(profile, Bind, declared)
	if err != nil {
		return nil, err
	}
	s.Unused = func(ctx context.Context, api *API, item ledger.Item) {
		if item.Kind == tokenItem {
			api.Tried(item.Key, "ADX-TOK-09", "the probe with a valid token", api.Probe(ctx, item.Key, as(evidence.Control), At(item.Base)))
		}
	}
	sessionCreation(s)
	accountStates(s)
	tokenIssue(s)
	typeVariants(s)
	renewal(s)
	renewedTickets(s)
	termination(s)
	destruction(s)
	noContent(s)
	expiry(s)
	instances(s)
	errorAnswers(s)
	return s.Definitions()
}

// end ends a session or a token. Both operations always answer 204; another answer leaves it open whether the item
// lives on, unless the probe does not take it any more.
func end(ctx context.Context, c *client.Client, item ledger.Item) error {
	r := client.Request{Operation: terminateSession, Base: item.Base, Query: url.Values{"id": {item.Value}}}
	if item.Kind == tokenItem {
		r = client.Request{Operation: destroyToken, Base: item.Base, Credential: item.Key, Query: url.Values{"token": {item.Value}}}
	}
	answer, err := c.Do(ctx, r)
	switch {
	case err != nil:
		return err
	case check.Granted(answer), answer.Status == http.StatusNotFound, answer.Status == http.StatusGone:
		return nil // whether that is a good answer is for a check to say; it is gone
	case item.Kind == tokenItem && check.Refused(answer):
		after, err := c.Do(ctx, client.Request{Operation: probe, Base: item.Base, Credential: item.Key})
		if err == nil && (after.Status == http.StatusUnauthorized || after.Status == http.StatusForbidden) {
			return nil
		}
	}
	return fmt.Errorf("ending a %s: %s", item.Kind, check.Describe(answer))
}
