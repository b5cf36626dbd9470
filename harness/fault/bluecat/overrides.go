package bluecat

import (
	"net/http"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/kernel"
)

// The words of the reference server, short: a catalogue names them in every line.
type (
	config  = bluecat.Config
	call    = bluecat.Call
	answer  = bluecat.Answer
	members = bluecat.Members
	session = bluecat.Session
	refusal = bluecat.Refusal
	user    = bluecat.User
)

// override is one change of a configuration.
type override = func(*config)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *bluecat.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refused: func(a *answer) bool { return a.Refusal != nil },
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: &a.Members, Body: &a.Body}
	},
}

var (
	breaks                = fault.Breaking[config]
	onAnswer, onErrors    = seams.Edit, seams.Errors
	granted, everyGranted = seams.Granted, seams.EveryGranted
	sends, header         = seams.Status, seams.Header
	set, drop             = seams.Set, seams.Drop
)

// member is one of the members of a session that is handed out.
func member(name string) fault.Member[config, call, answer, refusal] {
	return seams.Member(bluecat.CreateSession, name)
}

// onCreated changes the answers that hand out a session.
func onCreated(changes ...func(*answer)) override { return granted(bluecat.CreateSession, changes...) }

// within changes the members of an object within the session, where there is one.
func within(name string, change func(*members)) override {
	return onCreated(func(a *answer) {
		if inner, ok := a.Members.Get(name).(members); ok {
			change(&inner)
			a.Members.Set(name, inner)
		}
	})
}

// onRefusal changes the refusals with a code before their body is made.
func onRefusal(code bluecat.Code, change func(*call, *refusal)) override {
	return seams.Refuse(func(c *call, r *refusal) {
		if r.Code == code {
			change(c, r)
		}
	})
}

// onLogin changes the refusals of logins by a user who is known, or by one who is not.
func onLogin(known bool, change func(*call, *refusal)) override {
	return onRefusal(bluecat.InvalidUsernameOrPassword, func(c *call, r *refusal) {
		if r.KnownUser == known {
			change(c, r)
		}
	})
}

func status(code int) func(*call, *refusal) { return func(_ *call, r *refusal) { r.Status = code } }

func code(text bluecat.Code) func(*call, *refusal) {
	return func(_ *call, r *refusal) { r.Code = text }
}

// answered turns an answer into an error of the vendor's form.
func answered(status int) func(*answer) {
	return func(a *answer) {
		a.Status, a.Session = status, nil
		a.Header.Set("Content-Type", bluecat.JSON)
		a.Header.Del("Location")
		a.Members = members{
			{Name: "status", Value: status}, {Name: "reason", Value: http.StatusText(status)},
			{Name: "code", Value: "Unavailable"}, {Name: "message", Value: "The request could not be served."},
		}
	}
}

// blank sends no body.
func blank(a *answer) {
	a.Members = nil
	a.Header.Del("Content-Type")
}

// refusedFor refuses an operation before anything is looked at.
func refusedFor(operation bluecat.Operation, status int, code bluecat.Code) override {
	return func(c *config) {
		c.Rules.Requests.Admit = func(c *call) *refusal {
			if c.Operation == operation {
				return &refusal{Status: status, Code: code, Message: "There is no such thing here."}
			}
			return nil
		}
	}
}

// credentials changes how the body of a login is read.
func credentials(read func(*call) (username, password string, refused *refusal)) override {
	return func(c *config) { c.Rules.Requests.Credentials = read }
}

// written changes what a session shows as its credentials.
func written(write func(session) string) override {
	return func(c *config) { c.Rules.Sessions.Credentials = write }
}

// authorizing changes how Authorization is judged.
func authorizing(judge func(*call) (session, *refusal)) override {
	return func(c *config) { c.Rules.Access.Authorize = judge }
}

// finding changes how the session of a token is found.
func finding(find func(c *call, token string) (session, bool)) override {
	return func(c *config) { c.Rules.Access.Find = find }
}

// ending changes what a logout does.
func ending(end func(*call, session)) override {
	return func(c *config) { c.Rules.Sessions.End = end }
}

// endingBy changes what the logout by one operation does.
func endingBy(operation bluecat.Operation) func(end func(*call, session)) override {
	return func(end func(*call, session)) override {
		return ending(func(c *call, s session) {
			if c.Operation == operation {
				end(c, s)
				return
			}
			c.EndSession(s)
		})
	}
}

// ofUser are the live sessions of a user.
func ofUser(c *call, u user) []session {
	return c.Sessions(func(s session) bool { return s.User.ID == u.ID && s.Live(c.Now) })
}

// passing is a session of a user that nobody has logged in to and that lives no longer than its request.
func passing(c *call, u user) session {
	return session{User: u, Life: kernel.Life{ExpiresAt: c.Now.Add(1)}}
}
