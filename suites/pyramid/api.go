package pyramid

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// The operations of the contract, by operationId.
const (
	authenticateUserWindows = "authenticateUserWindows"
	probe                   = "probe"
)

// cookieName is the cookie in which the token is usually stored.
const cookieName = "PyramidAuth"

// API is Pyramid Analytics API2 as one check uses it. Its verbs (Authenticate, Call) act, and their answers are there
// to be judged. Its noun Token arranges: it returns something usable, or ends the check as inconclusive.
type API struct{ *check.Case }

// Bind gives a check the API.
func Bind(c *check.Case) *API { return &API{c} }

// Option changes one request.
type Option func(*client.Request)

// as marks what the request is for.
func as(p evidence.Purpose) Option { return func(r *client.Request) { r.Purpose = p } }

// by replaces the method.
func by(method string) Option { return func(r *client.Request) { r.Method = method } }

// body replaces the body; nil sends none.
func body(b []byte) Option { return func(r *client.Request) { r.Body = b } }

// at replaces the path.
func at(path string) Option { return func(r *client.Request) { r.Path = path } }

// Login is the target's account, as a login names it.
func (a *API) Login() winlogin.Login {
	l := loginOf(a.Target.Account)
	l.Kerberos = true
	return l
}

// loginOf names an account in the form that Windows has known longest.
func loginOf(account target.Account) winlogin.Login {
	l := winlogin.Login{Username: account.Username, Password: account.Password.Reveal()}
	switch {
	case account.DownLevelName != "":
		l.Username = account.DownLevelName
	case account.Domain != "" && !strings.ContainsAny(account.Username, `\@`):
		l.Username = account.Domain + `\` + account.Username
	}
	return l
}

// Authenticate asks for a token under a login (POST /API2/auth/authenticateUserWindows), as the document's sample does.
func (a *API) Authenticate(ctx context.Context, l winlogin.Login, options ...Option) *client.Answer {
	return a.Anonymous(winlogin.With(ctx, l), options...)
}

// Anonymous asks for a token without Windows credentials.
func (a *API) Anonymous(ctx context.Context, options ...Option) *client.Answer {
	r := client.Request{Operation: authenticateUserWindows, Body: []byte("null"), Purpose: evidence.Act}
	for _, o := range options {
		o(&r)
	}
	answer := a.Send(ctx, r)
	if token, ok := tokenIn(answer); ok {
		a.Lives(token, check.LifetimeFrom(answer, a.Target.Lifetimes.Token))
	}
	return answer
}

// Call makes the API call by which a token is judged, with the token embedded as auth.
func (a *API) Call(ctx context.Context, token string, options ...Option) *client.Answer {
	return a.CallWith(ctx, map[string]any{"auth": token}, options...)
}

// CallWith makes the API call with members of the check's own in its body; an auth that is to be missing is not in
// them.
func (a *API) CallWith(ctx context.Context, members map[string]any, options ...Option) *client.Answer {
	r := client.Request{Operation: probe, Purpose: evidence.Act}
	form := map[string]any{}
	if p := a.Target.Probe; p.Path != "" {
		r.Method, r.Path = p.Method, p.Path
		if p.Body != "" && json.Unmarshal([]byte(p.Body), &form) != nil {
			a.Skip("probe.body of the target is not a JSON object, in which auth could be embedded", "mend probe.body")
		}
	} else {
		// The document's own sample; the item is another on every server.
		form["data"] = map[string]any{
			"itemId": "9185ea22-bf14-4606-a955-4bbd73a88c38", "exportType": 0,
			"exportOptions": map[string]any{"showUniqueName": true},
		}
	}
	for name, value := range members {
		form[name] = value
	}
	r.JSON = form
	for _, o := range options {
		o(&r)
	}
	return a.Send(ctx, r)
}

// Token arranges a token of the target's account.
func (a *API) Token(ctx context.Context) string {
	return a.arranged(a.Authenticate(ctx, a.Login(), as(evidence.Arrange)), "a login with the right credentials")
}

// arranged reads the token of a good login, or ends the check.
func (a *API) arranged(answer *client.Answer, what string) string {
	token, ok := tokenIn(answer)
	a.Arranged(answer, ok, what)
	return token
}

// tokenIn reads the token out of an answer, as leniently as its use allows: without the quotes of a JSON string and
// the white space around it. A page and a sentence are no token.
func tokenIn(answer *client.Answer) (string, bool) {
	if answer.Err != nil || answer.Status/100 != 2 {
		return "", false
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(answer.Body), "\ufeff"))
	var inner string
	if json.Unmarshal([]byte(text), &inner) == nil {
		text = inner
	}
	text = strings.NewReplacer("\r", "", "\n", "").Replace(text)
	return text, text != "" && text != "null" && !strings.ContainsAny(text, " \t<>{}\"")
}

// lookalike is base64 of some length.
var lookalike = regexp.MustCompile(`[A-Za-z0-9+/]{24,}={0,2}`)

// maxTried bounds the lookalikes that are tried in one refusal.
const maxTried = 4

// leak says where an answer that should give no token gives one; "" when it does not. What merely looks like a token
// in the body of a refusal is one when it works.
func (a *API) leak(ctx context.Context, answer *client.Answer) string {
	if answer.Err != nil {
		return ""
	}
	if _, ok := tokenIn(answer); ok {
		return "a token in the body"
	}
	for _, c := range (&http.Response{Header: answer.Header}).Cookies() {
		if strings.EqualFold(c.Name, cookieName) && c.Value != "" && c.MaxAge >= 0 {
			return "a token in the cookie " + cookieName
		}
	}
	for _, candidate := range lookalike.FindAllString(string(answer.Body), maxTried) {
		if check.Granted(a.Call(ctx, candidate, as(evidence.Control))) {
			a.Secret("token", candidate)
			return "a token in the body, which works"
		}
	}
	return ""
}

// operation is an operation of the contract.
func (a *API) operation(id string) *openapi.Operation {
	op, err := a.Client.Document().Operation(id)
	if err != nil {
		a.Inconclusive("the check itself is at fault: %v", err)
	}
	return op
}
