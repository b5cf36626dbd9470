package bluecat

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// The operations of the contract, by operationId.
const (
	createSession       = "createSession"
	getCurrentSession   = "getCurrentSession"
	patchCurrentSession = "patchCurrentSession"
	patchSession        = "patchSession"
	probe               = "probe"
)

// sessionItem is the kind of items that a run makes, and noID the value of one whose id cannot be read.
const (
	sessionItem = "session"
	noID        = "?"
)

// The media types that the documents name.
const (
	halJSON   = "application/hal+json"
	plainJSON = "application/json"
	// preferHAL asks for what the document shows, without losing a server that has only the other.
	preferHAL = halJSON + ", " + plainJSON + ";q=0.5, */*;q=0.1"
)

// API is the RESTful v2 API as one check uses it. Its verbs (CreateSession, LogOut, Probe, …) act, and their answers are
// there to be judged. Its nouns (Session) arrange: they return something usable, or end the check as inconclusive.
type API struct {
	*check.Case
}

// Bind gives a check the API.
func Bind(c *check.Case) *API { return &API{Case: c} }

// Session is a user session whose token has not been tried yet.
type Session struct {
	// ID is the session's id as it was written, noID when it could not be read.
	ID string
	// Username is the name that was sent, and Token the API token.
	Username, Token string
	// Given is basicAuthenticationCredentials, empty when it could not be read.
	Given string
	// kept is the name as the answer has it, where it is the one that was sent in another letter case.
	kept string
	life check.Lifetime
}

// Credential is the Authorization value that a client makes of the name and the token.
func (s Session) Credential() string { return basic(s.Username, s.Token) }

// encode joins a name and a token as the document says ("Authorization header").
func encode(username, token string) string {
	return encode64(username + ":" + token)
}

func encode64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func basic(username, token string) string { return "Basic " + encode(username, token) }

// Option changes one request.
type Option func(*client.Request)

// accepting asks for other media types.
func accepting(accept string) Option {
	return func(r *client.Request) { r.Header.Set("Accept", accept) }
}

// authorization sends a header of the check's own that holds no secret.
func authorization(value string) Option {
	return func(r *client.Request) { r.Header.Set("Authorization", value) }
}

// as marks what the request is for.
func as(p evidence.Purpose) Option { return func(r *client.Request) { r.Purpose = p } }

func (a *API) send(ctx context.Context, r client.Request, options []Option) *client.Answer {
	r.Purpose = evidence.Act
	r.Header = http.Header{"Accept": {preferHAL}}
	for _, o := range options {
		o(&r)
	}
	answer := a.Send(ctx, r)
	a.claim(answer, r.Base)
	return answer
}

// CreateSession logs in (POST /api/v2/sessions).
func (a *API) CreateSession(ctx context.Context, username, password string, options ...Option) *client.Answer {
	return a.CreateSessionWith(ctx, map[string]any{"username": username, "password": password}, options...)
}

// CreateSessionWith logs in with a body of the check's own.
func (a *API) CreateSessionWith(ctx context.Context, body any, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: createSession, JSON: body}, options)
}

// LogIn logs the target's account in.
func (a *API) LogIn(ctx context.Context, options ...Option) *client.Answer {
	account := a.Target.Account
	return a.CreateSession(ctx, account.Username, account.Password.Reveal(), options...)
}

// sendMalformed sends a good login, broken in one way.
func (a *API) sendMalformed(ctx context.Context, m openapi.Malformed) *client.Answer {
	account := a.Target.Account
	body, err := m.Body(map[string]any{"username": account.Username, "password": account.Password.Reveal()})
	if err != nil {
		a.Inconclusive("the check itself is at fault: %v", err)
	}
	return a.send(ctx, client.Request{Operation: createSession, Body: body}, nil)
}

// CurrentSession reads the session of a credential (GET /api/v2/sessions/current).
func (a *API) CurrentSession(ctx context.Context, credential string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: getCurrentSession, Credential: credential}, options)
}

