package adaxes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// The operations of the contract, by operationId.
const (
	createSession    = "createSession"
	issueToken       = "issueToken"
	renewToken       = "renewToken"
	terminateSession = "terminateSession"
	destroyToken     = "destroyToken"
	probe            = "probe"
)

// The kinds of items that a run makes.
const (
	sessionItem = "session"
	tokenItem   = "token"
)

// serviceHeader names the instance that answered, and sent back asks for the same one (Alternative approach).
const serviceHeader = "Adm-Service"

// API is the Adaxes REST API as one check uses it. Its verbs (CreateSession, IssueToken, RenewToken, …) act, and their
// answers are there to be judged. Its nouns (Session, Ticket) arrange: they return something usable, or end the check
// as inconclusive.
type API struct {
	*check.Case
	legacy  bool // the profile sends type: 0
	subject string
	issued  map[string]string // the last token of a session that the check arranged
}

// Bind gives a check the API of its profile.
func Bind(c *check.Case) *API {
	return &API{Case: c, legacy: c.Target.Profile == Profile2023}
}

// Session is an authentication session that works.
type Session struct {
	ID   string
	life check.Lifetime
}

// Ticket is what the document calls AuthTicketInfo, with a token that has not been tried yet.
type Ticket struct {
	ID           string
	Token        string
	SID          string
	Applications []string
	// Service is the value of Adm-Service, empty when the answer had none.
	Service string
	life    check.Lifetime
}

// Option changes one request.
type Option func(*client.Request)

// At sends the request to one service instance.
func At(base string) Option {
	return func(r *client.Request) { r.Base = strings.TrimSuffix(base, "/") }
}

// Through sends Adm-Service back, for the shared address to honour.
func Through(service string) Option {
	return func(r *client.Request) { r.Header = http.Header{serviceHeader: {service}} }
}

// as marks what the request is for.
func as(p evidence.Purpose) Option { return func(r *client.Request) { r.Purpose = p } }

func (a *API) send(ctx context.Context, r client.Request, options []Option) *client.Answer {
	r.Purpose = evidence.Act
	for _, o := range options {
		o(&r)
	}
	answer := a.Send(ctx, r)
	a.claim(answer, r.Base)
	return answer
}

// CreateSession asks for a session (POST /api/authSessions/create).
func (a *API) CreateSession(ctx context.Context, username, password string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{
		Operation: createSession, JSON: map[string]any{"username": username, "password": password},
	}, options)
}

// IssueToken asks for a token in the way of the profile (POST /api/auth).
func (a *API) IssueToken(ctx context.Context, sessionID string, options ...Option) *client.Answer {
	return a.IssueTokenWith(ctx, a.issueBody(sessionID), options...)
}

func (a *API) issueBody(sessionID any) map[string]any {
	body := map[string]any{"sessionId": sessionID}
	if a.legacy {
		body["type"] = 0
	}
	return body
}

// IssueTokenWith asks for a token with a body of the check's own.
func (a *API) IssueTokenWith(ctx context.Context, body any, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: issueToken, JSON: body}, options)
}

// sendMalformed sends a good body of an operation, broken in one way.
func (a *API) sendMalformed(ctx context.Context, operation string, m openapi.Malformed, good map[string]any) *client.Answer {
	body, err := m.Body(good)
	if err != nil {
		a.Inconclusive("the check itself is at fault: %v", err)
	}
	return a.send(ctx, client.Request{Operation: operation, Body: body}, nil)
}

// RenewToken asks for a new token for an old one (PATCH /api/auth); an empty credential sends no Adm-Authorization.
func (a *API) RenewToken(ctx context.Context, credential, token string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{
		Operation: renewToken, Credential: credential, Query: url.Values{"token": {token}},
	}, options)
}

// TerminateSession ends a session (DELETE /api/authSessions).
func (a *API) TerminateSession(ctx context.Context, id string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: terminateSession, Query: url.Values{"id": {id}}}, options)
}

// DestroyToken ends a token (DELETE /api/auth); an empty credential sends no Adm-Authorization.
func (a *API) DestroyToken(ctx context.Context, credential, token string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{
		Operation: destroyToken, Credential: credential, Query: url.Values{"token": {token}},
	}, options)
}

// Probe sends the read-only request by which a credential is judged; an empty one sends no Adm-Authorization.
func (a *API) Probe(ctx context.Context, credential string, options ...Option) *client.Answer {
	return a.send(ctx, a.probeRequest(credential), options)
}

// probeRequest is the target's own probe, or a look at the directory object of the account itself.
func (a *API) probeRequest(credential string) client.Request {
	r := client.Request{Operation: probe, Credential: credential}
	p := a.Target.Probe
	if p.Path == "" {
		r.Query = url.Values{"directoryObject": {a.subject}}
		return r
	}
	r.Method, r.Path = p.Method, p.Path
	if p.Body != "" {
		r.Body = []byte(p.Body)
	}
	return r
}

