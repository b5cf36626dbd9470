// Package door is a fifth system as a test of the house: what its contract says of its tokens' lives is tried without a line of Go.
package door

import (
	"context"
	"embed"
	"net/http"

	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

//go:embed *.yaml
var documents embed.FS

// API is the door as one check uses it.
type API struct{ *life.API }

// System is the door, for the runner.
func System() check.System {
	return life.SystemOf(
		func(profile string) (check.Documents, error) { return check.DocumentsIn(documents, "door", profile) },
		[]string{"door-1"}, target.Vocabulary{}, func(c *check.Case) *API { return &API{life.New(c, life.Dialect{Example: "/rooms/hall"})} }, checks)
}

// checks declares what the contract says, and the check of what only this document does: who may read the cookie.
func checks(s *check.Suite[*API]) {
	life.Declare(s)
	s.Check("http-only", "keeps the cookie from scripts", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Account)
		for _, c := range (&http.Response{Header: answer.Header}).Cookies() {
			api.Require(c.Name != "door" || c.HttpOnly, "HttpOnly in the cookie door", "none")
		}
	}, check.Proves("DOR-LOG-08"))
}
