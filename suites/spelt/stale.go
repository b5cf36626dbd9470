package spelt

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// needless is the requirement that a field changes nothing where the server could do without it.
const needless = "RFC-SPL-06"

// declareStale declares the checks of a login that carries what an earlier one gave. Clients keep a credential in the defaults of their
// connection until a login gives them another, and a filter in front of every operation finds it spent before the login is looked at.
func declareStale[A life.Living](s *check.Suite[A]) {
	last, field := life.Carried(s.Contract)
	if s.Contract.Login() == nil {
		return // nothing logs in
	}
	if field == "" || s.Contract.Login().By.CredentialHeader() != "" || len(s.Contract.Ends(last)) == 0 {
		return // it goes elsewhere, where a login has none, or never gets stale
	}
	carrying := func(slug, title, what string, made func(context.Context, *life.API) *life.Credential, lives bool) {
		s.Check(slug, title, func(ctx context.Context, api A) {
			a := api.Life()
			c := made(ctx, a)
			a.Against(a.LoggingIn(ctx), func() {
				answer := a.LogIn(ctx, a.Target.Account, life.Beside(field, c))
				if _, ok := a.Read(answer); !ok {
					a.Fail("a login with the right password succeeds, also where its "+field+" is "+what, check.Shown(answer))
				}
				for _, op := range a.Client.Document().Operations() {
					if takes := op.Takes(); len(takes) > 0 && op.CredentialHeader() == "" {
						other := a.Make(ctx, takes[0].Kind)
						a.ExpectGranted(a.Present(ctx, op.ID(), other, life.Beside(field, c)),
							other.Key(), op.ID()+", which wants no "+field+", succeeds, also where that is "+what)
					}
				}
				if op := a.Opener(last); lives {
					a.ExpectGranted(a.Present(ctx, op.ID(), c), c.Key(), "what a login carried lives on beside what it gave")
				}
			})
		}, check.Proves(needless))
	}
	if field != "Authorization" { // that is HTTP's own: a gateway in front of every operation may refuse what is no longer good in it
		carrying("stale-credential", "answers a login that carries a credential which has ended", "a credential that has ended",
			func(ctx context.Context, a *life.API) *life.Credential {
				c := a.Make(ctx, last)
				a.End(ctx, c)
				return c
			}, false)
	}
	carrying("living-credential", "answers a login that carries a credential, and leaves that alive", "a credential of the account",
		func(ctx context.Context, a *life.API) *life.Credential { return a.Make(ctx, last) }, true)

	const beside = "wrong-password-beside-a-credential"
	for _, p := range s.Contract.Login().By.Promises {
		if p.At != "password" || len(p.Sent) != 1 || p.Sent[0] != "wrong" || p.Status != 0 {
			continue
		}
		s.Check(beside, "refuses a wrong password also where the login carries a credential of the account", func(ctx context.Context, api A) {
			a := api.Life()
			account := a.Wrong()
			a.Against(a.LoggingIn(ctx), func() {
				answer := a.Case.WrongPassword(ctx, account.Username, beside, func() { a.LoggingIn(ctx) }, func() *client.Answer {
					c := a.Make(ctx, last) // not before: it may live for seconds, and others log in first
					return a.LogIn(ctx, account, life.Beside(field, c))
				})
				a.ExpectNothing(ctx, answer, "a wrong password beside a credential of the account")
			})
		}, check.Proves(p.Requirement), check.Spends(beside))
	}
}
