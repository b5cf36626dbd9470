package adaxes

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
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

// spoilt is a member of an answer that goes wrong.
type spoilt = fault.Member[config, call, answer, refusal]

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *adaxes.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refused: func(a *answer) bool { return a.Refusal != nil },
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: &a.Members, Body: &a.Body}
	},
}

var (
	breaks                = fault.Breaking[config]
	edit, refuse, said    = seams.Edit, seams.Refuse, seams.Errors
	granted, everyGranted = seams.Granted, seams.EveryGranted
	wrap, keepEnded       = seams.Wrap, seams.KeepEnded
	status, header, body  = seams.Status, seams.Header, seams.Body
	set, drop, rename     = seams.Set, seams.Drop, seams.Rename
	member                = seams.Member
)

// refused changes the refusals of one kind, of the requests that match.
func refused(kind adaxes.Kind, change func(*refusal), where ...func(*call) bool) override {
	return refuse(func(c *call, r *refusal) {
		for _, matches := range where {
			if !matches(c) {
				return
			}
		}
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

// answeredWith refuses with another status.
func answeredWith(code int) func(*refusal) { return func(r *refusal) { r.Status = code } }

// admit refuses requests before anything else is looked at.
func admit(judge func(*call) *refusal) override {
	return func(c *config) { c.Rules.Requests.Admit = judge }
}

// admitKnowing refuses requests for an operation before anything else is looked at, with this status, and sees what has
// ended and expired.
func admitKnowing(operation adaxes.Operation, code int, where func(*call) bool) override {
	return func(c *config) {
		keepEnded(c)
		admit(func(c *call) *refusal {
			if c.Operation == operation && where(c) {
				gone := notFound()
				gone.Status = code
				return gone
			}
			return nil
		})(c)
	}
}

// crashesOn falls over the requests for an operation that match.
func crashesOn(operation adaxes.Operation, where func(*call) bool) override {
	return admit(func(c *call) *refusal {
		if c.Operation == operation && where(c) {
			return crash()
		}
		return nil
	})
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

// reading replaces the reading of a session creation's body, and readingID that of a token issue's.
func reading(read func(*call) (username, password string, refused *refusal)) override {
	return func(c *config) { c.Rules.Requests.Credentials = read }
}

func readingID(read func(*call) (id string, refused *refusal)) override {
	return func(c *config) { c.Rules.Requests.SessionID = read }
}

// creating replaces what gives an account a session.
func creating(create func(*call, account) (session, *refusal)) override {
	return func(c *config) { c.Rules.Sessions.Create = create }
}

// issuing replaces what gives a session a token.
func issuing(issue func(*call, session) (ticket, *refusal)) override {
	return func(c *config) { c.Rules.Tickets.Issue = issue }
}

// ending replaces what a termination does to the session that it names.
func ending(end func(*call, session)) override {
	return func(c *config) { c.Rules.Sessions.End = end }
}

// finding replaces the look-up of a ticket.
func finding(find func(c *call, text string, place adaxes.Place) (credential, bool)) override {
	return func(c *config) { c.Rules.Tickets.Find = find }
}

// using follows the requests that a credential authorized.
func using(use func(*call, credential)) override {
	return func(c *config) { c.Rules.Tickets.Used = use }
}

// authorizing lets requests for an operation pass where their Adm-Authorization is as is says.
func authorizing(operation adaxes.Operation, is func(header string) bool) override {
	return func(c *config) {
		c.Rules.Tickets.Authorize = func(c *call) (credential, *refusal) {
			found, refused := c.Authorize()
			if refused != nil && c.Operation == operation && is(authorization(c)) {
				return credential{}, nil
			}
			return found, refused
		}
	}
}

func authorization(c *call) string { return c.Request.Header.Get("Adm-Authorization") }

// named is the query's parameter of this name.
func named(c *call, parameter string) string {
	text, _ := c.Query(parameter)
	return text
}

// Texts that are there, and those that are not.
func none(text string) bool { return text == "" }
func some(text string) bool { return text != "" }

// to matches the requests for an operation.
func to(operation adaxes.Operation) func(*http.Request) bool {
	request := map[adaxes.Operation][2]string{
		adaxes.CreateSession:    {http.MethodPost, "/api/authsessions/create"},
		adaxes.TerminateSession: {http.MethodDelete, "/api/authsessions"},
		adaxes.DestroyToken:     {http.MethodDelete, "/api/auth"},
	}[operation]
	return func(r *http.Request) bool {
		return r.Method == request[0] && strings.HasSuffix(strings.ToLower(r.URL.Path), request[1])
	}
}

// notFound is the refusal of a request about something that is not there.
func notFound() *refusal {
	return &refusal{Kind: adaxes.NotFound, Status: http.StatusNotFound, Code: "notFound", Message: "There is no such resource."}
}

// crash is what an exception that nobody handles is answered with.
func crash() *refusal {
	return &refusal{Kind: "crash", Status: http.StatusInternalServerError, Code: "internalError", Message: "An unexpected error occurred."}
}

// asCrash turns a refusal into the answer to an exception.
func asCrash(r *refusal) { *r = *crash() }

// failed makes of a granted answer one that refuses.
func failed(code int, word, message string) func(*answer) {
	return func(a *answer) {
		a.Status, a.Session, a.Ticket = code, nil, nil
		a.Members = adaxes.Members{{Name: "message", Value: message}, {Name: "code", Value: word}}
	}
}

// crashed makes of a granted answer the one to an exception.
var crashed = failed(http.StatusInternalServerError, "internalError", "An unexpected error occurred.")

// username is the name that a session creation gives, in whatever way its body is malformed.
func username(c *call) string { return fault.Text(c.Body, "username") }

// known is the account that it names.
func known(c *call) (account, bool) { return c.Account(username(c)) }

// expiry is when what an answer hands out expires.
func expiry(a *answer) time.Time {
	if a.Session != nil {
		return a.Session.ExpiresAt
	}
	return a.Ticket.ExpiresAt
}
