package adaxes

import (
	"context"
	"encoding/json"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// ExpectWorks expects that a credential authorizes the probe.
func (a *API) ExpectWorks(ctx context.Context, credential, what string, options ...Option) {
	a.ExpectGranted(a.Probe(ctx, credential, options...), credential, what+" works: the probe answers 2xx")
}

// ExpectIssues expects that a session issues a token.
func (a *API) ExpectIssues(ctx context.Context, s Session, what string) Ticket {
	answer := a.IssueToken(ctx, s.ID)
	t, ok := a.ticket(answer)
	if !ok {
		a.Fresh(answer, s.ID)
		a.Fail(what+" issues a token", check.Describe(answer))
	}
	return t
}

// ExpectNoToken expects that a request is refused and gives no token.
func (a *API) ExpectNoToken(answer *client.Answer, what string) {
	if check.Carries(answer, "token") {
		a.Fail(what+" gives no token", check.Describe(answer)+", and a token in it")
	}
	a.ExpectRefused(answer, what)
}

// ExpectNoSession expects that a request is refused and gives no session.
func (a *API) ExpectNoSession(answer *client.Answer, what string) {
	if check.Carries(answer, "sessionId") {
		a.Fail(what+" gives no session", check.Describe(answer)+", and a sessionId in it")
	}
	a.ExpectRefused(answer, what)
}

// Working is the control of a credential: it shows that one which should work does.
func (a *API) Working(ctx context.Context, t Ticket, options ...Option) check.Control {
	return a.Works(t.Token, "ADX-TOK-09", "the probe with a valid token", func() *client.Answer {
		return a.Probe(ctx, t.Token, append([]Option{as(evidence.Control)}, options...)...)
	})
}

// Login is the control of a password: it shows that the right one of the target's account is accepted.
func (a *API) Login(ctx context.Context) check.Control {
	return check.Show(func() {
		account := a.Target.Account
		answer := a.CreateSession(ctx, account.Username, account.Password.Reveal(), as(evidence.Control))
		_, ok := a.session(answer)
		a.Arranged(answer, ok, "the control, creating a session with the right password,")
	})
}

// Issuing is the control of a session: it shows that one which should issue tokens does.
func (a *API) Issuing(ctx context.Context, s Session, options ...Option) check.Control {
	return check.Show(func() { a.Ticket(ctx, s, append([]Option{as(evidence.Control)}, options...)...) })
}

// IssuingNow is the control of a session: one created now issues a token.
func (a *API) IssuingNow(ctx context.Context) check.Control {
	return check.Show(func() { a.Issuing(ctx, a.Session(ctx)) })
}

// refusal is the vendor's error object ("Errors and status codes").
type refusal struct {
	Code       any `json:"code"`
	InnerError *struct {
		Code string `json:"code"`
	} `json:"innerError"`
	ModelState any `json:"modelState"`
}

func readRefusal(answer *client.Answer) refusal {
	var r refusal
	_ = json.Unmarshal(answer.Body, &r) // a refusal of another form has none of the members
	return r
}

// innerCode is innerError.code, empty when there is none.
func (r refusal) innerCode() string {
	if r.InnerError == nil {
		return ""
	}
	return r.InnerError.Code
}

// ExpectInnerCode expects 403 with an inner error code.
func (a *API) ExpectInnerCode(answer *client.Answer, code string) {
	if got := readRefusal(answer).innerCode(); answer.Status != 403 || got != code {
		a.Fail("403 with innerError.code "+code, check.Describe(answer)+", innerError.code "+check.OrMissing(got))
	}
}
