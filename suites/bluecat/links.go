package bluecat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// links declares the check that what an answer names is where its link leads. By the example a link ends in the id of what it names. One
// that does not may lead there all the same: it is followed.
func links(s *check.Suite[*API]) {
	s.Check("to-what-they-name", "links to what its answer names: the session, the user and the authenticator", func(ctx context.Context, api *API) {
		made := api.Make(ctx, session)
		body := api.members(made.Given)
		for _, one := range []struct {
			words string
			of    map[string]any
		}{{"the session", body}, {"the user", member(body, "user")}, {"the authenticator", member(body, "authenticator")}} {
			id, numbered := one.of["id"].(json.Number)
			address := link(one.of, "self")
			if !numbered || address == "" {
				continue // which has checks of its own
			}
			found, read := api.follow(ctx, made, address)
			named := path.Base(strings.TrimRight(address, "/")) == id.String()
			api.Require(named || read, fmt.Sprintf("a link of %s that ends in its id %s, or leads to it", one.words, id), address)
			api.Require(!read || found == id.String(), fmt.Sprintf("%s %s behind its link %s", one.words, id, address), "the id "+check.OrMissing(found))
		}
	}, check.Proves("BCT-LNK-01"))
}

func member(body map[string]any, name string) map[string]any {
	object, _ := body[name].(map[string]any)
	return object
}

// follow reads what an address of the API leads to, and says by which id; not where the server does not show it. A prefix that a proxy
// has put before the API is left out, and what lies on another host is not asked for.
func (a *API) follow(ctx context.Context, c *life.Credential, address string) (id string, read bool) {
	u, err := url.Parse(address)
	own, broken := url.Parse(a.Target.URL)
	if err != nil || broken != nil || u.Host != "" && u.Host != own.Host {
		return "", false
	}
	_, below, found := strings.Cut(u.EscapedPath(), "/api/v2/")
	if !found {
		return "", false
	}
	answer := a.Present(ctx, life.Probe, c, life.With(func(r *client.Request) { r.Path, r.Undescribed = "/api/v2/"+below, true }))
	var body struct{ ID json.Number }
	if !check.Granted(answer) || json.Unmarshal(answer.Body, &body) != nil {
		return "", false
	}
	return body.ID.String(), body.ID != ""
}
