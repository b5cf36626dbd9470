package aria

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// The words before a token: releases before VCF Operations 9 write the first, and newer ones the second.
const (
	vRealizeOpsToken = "vRealizeOpsToken"
	opsToken         = "OpsToken"
)

// scheme is the word before a token: what the target says, or else the contract.
func scheme(a *life.API) string {
	return cmp.Or(a.Target.Own[schemeKey], strings.TrimSpace(a.Opener(token).Takes()[0].Scheme.Prefix))
}

// tries is how often each word is tried before one is called wrong: a balancer between nodes that do not share their tokens lets one
// and the same request through now and then, and has nothing to do with words.
const tries = 3

// otherScheme tries the word that other releases write before a token. A server that wants that one keeps its document;
// only the target says otherwise. The words take turns in coming first, since a balancer takes turns as well. Where the document names the
// word, a server that wants another breaks it, which is for the checks to name.
func otherScheme(ctx context.Context, a *life.API, made *life.Credential) *check.Problem {
	if a.Target.Profile == profile9 {
		return nil
	}
	own, other := scheme(a), opsToken
	if own == other {
		other = vRealizeOpsToken
	}
	flight, behind := life.As(evidence.Preflight), life.Raw(other+" "+made.Value)
	taken := func() bool { return check.Granted(a.Use(ctx, made, flight, behind)) }
	refused := func() bool { return !check.Granted(a.Use(ctx, made, flight)) }
	for i := range tries {
		first, then := taken, refused
		if i%2 == 1 {
			first, then = refused, taken
		}
		if !first() || !then() {
			return nil // or the first probe has failed for a reason of its own, which is for the checks to name
		}
	}
	// The clean-up would release it with the word that the server does not take.
	a.Present(ctx, releaseToken, made, flight, behind)
	return &check.Problem{
		Reason: fmt.Sprintf("the server takes tokens behind the word %s and not behind %s", other, own),
		Remedy: "set authorizationScheme in the target file to " + other,
	}
}

// schemes declares the checks of the word before the token, beside those that are in the contract.
func schemes(s *check.Suite[*API]) {
	s.Check("challenge", "answers an unknown scheme 401 with WWW-Authenticate", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		answer := api.Use(ctx, made, life.Raw("ConformNoScheme "+made.Value))
		api.Expect(answer).To(check.HaveStatus(http.StatusUnauthorized), "for an unknown scheme")
		api.Require(answer.Header.Get("WWW-Authenticate") != "", "WWW-Authenticate in the answer to an unknown scheme", "no such header")
	}, check.Proves("ARO-TOK-07"), check.ByStatus())

	s.Check("ops-token", "takes a token behind the word OpsToken", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		api.ExpectGranted(api.Use(ctx, made, life.Raw(opsToken+" "+made.Value)), made.Key(), "a token behind the word OpsToken works")
	}, check.Proves("ARO-TOK-12"))

	s.Check("spellings", "records which spellings of the scheme open the API", func(ctx context.Context, api *API) {
		made, own := api.Make(ctx, token), scheme(api.API)
		var seen []string
		for _, word := range []string{
			vRealizeOpsToken, opsToken,
			strings.ToLower(own), strings.ToUpper(own),
		} {
			outcome := "does not"
			if check.Granted(api.Use(ctx, made, life.Raw(word+" "+made.Value))) {
				outcome = "does"
			}
			seen = append(seen, word+" "+outcome)
		}
		api.Note("%s", strings.Join(seen, "; "))
	}, check.Proves("ARO-TOK-10"))
}
