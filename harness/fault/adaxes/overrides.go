package adaxes

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// The server's own words, of which a catalogue is full. An override changes one decision, and overrides are those of a subject,
// by name.
type (
	config     = adaxes.Config
	call       = adaxes.Call
	answer     = adaxes.Answer
	refusal    = adaxes.Refusal
	session    = adaxes.Session
	ticket     = adaxes.Ticket
	credential = adaxes.Credential
	account    = adaxes.Account

	override  = func(*config)
	overrides = fault.Overrides[config]
)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *adaxes.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refusal: func(a *answer) *refusal { return a.Refusal },
	Refusals: map[string]func(*call, *refusal) bool{
		"wrong-password":            func(c *call, r *refusal) bool { _, known := known(c); return known && wrongCredentials(c, r) },
		"unknown-account":           func(c *call, r *refusal) bool { _, known := known(c); return !known && r.Inner != nil },
		"wrong-credentials":         wrongCredentials,
		"disabled-account":          ofLogin(adaxes.AccountIsDisabled),
		"locked-account":            ofLogin(adaxes.AccountLockedOut),
		"expired-account":           ofLogin(adaxes.AccountExpired),
		"account-outside-its-hours": ofLogin(adaxes.LogonTimeIncorrect),
		"account-without-access":    ofLogin(adaxes.AccessIsDenied),
		"refused-login":             ofKind(adaxes.Forbidden),
		"malformed-request":         ofKind(adaxes.BadRequest),
		"malformed-login":           ofKind(adaxes.BadRequest, func(c *call) bool { return c.Operation == adaxes.CreateSession }),
		"unauthorized-request":      ofKind(adaxes.Unauthorized),
		"missing-token":             ofKind(adaxes.Unauthorized, anonymous),
		"anonymous-probe":           ofKind(adaxes.Unauthorized, anonymous, func(c *call) bool { return c.Operation == adaxes.Probe }),
		"made-up-authority":         ofKind(adaxes.Unauthorized, identified, func(c *call) bool { return c.Operation == adaxes.RenewToken }),
		"made-up-token":             ofKind(adaxes.Unauthorized, identified),
		"unknown-session":           ofKind(adaxes.UnknownSession),
		"renewal-of-unknown-token":  ofKind(adaxes.UnknownToken),
	},
	Requests: map[string]func(*call) bool{
		"down-level-name":          downLevel,
		"empty-password":           func(c *call) bool { _, password, refused := c.Credentials(); return refused == nil && password == "" },
		"ordinary-account":         ofState(adaxes.Ordinary),
		"expired-password":         ofState(adaxes.PasswordExpired),
		"password-to-be-changed":   ofState(adaxes.PasswordMustBeChanged),
		"type-one":                 ofType(1.0),
		"type-null":                ofType(nil),
		"type-true":                ofType(true),
		"type-false":               ofType(false),
		"type-a-byte-over":         ofType(float64(1 << 8)),
		"type-empty":               ofType(""),
		"type-beyond-32-bits":      ofType(float64(1 << 32)),
		"type-fraction":            ofType(0.5),
		"type-list":                func(c *call) bool { _, list := fault.Object(c.Body)["type"].([]any); return list },
		"no-token":                 func(c *call) bool { _, given := c.Query("token"); return !given },
		"blank-token":              func(c *call) bool { return named(c, "token") == "" },
		"some-token":               func(c *call) bool { return named(c, "token") != "" },
		"blank-id":                 func(c *call) bool { return named(c, "id") == "" },
		"short-id":                 func(c *call) bool { id := named(c, "id"); return id != "" && len(id) < 8 },
		"long-id":                  func(c *call) bool { return len(named(c, "id")) > 255 },
		"id-beyond-ascii":          func(c *call) bool { return strings.ContainsFunc(named(c, "id"), beyondASCII) },
		"short-token":              func(c *call) bool { token := named(c, "token"); return token != "" && len(token) < 16 },
		"long-token":               func(c *call) bool { return len(named(c, "token")) > 2048 },
		"token-beyond-ascii":       func(c *call) bool { return strings.ContainsFunc(named(c, "token"), beyondASCII) },
		"of-a-session-with-tokens": func(c *call) bool { return len(ticketsOf(c, session{ID: named(c, "id")})) > 0 },
		"no-credential":            anonymous,
		"of-a-session-with-two":    func(c *call) bool { return len(ticketsOf(c, session{ID: fault.Text(c.Body, "sessionId")})) > 2 },
		"some-credential":          identified,
		"spent-credential": func(c *call) bool {
			t, known := c.TicketByToken(authorization(c))
			return identified(c) && !(known && t.Live(c.Now))
		},
	},
	Deeds: deeds,
	Admit: func(c *config) *func(*call) *refusal { return &c.Rules.Requests.Admit },
	Refuses: func(status int) *refusal {
		return &refusal{Kind: "manners", Status: status, Code: "notServed", Message: "The request is not served in this form."}
	},
	Restate: func(r *refusal, status int) {
		if status == http.StatusInternalServerError {
			*r = refusal{Kind: "crash", Status: status, Code: "internalError", Message: "An unexpected error occurred."}
			return
		}
		if r.Status = status; status != http.StatusForbidden {
			r.Inner = nil
		}
		if status != http.StatusBadRequest {
			r.ModelState = nil
		}
	},
	Fail: func(a *answer, status int) {
		a.Status, a.Session, a.Ticket = status, nil, nil
		a.Members = adaxes.Members{{Name: "message", Value: "The request could not be served."}, {Name: "code", Value: "failed"}}
	},
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: &a.Members, Body: &a.Body}
	},
}

