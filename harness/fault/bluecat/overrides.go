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
	Of:     func(c *config) *bluecat.Seams { return &c.Rules.Seams },
	Grants: func(c *call, a *answer) (bluecat.Operation, bool) { return c.Operation, a.Refusal == nil },
}

var (
	onAnswer, onErrors    = seams.Edit, seams.Errors
	granted, everyGranted = seams.Granted, seams.EveryGranted
)

// onCreated changes the answers that hand out a session.
func onCreated(change func(*answer)) override {
	return onAnswer(func(_ *call, a *answer) {
		if a.Session != nil {
			change(a)
		}
	})
}

// onMembers changes the members of the sessions that are handed out.
func onMembers(change func(*members)) override {
	return onCreated(func(a *answer) { change(&a.Members) })
}

func drop(name string) override { return onMembers(func(m *members) { m.Drop(name) }) }

func set(name string, value any) override { return onMembers(func(m *members) { m.Set(name, value) }) }

// within changes the members of an object within the session, where there is one.
func within(name string, change func(*members)) override {
	return onMembers(func(m *members) {
		if inner, ok := m.Get(name).(members); ok {
			change(&inner)
			m.Set(name, inner)
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

// refusedFor refuses an operation before anything is looked at.
func refusedFor(operation bluecat.Operation, refused refusal) override {
	return func(c *config) {
		c.Rules.Requests.Admit = func(c *call) *refusal {
			if c.Operation == operation {
				r := refused
				return &r
			}
			return nil
		}
	}
}

// both makes two overrides. The later one wins where they meet.
func both(a, b override) override {
	return func(c *config) {
		a(c)
		b(c)
	}
}

// passing is a session of a user that nobody has logged in to and that lives no longer than its request.
func passing(c *call, u user) session {
	return session{User: u, Life: kernel.Life{ExpiresAt: c.Now.Add(1)}}
}
