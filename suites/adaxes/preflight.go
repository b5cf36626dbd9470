package adaxes

import (
	"context"
	"fmt"
	"net/http"

	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// preflight logs in, issues a token and probes with it. What it finds wrong with the way to the server, with the
// credentials or with the probe itself is said once; what the server does otherwise than promised is left to the
// checks.
func preflight(ctx context.Context, c *check.Case) *check.Problem {
	api := Bind(c)
	account := c.Target.Account
	login := api.CreateSession(ctx, account.Username, account.Password.Reveal(), as(evidence.Preflight))
	if problem := check.Reach(login); problem != nil {
		return problem
	}
	session, ok := api.session(login)
	if !ok {
		if login.Status == http.StatusUnauthorized || login.Status == http.StatusForbidden || login.Status == http.StatusBadRequest {
			return &check.Problem{
				Reason: fmt.Sprintf("the server refused the credentials of %s: %d %s", account.Username, login.Status, codeOf(readRefusal(login))),
				Remedy: "check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file), and that the account may use the REST API",
			}
		}
		return nil // it answers as the API does, but not as promised: the checks name that
	}
	issued := api.IssueToken(ctx, session.ID, as(evidence.Preflight))
	ticket, ok := api.ticket(issued)
	if !ok {
		return nil
	}
	good := api.Probe(ctx, ticket.Token, as(evidence.Preflight))
	if works(good) || good.Err != nil {
		return nil
	}
	// A probe that fails alike for a good token and for a made-up one says that the token does not work; one that
	// fails in another way is itself at fault.
	made := api.Probe(ctx, api.MadeUp(ctx, ticket.Token), as(evidence.Preflight))
	if made.Err != nil || made.Status == good.Status || good.Status >= 500 {
		return nil
	}
	return &check.Problem{
		Reason: fmt.Sprintf("the probe, %s, is answered %d with a valid token and %d with a made-up one", describeProbe(api), good.Status, made.Status),
		Remedy: "set probe.path in the target file to a read-only request that the account may make, such as /api/directoryObjects?directoryObject=<DN of an object that it can read>",
	}
}

func describeProbe(api *API) string {
	r := api.probeRequest("")
	if r.Path != "" {
		return r.Method + " " + r.Path
	}
	return "GET /api/directoryObjects?" + r.Query.Encode()
}

func codeOf(r refusal) string {
	if code := r.innerCode(); code != "" {
		return "(" + code + ")"
	}
	return ""
}
