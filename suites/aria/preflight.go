package aria

import (
	"context"
	"fmt"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// preflight acquires a token and probes with it. What it finds wrong with the way to the server, with the credentials or
// with the probe itself is said once; what the server does otherwise than promised is left to the checks.
func preflight(ctx context.Context, c *check.Case) *check.Problem {
	api := Bind(c)
	acquired := api.Acquire(ctx, api.Plain(), as(evidence.Preflight))
	// A 401 is the API's own answer, whatever page a server in use sends with it.
	if problem := check.Reach(acquired); problem != nil && (acquired.Err != nil || acquired.Status != http.StatusUnauthorized) {
		return problem
	}
	token, ok := api.token(acquired)
	if !ok && c.Target.Says(authSourceKey) {
		// The account may be one of a source that has to be named.
		if named := api.Acquire(ctx, api.Named(), as(evidence.Preflight)); named.Err == nil {
			token, ok = api.token(named)
		}
	}
	if !ok {
		return c.Refused(acquired, "("+errorCode(acquired)+")", "account.authSource for a user who is not one of the server's own")
	}
	good := api.Probe(ctx, token.Text, as(evidence.Preflight))
	if check.Granted(good) || good.Err != nil {
		return nil
	}
	if problem := otherScheme(ctx, api, token); problem != nil {
		return problem
	}
	made := api.Probe(ctx, api.MadeUp(token.Text), as(evidence.Preflight))
	r := api.probeRequest("")
	if r.Path == "" {
		r.Method, r.Path = good.Operation.Method(), good.Operation.Path()
	}
	return check.ProbeAtFault("the probe, "+r.Method+" "+r.Path, good, made,
		"set probe.path in the target file to a read-only request that the account may make, such as /api/auth/currentuser")
}

// otherScheme tries the word that other releases write before a token. A server that wants that one keeps its document;
// only the target says otherwise.
func otherScheme(ctx context.Context, api *API, token Token) *check.Problem {
	other := opsToken
	if api.scheme() == other {
		other = vRealizeOpsToken
	}
	credential := other + " " + token.Text
	if !check.Granted(api.ProbeWith(ctx, credential, as(evidence.Preflight))) || check.Granted(api.Probe(ctx, token.Text, as(evidence.Preflight))) {
		return nil // or the first probe has failed for a reason of its own, which is for the checks to name
	}
	// The clean-up would release it with the word that the server does not take.
	api.send(ctx, client.Request{Operation: releaseToken, Credential: credential}, []Option{as(evidence.Preflight)})
	return &check.Problem{
		Reason: fmt.Sprintf("the server takes tokens behind the word %s and not behind %s", other, api.scheme()),
		Remedy: "set authorizationScheme in the target file to " + other,
	}
}
