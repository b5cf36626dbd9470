package adaxes

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// The decisions that overrides take part in, by the server's own names.
type (
	config     = adaxes.Config
	call       = adaxes.Call
	answer     = adaxes.Answer
	refusal    = adaxes.Refusal
	session    = adaxes.Session
	ticket     = adaxes.Ticket
	credential = adaxes.Credential
	account    = adaxes.Account
)

// override changes one decision of a server.
type override = func(*config)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:     func(c *config) *adaxes.Seams { return &c.Rules.Seams },
	Grants: func(c *call, a *answer) (adaxes.Operation, bool) { return c.Operation, a.Refusal == nil },
}

var (
	edit, refuse, said    = seams.Edit, seams.Refuse, seams.Errors
	granted, everyGranted = seams.Granted, seams.EveryGranted
	wrap, keepEnded       = seams.Wrap, seams.KeepEnded
)

// refused changes the refusals of one kind.
func refused(kind adaxes.Kind, change func(*refusal)) override {
	return refuse(func(_ *call, r *refusal) {
		if r.Kind == kind {
			change(r)
		}
	})
}

// refusedLogin changes the refusals of a login for one reason.
func refusedLogin(code adaxes.InnerCode, change func(*refusal)) override {
	return refuse(func(_ *call, r *refusal) {
		if r.Inner != nil && r.Inner.Code == code {
			change(r)
		}
	})
}

// admit refuses requests before anything else is looked at.
func admit(judge func(*call) *refusal) override {
	return func(c *config) { c.Rules.Requests.Admit = judge }
}

// admitKnowing refuses requests before anything else is looked at, and sees what has ended and expired.
func admitKnowing(judge func(*call) *refusal) override {
	return func(c *config) {
		keepEnded(c)
		admit(judge)(c)
	}
}

// liveToken replaces the judgement on whether a credential has ended or expired, which sees the ended and expired ones.
func liveToken(live func(*call, credential) bool) override {
	return func(c *config) {
		keepEnded(c)
		c.Rules.Tickets.Live = live
	}
}

// liveSession does the same for sessions.
func liveSession(live func(*call, session) bool) override {
	return func(c *config) {
		keepEnded(c)
		c.Rules.Sessions.Live = live
	}
}

// to matches the requests for an operation.
func to(operation adaxes.Operation) func(*http.Request) bool {
	request := map[adaxes.Operation][2]string{
		adaxes.CreateSession:    {http.MethodPost, "/api/authsessions/create"},
		adaxes.TerminateSession: {http.MethodDelete, "/api/authsessions"},
		adaxes.IssueToken:       {http.MethodPost, "/api/auth"},
		adaxes.RenewToken:       {http.MethodPatch, "/api/auth"},
		adaxes.DestroyToken:     {http.MethodDelete, "/api/auth"},
		adaxes.Probe:            {http.MethodGet, "/api/directoryobjects"},
	}[operation]
	return func(r *http.Request) bool {
		return r.Method == request[0] && strings.HasSuffix(strings.ToLower(r.URL.Path), request[1])
	}
}

// crash is what an exception that nobody handles is answered with.
func crash() *refusal {
	return &refusal{Kind: "crash", Status: http.StatusInternalServerError, Code: "internalError", Message: "An unexpected error occurred."}
}

// asCrash turns a refusal into the answer to an exception.
func asCrash(r *refusal) { *r = *crash() }

func status(code int) func(*answer) { return func(a *answer) { a.Status = code } }

func set(name string, value any) func(*answer) {
	return func(a *answer) { a.Members.Set(name, value) }
}

func drop(name string) func(*answer) { return func(a *answer) { a.Members.Drop(name) } }

func rename(from, to string) func(*answer) { return func(a *answer) { a.Members.Rename(from, to) } }

// crashed makes of a granted answer the one to an exception.
func crashed(a *answer) {
	a.Status, a.Session, a.Ticket = http.StatusInternalServerError, nil, nil
	a.Members = adaxes.Members{{Name: "message", Value: "An unexpected error occurred."}, {Name: "code", Value: "internalError"}}
}

// text is the body of an answer as it would be sent.
func text(a *answer) string {
	body, err := a.Members.MarshalJSON()
	if err != nil {
		return err.Error() // no member of the server is without a JSON form; a test would show it
	}
	return string(body)
}

// body replaces the body by another made from it.
func body(change func(string) string) func(*answer) {
	return func(a *answer) { a.Body = []byte(change(text(a))) }
}

// members are those of the request's body.
func members(c *call) map[string]any { return fault.Object(c.Body) }

// username is the name that a session creation gives, in whatever way its body is malformed.
func username(c *call) string {
	name, _ := members(c)["username"].(string)
	return name
}

// passwordOf is the password of the account that a session creation names, for rules that do not ask for it.
func passwordOf(c *call) string {
	account, _ := c.Account(username(c))
	return account.Password
}

func expiry(a *answer) time.Time {
	if a.Session != nil {
		return a.Session.ExpiresAt
	}
	return a.Ticket.ExpiresAt
}

// stamped writes expiresAtUtc in another way.
func stamped(format func(time.Time) any) func(*answer) {
	return func(a *answer) { a.Members.Set("expiresAtUtc", format(expiry(a))) }
}
