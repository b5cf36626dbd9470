package bluecat

import (
	"context"

	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// preflight logs in and probes with the token. What it finds wrong with the way to the server, with the credentials or
// with the probe itself is said once; what the server does otherwise than promised is left to the checks.
func preflight(ctx context.Context, c *check.Case) *check.Problem {
	api := Bind(c)
	login := api.LogIn(ctx, as(evidence.Preflight))
	if problem := check.Reach(login); problem != nil {
		return problem
	}
	session, ok := api.session(login)
	if !ok {
		return c.Refused(login, codeOf(readRefusal(login)), "that the user may use the API")
	}
	good := api.Probe(ctx, session.Credential(), as(evidence.Preflight))
	if check.Granted(good) || good.Err != nil {
		return nil
	}
	made := api.Probe(ctx, basic(session.Username, api.MadeUp(session.Token)), as(evidence.Preflight))
	return check.ProbeAtFault("the probe, "+describeProbe(api), good, made,
		"set probe.path in the target file to a read-only request that the user may make, such as /api/v2/configurations or another collection")
}

func describeProbe(api *API) string {
	if r := api.probeRequest(""); r.Path != "" {
		return r.Method + " " + r.Path
	}
	return "GET /api/v2/configurations"
}

func codeOf(r refusal) string {
	if r.Code == "" {
		return ""
	}
	return "(" + r.Code + ")"
}
