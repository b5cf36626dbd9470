package life

import (
	"context"
	"fmt"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// What the target gives is used, and nothing else: no check ends it, and it is in no list of what a run has made.

// isGiven reports whether the target gives the credentials of a kind.
func (a *API) isGiven(kind string) bool { return kind != "" && a.Client.Document().Given() == kind }

// givenTo is the credential that the target gives for an account.
func (a *API) givenTo(account target.Account) *Credential {
	doc := a.Client.Document()
	c := &Credential{
		Kind: doc.Given(), Value: account.Token.Reveal(), Given: &client.Answer{}, hand: givenHand(doc.Given()),
		owner: strings.ToLower(account.Username),
	}
	c.key = a.written(c.place(doc), c, c.Value)
	return c
}

// givenHand stands for what would hand out a credential of a kind that is given. Of its end nothing is known.
func givenHand(kind string) *openapi.HandOut { return &openapi.HandOut{Kind: kind, Lifetime: "token"} }

// withGiven is preflight where the target gives what opens the probe.
func (a *API) withGiven(ctx context.Context) *check.Problem {
	flight := As(evidence.Preflight)
	c := a.givenTo(a.Target.Account)
	good := a.Use(ctx, c, flight)
	if check.Granted(good) {
		return nil
	}
	if problem := check.Reach(good); problem != nil {
		return problem
	}
	if problem := notTheAPI(good); problem != nil {
		return problem
	}
	if !check.Refused(good) { // what is no refusal is for the checks to judge
		return nil
	}
	return &check.Problem{
		Reason: "the server refused the " + c.Kind + " that the target gives: " + describe(good, a.Target.URL) + ", " + check.Describe(good),
		Remedy: "check account.token in the target file (CONFORM_TOKEN), that it has not ended, and that the account may make the request; or set probe to one " +
			"that it may make, such as " + a.dialect.Example,
	}
}

// worksForAnother expects that the credential of another account works beside the target's own.
func worksForAnother(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	own, other := a.givenTo(a.Target.Account), a.givenTo(a.Target.Of(target.AnotherToken))
	for range 2 { // either, before and after the other
		a.ExpectAccepted(ctx, op, other, p.What)
		a.ExpectAccepted(ctx, op, own, Noun(own.Kind)+" beside that of another account")
	}
}

// overAlready expects that what the target gives as ended, or as over, is refused.
func overAlready(name string) rule {
	return func(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
		own := a.givenTo(a.Target.Account)
		a.Against(a.Working(ctx, op, own), func() {
			answer := a.Present(ctx, op.ID(), a.givenTo(a.Target.Of(name)), Forbidden)
			a.ExpectNothing(ctx, answer, fmt.Sprintf("%s (accounts.%s)", p.What, name))
		})
	}
}