// Each replaces one decision of a server.
var (
	admit      = fault.Ruling(func(c *config) *func(*call) *refusal { return &c.Rules.Requests.Admit })
	reading    = fault.Ruling(func(c *config) *func(*call) (string, string, *refusal) { return &c.Rules.Requests.Credentials })
	readingID  = fault.Ruling(func(c *config) *func(*call) (string, *refusal) { return &c.Rules.Requests.SessionID })
	routing    = fault.Ruling(func(c *config) *func(*call) (adaxes.Operation, *refusal) { return &c.Rules.Requests.Route })
	accepting  = fault.Ruling(func(c *config) *func(*call, json.RawMessage) bool { return &c.Rules.Requests.Type })
	matching   = fault.Ruling(func(c *config) *func(*call, account, string) bool { return &c.Rules.Login.Matches })
	creating   = fault.Ruling(func(c *config) *func(*call, account) (session, *refusal) { return &c.Rules.Sessions.Create })
	findingID  = fault.Ruling(func(c *config) *func(*call, string) (session, bool) { return &c.Rules.Sessions.Find })
	ending     = fault.Ruling(func(c *config) *func(*call, session) { return &c.Rules.Sessions.End })
	issuing    = fault.Ruling(func(c *config) *func(*call, session) (ticket, *refusal) { return &c.Rules.Tickets.Issue })
	finding    = fault.Ruling(func(c *config) *func(*call, string, adaxes.Place) (credential, bool) { return &c.Rules.Tickets.Find })
	honouring  = fault.Ruling(func(c *config) *func(*call, credential) bool { return &c.Rules.Tickets.Honour })
	using      = fault.Ruling(func(c *config) *func(*call, credential) { return &c.Rules.Tickets.Used })
	targeting  = fault.Ruling(func(c *config) *func(*call) (string, bool) { return &c.Rules.Tickets.Target })
	renewing   = fault.Ruling(func(c *config) *func(*call, ticket, credential) (ticket, *refusal) { return &c.Rules.Tickets.Renew })
	extending  = fault.Ruling(func(c *config) *func(*call, ticket) time.Time { return &c.Rules.Tickets.RenewedExpiry })
	destroying = fault.Ruling(func(c *config) *func(*call, credential, credential) { return &c.Rules.Tickets.Destroy })
	naming     = fault.Ruling(func(c *config) *func(*call, *answer) string { return &c.Rules.Answers.Service })
	making     = fault.Ruling(func(c *config) *func() string { return &c.Rules.Tickets.NewToken })

	// These two see what has ended and expired too.
	liveToken   = fault.RulingOnEnded(seams.KeepEnded, func(c *config) *func(*call, credential) bool { return &c.Rules.Tickets.Live })
	liveSession = fault.RulingOnEnded(seams.KeepEnded, func(c *config) *func(*call, session) bool { return &c.Rules.Sessions.Live })
)

// ofKind matches the refusals of one kind, of the requests that match, and ofLogin those of a login for one reason.
func ofKind(kind adaxes.Kind, where ...func(*call) bool) func(*call, *refusal) bool {
	return func(c *call, r *refusal) bool {
		return r.Kind == kind && !slices.ContainsFunc(where, func(matches func(*call) bool) bool { return !matches(c) })
	}
}

// wrongCredentials matches those of a wrong name or a wrong password.
var wrongCredentials = ofLogin(adaxes.InvalidCredentials)

func ofLogin(code adaxes.InnerCode) func(*call, *refusal) bool {
	return func(_ *call, r *refusal) bool { return r.Inner != nil && r.Inner.Code == code }
}

// authorizing lets requests for an operation pass that match.
func authorizing(operation adaxes.Operation, is func(*call) bool) override {
	return func(c *config) {
		c.Rules.Tickets.Authorize = func(c *call) (credential, *refusal) {
			found, refused := c.Authorize()
			if refused != nil && c.Operation == operation && is(c) {
				return credential{}, nil
			}
			return found, refused
		}
	}
}

// downLevel tells whether a session creation gives a name in the older form, ofState whether its account is in a state, and ofType
// whether a token issue has this type.
func downLevel(c *call) bool { return strings.Contains(username(c), `\`) }

func ofState(state adaxes.State) func(*call) bool {
	return func(c *call) bool { of, known := known(c); return known && of.State == state }
}

func ofType(value any) func(*call) bool {
	return func(c *call) bool { given, is := fault.Object(c.Body)["type"]; return is && given == value }
}

// anonymous tells whether a request carries no credential, and identified whether it does.
func anonymous(c *call) bool  { return authorization(c) == "" }
func identified(c *call) bool { return !anonymous(c) }

func authorization(c *call) string { return c.Request.Header.Get("Adm-Authorization") }

// named is the query's parameter of this name.
func named(c *call, parameter string) string {
	text, _ := c.Query(parameter)
	return text
}

func beyondASCII(c rune) bool { return c > unicode.MaxASCII }

// to matches the requests for an operation before the server reads them.
func to(method, path string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return r.Method == method && strings.HasSuffix(strings.ToLower(r.URL.Path), path)
	}
}

// notFound is the refusal of a request about something that is not there.
func notFound() *refusal {
	return &refusal{Kind: adaxes.NotFound, Status: http.StatusNotFound, Code: "notFound", Message: "There is no such resource."}
}

// username is the name that a session creation gives, in whatever way its body is malformed.
func username(c *call) string { return fault.Text(c.Body, "username") }

// known is the account that it names.
func known(c *call) (account, bool) { return c.Account(username(c)) }
