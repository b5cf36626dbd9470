package aria

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// ExpectWorks expects that a token authorizes the probe.
func (a *API) ExpectWorks(ctx context.Context, t Token, what string) *client.Answer {
	answer := a.Probe(ctx, t.Text)
	a.ExpectGranted(answer, t.Text, what+" works: the probe answers 2xx")
	return answer
}

// ExpectNoToken expects that a request is refused and gives no token.
func (a *API) ExpectNoToken(answer *client.Answer, what string) {
	if _, ok := a.token(answer); ok || check.Carries(answer, "token") {
		a.Fail(what+" gives no token", check.Describe(answer)+", and a token in it")
	}
	a.ExpectRefused(answer, what)
}

// Working is the control of a token: it shows that one which should work does.
func (a *API) Working(ctx context.Context, t Token) check.Control {
	return a.Works(t.Text, "ARO-TOK-01", "the probe with a valid token", func() *client.Answer {
		return a.Probe(ctx, t.Text, as(evidence.Control))
	})
}

// WorkingNow is the control of an expiry: a token acquired now works now.
func (a *API) WorkingNow(ctx context.Context) check.Control {
	return check.Show(func() { a.Working(ctx, a.Token(ctx)) })
}
