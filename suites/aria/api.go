package aria

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// The operations of the contract, by operationId.
const (
	acquireToken = "acquireToken"
	releaseToken = "releaseToken"
	probe        = "probe"
)

// tokenItem is the kind of the items that a run makes.
const tokenItem = "token"

// documentedLifetime is how long a token lives from its last call (note on validity).
const documentedLifetime = 6 * time.Hour

// API is the token API as one check uses it. Its verbs (Acquire, Release, Probe) act, and their answers are there to be
// judged. Its noun (Token) arranges: it returns a token, or ends the check as inconclusive.
type API struct {
	*check.Case
	used map[string]bool // tokens that have authorized a request, each of which extends their lives
}

// Bind gives a check the API.
func Bind(c *check.Case) *API { return &API{Case: c, used: map[string]bool{}} }

// Token is an auth-token that has not been tried yet.
type Token struct {
	Text string
	// Acquired is the answer that gave it.
	Acquired *client.Answer
}

// Login is what an acquisition sends.
type Login struct {
	Username, Password string
	// AuthSource is the name of the account's source; empty leaves the member out.
	AuthSource string
}

func (l Login) body() map[string]any {
	body := map[string]any{"username": l.Username, "password": l.Password}
	if l.AuthSource != "" {
		body["authSource"] = l.AuthSource
	}
	return body
}

// Option changes one request.
type Option func(*client.Request)

// as marks what the request is for.
func as(p evidence.Purpose) Option { return func(r *client.Request) { r.Purpose = p } }

// accepting sends another Accept than application/json.
func accepting(media string) Option {
	return func(r *client.Request) { r.Header = http.Header{"Accept": {media}} }
}

// send sends a request. It asks for JSON, as the clients of the API do, since the API has XML to offer too.
func (a *API) send(ctx context.Context, r client.Request, options []Option) *client.Answer {
	r.Purpose = evidence.Act
	r.Header = http.Header{"Accept": {"application/json"}}
	for _, o := range options {
		o(&r)
	}
	answer := a.Send(ctx, r)
	if t, ok := a.token(answer); ok {
		// Entered in the ledger, whatever it was an answer to; and a secret, also where the contract's own way to find
		// secrets, which is for JSON, does not see it.
		a.Secret("token", t.Text)
		a.Made(answer, ledger.Item{Kind: tokenItem, Value: t.Text, Key: a.credential(t.Text), Base: r.Base}, check.Lifetime{})
	} else if r.Operation == acquireToken && check.Granted(answer) {
		a.Lost(answer)
	}
	return answer
}

// Acquire asks for a token (POST /api/auth/token/acquire).
func (a *API) Acquire(ctx context.Context, l Login, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: acquireToken, JSON: l.body()}, options)
}

// sendMalformed sends a good body of an acquisition, broken in one way.
func (a *API) sendMalformed(ctx context.Context, m openapi.Malformed, l Login) *client.Answer {
	body, err := m.Body(l.body())
	if err != nil {
		a.Inconclusive("the check itself is at fault: %v", err)
	}
	return a.send(ctx, client.Request{Operation: acquireToken, Body: body}, nil)
}

// Release ends a token (POST /api/auth/token/release).
func (a *API) Release(ctx context.Context, token string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: releaseToken, Credential: a.credential(token)}, options)
}

// Probe sends the read-only request by which a token is judged; an empty one sends no Authorization.
func (a *API) Probe(ctx context.Context, token string, options ...Option) *client.Answer {
	answer := a.ProbeWith(ctx, a.credential(token), options...)
	if check.Granted(answer) {
		a.used[token] = true
		a.Lives(token, a.lifeFrom(answer))
	}
	return answer
}

// ProbeWith sends the probe with a value of Authorization of the check's own.
func (a *API) ProbeWith(ctx context.Context, authorization string, options ...Option) *client.Answer {
	return a.send(ctx, a.probeRequest(authorization), options)
}

// probeRequest is the target's own probe, or a look at the current user.
func (a *API) probeRequest(authorization string) client.Request {
	p := a.Target.Probe
	r := client.Request{Operation: probe, Credential: authorization, Method: p.Method, Path: p.Path}
	if p.Body != "" {
		r.Body = []byte(p.Body)
	}
	return r
}

// scheme is the word before a token.
func (a *API) scheme() string {
	return cmp.Or(a.Target.Own[schemeKey], vRealizeOpsToken)
}

// credential is the value of Authorization for a token, empty for none.
func (a *API) credential(token string) string {
	if token == "" {
		return ""
	}
	return a.scheme() + " " + token
}

// lifetime is how long a token lives from its last call: what the target states, or what the document does.
func (a *API) lifetime() time.Duration {
	if a.Target.Lifetimes.Token > 0 {
		return a.Target.Lifetimes.Token
	}
	return documentedLifetime
}

// lifeFrom is the life of a token that begins anew with an exchange. What the server's clock says plays no part in it.
func (a *API) lifeFrom(answer *client.Answer) check.Lifetime {
	return check.LifetimeFrom(answer, a.lifetime())
}

// Token arranges a token of the target's account.
func (a *API) Token(ctx context.Context, options ...Option) Token {
	answer := a.Acquire(ctx, a.Login(ctx), append([]Option{as(evidence.Arrange)}, options...)...)
	t, ok := a.token(answer)
	a.Arranged(answer, ok, "acquiring a token")
	return t
}

// Released arranges the release of a token.
func (a *API) Released(ctx context.Context, t Token) {
	answer := a.Release(ctx, t.Text, as(evidence.Arrange))
	a.Arranged(answer, check.Granted(answer), "releasing a token")
}

// token reads an auth-token, as leniently as its use allows.
func (a *API) token(answer *client.Answer) (Token, bool) {
	if answer.Err != nil || answer.Status/100 != 2 {
		return Token{}, false
	}
	var body struct{ Token string }
	if json.Unmarshal(answer.Body, &body) != nil || body.Token == "" {
		body.Token = tokenInXML(answer.Body)
	}
	if body.Token == "" {
		return Token{}, false
	}
	if !a.used[body.Token] {
		a.Lives(body.Token, a.lifeFrom(answer))
	}
	return Token{Text: body.Token, Acquired: answer}, true
}

// tokenInXML is the text of the first element named token, in whatever namespace, "" where there is none. A token that
// came as XML has to be ended too.
func tokenInXML(body []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	for {
		next, err := decoder.Token()
		if err != nil {
			return ""
		}
		if start, ok := next.(xml.StartElement); ok && start.Name.Local == "token" {
			var text string
			if decoder.DecodeElement(&text, &start) != nil {
				return ""
			}
			return strings.TrimSpace(text)
		}
	}
}
