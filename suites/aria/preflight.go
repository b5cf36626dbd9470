package aria

import (
	"context"
	"fmt"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
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
	if !ok && c.Target.Account.AuthSource != "" {
		// The account may be one of a source that has to be named.
		if named := api.Acquire(ctx, api.Named(), as(evidence.Preflight)); named.Err == nil {
			token, ok = api.token(named)
		}
	}
	if !ok {
		return refusedCredentials(api, acquired)
	}
	good := api.Probe(ctx, token.Text, as(evidence.Preflight))
	if works(good) || good.Err != nil {
		return nil
	}
	if problem := otherScheme(ctx, api, token); problem != nil {
		return problem
	}
	// A probe that fails alike for a good token and for a made-up one says that the token does not work; one that
	// fails in another way is itself at fault.
	made := api.Probe(ctx, api.MadeUp(ctx, token.Text), as(evidence.Preflight))
	if made.Err != nil || made.Status == good.Status || good.Status >= 500 {
		return nil
	}
	r := api.probeRequest("")
	if r.Path == "" {
		r.Method, r.Path = good.Operation.Method(), good.Operation.Path()
	}
	return &check.Problem{
		Reason: fmt.Sprintf("the probe, %s %s, is answered %d with a valid token and %d with a made-up one", r.Method, r.Path, good.Status, made.Status),
		Remedy: "set probe.path in the target file to a read-only request that the account may make, such as /api/auth/currentuser",
	}
}

// otherScheme tries the word that other releases write before a token. A server that wants that one keeps its document;
// only the target says otherwise.
func otherScheme(ctx context.Context, api *API, token Token) *check.Problem {
	other := target.SchemeOpsToken
	if api.scheme() == other {
		other = target.SchemeVRealizeOpsToken
	}
	credential := other + " " + token.Text
	if !works(api.ProbeWith(ctx, credential, as(evidence.Preflight))) {
		return nil
	}
	// The clean-up would release it with the word that the server does not take.
	api.send(ctx, client.Request{Operation: releaseToken, Credential: credential}, []Option{as(evidence.Preflight)})
	return &check.Problem{
		Reason: fmt.Sprintf("the server takes tokens behind the word %s and not behind %s", other, api.scheme()),
		Remedy: "set authorizationScheme in the target file to " + other,
	}
}

// refusedCredentials says so where the server refused the account. A server that answers in another way answers as the
// API does, but not as promised: the checks name that.
func refusedCredentials(api *API, answer *client.Answer) *check.Problem {
	switch answer.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest:
		return &check.Problem{
			Reason: fmt.Sprintf("the server refused the credentials of %s: %s", api.Target.Account.Username, codes(answer)),
			Remedy: "check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file), and account.authSource for a user who is not one of the server's own",
		}
	}
	return nil
}
