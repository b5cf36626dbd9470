// Package bluecat is the suite of BlueCat Address Manager's RESTful v2 API: sessions and Basic authentication.
package bluecat

import (
	"context"
	"fmt"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/suites/check"
)

// Profile95 is the profile of the system.
const Profile95 = "bluecat-9.5"

// System is BlueCat Address Manager, for the runner.
func System() check.System {
	return check.System{Name: "bluecat", Profiles: []string{Profile95}, Checks: checks, Preflight: preflight, End: end}
}

// checks declares the checks of the profile, a subject a file.
func checks(profile string, declared check.Declared) ([]check.Definition, error) {
	s, err := check.NewSuite(profile, Bind, declared)
	if err != nil {
		return nil, err
	}
	s.Unused = func(ctx context.Context, api *API, item ledger.Item) {
		api.Tried(item.Key, "BCT-AUT-02", "the probe with a valid token", api.Probe(ctx, item.Key, as(evidence.Control)))
	}
	sessionCreation(s)
	representations(s)
	wrongPasswords(s)
	malformedCreations(s)
	authentication(s)
	rejections(s)
	logout(s)
	expiry(s)
	errorAnswers(s)
	return s.Definitions()
}

// end logs a session out with its own credentials: by its id, or as the current one where that is not to be had.
// Credentials that are rejected are those of a session that has ended already.
func end(ctx context.Context, c *client.Client, item ledger.Item) error {
	requests := []client.Request{{Operation: patchCurrentSession}}
	if item.Value != noID {
		requests = append([]client.Request{{Operation: patchSession, PathValues: pathOf(item.Value)}}, requests...)
	}
	var last *client.Answer
	for _, r := range requests {
		r.Base, r.Credential, r.JSON = item.Base, item.Key, loggedOut()
		answer, err := c.Do(ctx, r)
		if err != nil {
			return err
		}
		if answer.Err == nil && (answer.Status/100 == 2 || answer.Status == http.StatusUnauthorized || answer.Status == http.StatusGone) {
			return nil
		}
		last = answer
	}
	return fmt.Errorf("logging out of a session: %s", check.Describe(last))
}