// LogOut logs out of the session of a credential (PATCH /api/v2/sessions/current).
func (a *API) LogOut(ctx context.Context, credential string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{Operation: patchCurrentSession, Credential: credential, JSON: loggedOut()}, options)
}

// LogOutByID logs out of the session with an id (PATCH /api/v2/sessions/<id>).
func (a *API) LogOutByID(ctx context.Context, credential, id string, options ...Option) *client.Answer {
	return a.send(ctx, client.Request{
		Operation: patchSession, PathValues: pathOf(id), Credential: credential, JSON: loggedOut(),
	}, options)
}

func pathOf(id string) map[string]string { return map[string]string{"id": id} }

func loggedOut() map[string]any { return map[string]any{"state": "LOGGED_OUT"} }

// Probe sends the read-only request by which a credential is judged; an empty one sends no Authorization.
func (a *API) Probe(ctx context.Context, credential string, options ...Option) *client.Answer {
	return a.send(ctx, a.probeRequest(credential), options)
}

// probeRequest is the target's own probe, or the list of configurations.
func (a *API) probeRequest(credential string) client.Request {
	r := client.Request{Operation: probe, Credential: credential}
	if p := a.Target.Probe; p.Path != "" {
		r.Method, r.Path = p.Method, p.Path
		if p.Body != "" {
			r.Body, r.ContentType = []byte(p.Body), plainJSON
		}
	}
	return r
}

// Session arranges a session of the target's account.
func (a *API) Session(ctx context.Context, options ...Option) Session {
	answer := a.LogIn(ctx, append([]Option{as(evidence.Arrange)}, options...)...)
	s, ok := a.session(answer)
	a.Arranged(answer, ok, "creating a session")
	return s
}

// LoggedOut arranges the end of a session.
func (a *API) LoggedOut(ctx context.Context, s Session) {
	answer := a.LogOut(ctx, s.Credential(), as(evidence.Arrange))
	if !check.Granted(answer) {
		a.Fresh(answer, s.Credential())
	}
	a.Arranged(answer, check.Granted(answer), "logging out of a session")
}

// claim enters in the ledger the session that an answer gave, whatever it was an answer to.
func (a *API) claim(answer *client.Answer, base string) {
	if s, ok := a.session(answer); ok {
		a.Secret("credentials", encode(s.Username, s.Token))
		a.Made(answer, ledger.Item{Kind: sessionItem, Value: s.ID, Key: s.Credential(), Base: base}, s.life)
	} else if answer.Operation.ID() == createSession && check.Granted(answer) {
		a.Lost(answer)
	}
}

// session reads the session in the answer to a login, as leniently as its use allows.
func (a *API) session(answer *client.Answer) (Session, bool) {
	var body struct {
		ID      json.RawMessage `json:"id"`
		Token   string          `json:"apiToken"`
		Given   any             `json:"basicAuthenticationCredentials"`
		Expires any             `json:"apiTokenExpirationDateTime"`
		User    any             `json:"user"`
	}
	if answer.Operation.ID() != createSession || !readable(answer, &body) || body.Token == "" {
		return Session{}, false
	}
	s := Session{ID: noID, Token: body.Token, life: check.LifetimeOf(body.Expires, answer, a.Target.Lifetimes.Token)}
	var id json.Number
	if json.Unmarshal(body.ID, &id) == nil && id != "" {
		s.ID = id.String()
	}
	s.Given, _ = body.Given.(string)
	var sent struct {
		Username string `json:"username"`
	}
	if user, ok := body.User.(map[string]any); ok {
		s.Username, _ = user["name"].(string)
	}
	if json.Unmarshal(answer.RequestBody, &sent) == nil && sent.Username != "" {
		if strings.EqualFold(s.Username, sent.Username) {
			s.kept = s.Username
		}
		s.Username = sent.Username // what the answer says of the user is for a check to judge
	}
	a.Lives(s.Credential(), s.life)
	return s, true
}

func readable(answer *client.Answer, into any) bool {
	return check.Granted(answer) && json.Unmarshal(answer.Body, into) == nil
}
