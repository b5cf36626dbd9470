package bluecat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// ExpectWorks expects that a credential authorizes the probe. The session is the one whose life the credential has.
func (a *API) ExpectWorks(ctx context.Context, s Session, credential, what string) {
	a.ExpectGranted(a.Probe(ctx, credential), s.Credential(), what+" authorizes: the probe answers 2xx")
}

// ExpectRejected expects, between controls, that the probe refuses a credential.
func (a *API) ExpectRejected(ctx context.Context, credential, what string, options ...Option) {
	a.ExpectRefused(a.Probe(ctx, credential, options...), "the probe with "+what)
}

// ExpectNoSession expects that a request is refused and gives no session.
func (a *API) ExpectNoSession(answer *client.Answer, what string) {
	if check.Carries(answer, "apiToken") {
		a.Fail(what+" gives no session", check.Describe(answer)+", and an apiToken in it")
	}
	a.ExpectRefused(answer, what)
}

// Working is the control of a token: it shows that one which should work does.
func (a *API) Working(ctx context.Context, s Session) check.Control {
	return a.Works(s.Credential(), "BCT-AUT-02", "the probe with a valid token", func() *client.Answer {
		return a.Probe(ctx, s.Credential(), as(evidence.Control))
	})
}

// WorkingNow is the control of what time has ended: a token made now works now.
func (a *API) WorkingNow(ctx context.Context) check.Control {
	return check.Show(func() { a.Working(ctx, a.Session(ctx)) })
}

// Login is the control of a password: it shows that the right one of the target's account is accepted.
func (a *API) Login(ctx context.Context) check.Control {
	return check.Show(func() {
		answer := a.LogIn(ctx, as(evidence.Control))
		_, ok := a.session(answer)
		a.Arranged(answer, ok, "the control, logging in with the right password,")
	})
}

// refusal is the vendor's error object.
type refusal struct {
	Status  any    `json:"status"`
	Code    string `json:"code"`
	Message any    `json:"message"`
}

func readRefusal(answer *client.Answer) refusal {
	var r refusal
	_ = json.Unmarshal(answer.Body, &r) // a refusal of another form has none of the members
	return r
}

// ExpectCode expects a refusal with one of the codes.
func (a *API) ExpectCode(answer *client.Answer, what string, codes ...string) {
	got := readRefusal(answer).Code
	for _, code := range codes {
		if check.Refused(answer) && got == code {
			return
		}
	}
	a.Fail(fmt.Sprintf("%s refused with code %s", what, strings.Join(codes, " or ")), check.Describe(answer)+", code "+check.OrMissing(got))
}

// namesSession tells whether an address is that of the session with an id, wherever the API lies.
func namesSession(address, id string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(u.Path, "/api/v2/sessions/"+id)
}
