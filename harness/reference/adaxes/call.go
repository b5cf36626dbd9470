package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// Operation names what a request asks for.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	CreateSession    Operation = "createSession"
	TerminateSession Operation = "terminateSession"
	IssueToken       Operation = "issueToken"
	RenewToken       Operation = "renewToken"
	DestroyToken     Operation = "destroyToken"
	Probe            Operation = "probe"
	NoOperation                = kernel.NoOperation
)

// Call is one request in the hands of one instance. Rules get it with every question; its methods are the server's own
// answers to those questions, and give access to the sessions and tickets, so that a rule can change a decision or
// fall back on it.
type Call struct {
	kernel.Call
	// Instance is the index of the instance that serves the request.
	Instance int

	server *Server
}

// serve answers one request on one instance.
func (s *Server) serve(instance int, w http.ResponseWriter, r *http.Request) {
	call, open := s.Begin(w, r)
	if !open {
		return
	}
	c := &Call{Call: call, Instance: instance, server: s}
	var refusal *Refusal
	c.Operation, refusal = s.rules.Requests.Route(c)
	c.Number = s.Number(c.Operation)
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
	s.rules.Edit(c, answer)
	s.Answered(c.Operation, answer.Status)
	reply.Send(w, answer.Status, answer.Header, answer.Body, answer.Members)
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
