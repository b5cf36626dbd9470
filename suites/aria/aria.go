// Package aria is the suite of VMware Aria Operations' (vRealize Operations') token API.
package aria

import (
	"context"
	"fmt"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/suites/check"
)

// Profile is the one profile of the system.
const Profile = "aria-operations-8"

// System is VMware Aria Operations, for the runner.
func System() check.System {
	return check.System{Name: "aria", Profiles: []string{Profile}, Target: vocabulary(), Checks: checks, Preflight: preflight, End: end}
}

// checks declares the checks, a subject a file.
func checks(profile string, declared check.Declared) ([]check.Definition, error) {
	s, err := check.NewSuite(profile, Bind, declared)
	if err != nil {
		return nil, err
	}
	s.Unused = func(ctx context.Context, api *API, item ledger.Item) {
		api.Tried(item.Value, "ARO-TOK-01", "the probe with a valid token", api.Probe(ctx, item.Value, as(evidence.Control)))
	}
	acquisition(s)
	authSources(s)
	failedAuthentication(s)
	malformedAcquisitions(s)
	tokenUse(s)
	schemes(s)
	validity(s)
	slidingValidity(s)
	release(s)
	errorAnswers(s)
	return s.Definitions()
}

// end releases a token. A token that the server does not honour any more needs no release.
func end(ctx context.Context, c *client.Client, item ledger.Item) error {
	answer, err := c.Do(ctx, client.Request{Operation: releaseToken, Base: item.Base, Credential: item.Key})
	if err != nil {
		return err
	}
	if check.Granted(answer) {
		return nil
	}
	after, err := c.Do(ctx, client.Request{Operation: probe, Base: item.Base, Credential: item.Key})
	if err != nil {
		return err
	}
	if !check.Refused(after) {
		return fmt.Errorf("releasing a %s: %s", item.Kind, check.Describe(answer))
	}
	return nil
}
