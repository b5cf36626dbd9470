package adaxes

import (
	"net/http"
	"time"

	"example.org/conform/harness/reference/latency"
)

// Operation names what a request asks for. The names are those of the contract's operations.
type Operation string

// The operations. A request that is none of them has the empty name.
const (
	CreateSession    Operation = "createSession"
	TerminateSession Operation = "terminateSession"
	IssueToken       Operation = "issueToken"
	RenewToken       Operation = "renewToken"
	DestroyToken     Operation = "destroyToken"
	Probe            Operation = "probe"
	NoOperation      Operation = ""
)

var operations = []Operation{CreateSession, TerminateSession, IssueToken, RenewToken, DestroyToken, Probe, NoOperation}

// Call is one request in the hands of one instance. Rules get it with every question; its methods are the server's own
// answers to those questions, and give access to the sessions and tickets, so that a rule can change a decision or
// fall back on it.
type Call struct {
	Operation Operation
	// Request is the request as it came. Its body has been read where the operation has one.
	Request *http.Request
	// Body is the request's body, nil for operations that have none.
	Body []byte
	// Instance is the index of the instance that serves the request.
	Instance int
	// Now is the time at which the request is judged, the same for all decisions on it.
	Now time.Time
	// Number counts the requests for this operation on the whole server, from 1.
	Number int64

	server *Server
}

// serve answers one request on one instance.
func (s *Server) serve(instance int, w http.ResponseWriter, r *http.Request) {
	if !latency.Wait(r.Context(), s.closed, s.config.Latency) {
		http.Error(w, "the server is closed", http.StatusServiceUnavailable)
		return
	}
	c := &Call{Request: r, Instance: instance, Now: s.config.Clock(), server: s}
	s.store.sweep(c.Now)
	var refusal *Refusal
	c.Operation, refusal = s.rules.Requests.Route(c)
	if counter, known := s.numbers[c.Operation]; known {
		c.Number = counter.Add(1)
	}
	if refusal == nil {
		refusal = s.rules.Requests.Admit(c)
	}
	var answer *Answer
	if refusal == nil {
		answer, refusal = c.perform(w)
	}
	if refusal != nil {
		answer = c.refuse(refusal)
	}
	answer.Header = c.header(answer)
	s.rules.Answers.Edit(c, answer)
	s.activity.answered(c.Operation, answer.Status)
	answer.write(w)
}

// perform does what the request asks for.
func (c *Call) perform(w http.ResponseWriter) (*Answer, *Refusal) {
	switch c.Operation {
	case CreateSession, IssueToken:
		if refusal := c.readBody(w); refusal != nil {
			return nil, refusal
		}
	}
	switch c.Operation {
	case CreateSession:
		return c.createSession()
	case TerminateSession:
		return c.terminateSession()
	case IssueToken:
		return c.issueToken()
	case RenewToken:
		return c.renewToken()
	case DestroyToken:
		return c.destroyToken()
	case Probe:
		return c.getDirectoryObject()
	}
	return nil, notFound()
}