// Session arranges a session of the target's account.
func (a *API) Session(ctx context.Context, options ...Option) Session {
	account := a.Target.Account
	answer := a.CreateSession(ctx, account.Username, account.Password.Reveal(), append([]Option{as(evidence.Arrange)}, options...)...)
	s, ok := a.session(answer)
	a.Arranged(answer, ok, "creating a session")
	return s
}

// Ticket arranges a ticket of a session.
func (a *API) Ticket(ctx context.Context, s Session, options ...Option) Ticket {
	answer := a.IssueToken(ctx, s.ID, append([]Option{as(evidence.Arrange)}, options...)...)
	t, ok := a.ticket(answer)
	if !ok {
		a.Fresh(answer, s.ID)
	}
	// That a session gives several tokens is no more than a SHOULD, and has a check of its own.
	first, again := a.issued[s.ID]
	if again && (t.Token == first || check.Refused(answer)) {
		a.Skip("the session gives no second token, so that there is none to keep (ADX-TOK-16)", "nothing: the promise is empty for this server")
	}
	a.Arranged(answer, ok, "issuing a token")
	if a.issued == nil {
		a.issued = map[string]string{}
	}
	a.issued[s.ID] = t.Token
	return t
}

// FreshTicket arranges a session and a ticket of it.
func (a *API) FreshTicket(ctx context.Context) Ticket { return a.Ticket(ctx, a.Session(ctx)) }

// Renewed arranges the renewal of a ticket.
func (a *API) Renewed(ctx context.Context, old Ticket) Ticket {
	answer := a.RenewToken(ctx, old.Token, old.Token, as(evidence.Arrange))
	t, ok := a.ticket(answer)
	if !ok {
		a.Fresh(answer, old.Token)
	}
	a.Arranged(answer, ok, "renewing a token")
	return t
}

// Terminated arranges the end of a session.
func (a *API) Terminated(ctx context.Context, s Session, options ...Option) {
	answer := a.TerminateSession(ctx, s.ID, append([]Option{as(evidence.Arrange)}, options...)...)
	a.Arranged(answer, check.Granted(answer), "terminating a session")
}

// Destroyed arranges the end of a token, by its own authority.
func (a *API) Destroyed(ctx context.Context, t Ticket, options ...Option) {
	answer := a.DestroyToken(ctx, t.Token, t.Token, append([]Option{as(evidence.Arrange)}, options...)...)
	a.Arranged(answer, check.Granted(answer), "destroying a token")
}

// claim enters in the ledger what an answer gave, whatever it was an answer to.
func (a *API) claim(answer *client.Answer, base string) {
	session, created := a.session(answer)
	if created {
		a.Made(answer, ledger.Item{Kind: sessionItem, Value: session.ID, Base: base}, session.life)
	}
	ticket, issued := a.ticket(answer)
	if issued {
		a.Made(answer, ledger.Item{Kind: tokenItem, Value: ticket.Token, Key: ticket.Token, Base: base}, ticket.life)
	}
	if gives := slices.Contains([]string{createSession, issueToken, renewToken}, answer.Operation.ID()); gives && check.Granted(answer) && !created && !issued {
		a.Lost(answer)
	}
}

// session reads an AuthSession, as leniently as its use allows.
func (a *API) session(answer *client.Answer) (Session, bool) {
	var body struct {
		SessionID    string `json:"sessionId"`
		ExpiresAtUTC any    `json:"expiresAtUtc"`
	}
	if !readable(answer, &body) || body.SessionID == "" {
		return Session{}, false
	}
	s := Session{ID: body.SessionID, life: check.LifetimeOf(body.ExpiresAtUTC, answer, a.Target.Lifetimes.Session)}
	a.Lives(s.ID, s.life)
	return s, true
}

// ticket reads an AuthTicketInfo, as leniently as its use allows.
func (a *API) ticket(answer *client.Answer) (Ticket, bool) {
	var body struct {
		ID           any `json:"id"`
		Token        string
		SID          any `json:"sid"`
		ExpiresAtUTC any `json:"expiresAtUtc"`
		Applications any `json:"applications"`
	}
	if !readable(answer, &body) || body.Token == "" {
		return Ticket{}, false
	}
	t := Ticket{Token: body.Token, Service: answer.Header.Get(serviceHeader), life: check.LifetimeOf(body.ExpiresAtUTC, answer, a.Target.Lifetimes.Token)}
	t.ID, _ = body.ID.(string)
	t.SID, _ = body.SID.(string)
	if list, ok := body.Applications.([]any); ok {
		for _, item := range list {
			t.Applications = append(t.Applications, fmt.Sprint(item))
		}
	}
	a.Lives(t.Token, t.life)
	if t.ID != "" {
		a.Lives(t.ID, t.life)
	}
	if t.SID != "" {
		a.subject = t.SID
	}
	return t, true
}

func readable(answer *client.Answer, into any) bool {
	return check.Granted(answer) && json.Unmarshal(answer.Body, into) == nil
}
