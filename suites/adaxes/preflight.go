package adaxes

import (
	"context"

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
		return c.Refused(login, codeOf(readRefusal(login)), "that the account may use the REST API")
	}
	issued := api.IssueToken(ctx, session.ID, as(evidence.Preflight))
	ticket, ok := api.ticket(issued)
	if !ok {
		return nil
	}
	good := api.Probe(ctx, ticket.Token, as(evidence.Preflight))
	if check.Granted(good) || good.Err != nil {
		return nil
	}
	made := api.Probe(ctx, api.MadeUp(ticket.Token), as(evidence.Preflight))
	return check.ProbeAtFault("the probe, "+describeProbe(api), good, made,
		"set probe.path in the target file to a read-only request that the account may make, such as /api/directoryObjects?directoryObject=<DN of an object that it can read>")
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
