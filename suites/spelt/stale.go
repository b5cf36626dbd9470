package spelt

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// needless is the requirement that a field changes nothing where the server could do without it.
const needless = "RFC-SPL-06"

// declareStale declares the check of a login that carries what an earlier one gave. Clients keep a credential in the defaults of their
// connection until a login gives them another, and a filter in front of every operation finds it spent before the login is looked at.
func declareStale[A life.Living](s *check.Suite[A]) {
	last := s.Contract.Kinds()[len(s.Contract.Kinds())-1]
	field := ""
	for _, op := range s.Contract.Operations() {
		if life.Opens(op, last) {
			field = op.CredentialHeader()
			break
		}
	}
	if field == "" || s.Contract.Login().By.CredentialHeader() != "" || len(s.Contract.Ends(last)) == 0 {
		return // it goes elsewhere, where a login has none, or never gets stale
	}
	s.Check("stale-credential", "answers a login that carries a credential which has ended", func(ctx context.Context, api A) {
		a := api.Life()
		spent := a.Make(ctx, last)
		a.End(ctx, spent)
		what := "a login with the right password gives " + life.Noun(a.Client.Document().Login().Kind) + ", also where its " + field +
			" is a credential that has ended"
		a.Against(a.LoggingIn(ctx), func() {
			answer := a.LogIn(ctx, a.Target.Account, life.With(func(r *client.Request) { r.Header.Set(field, spent.Key()) }))
			if _, ok := a.Read(answer); !ok {
				a.Fail(what, check.Describe(answer))
			}
		})
	}, check.Proves(needless))
}
