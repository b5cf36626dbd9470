package aria

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// BasePath is where the API begins.
const BasePath = "/suite-api"

// Operation names what a request asks for.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	AcquireToken Operation = "acquireToken"
	ReleaseToken Operation = "releaseToken"
	CurrentUser  Operation = "probe"
	NoOperation            = kernel.NoOperation
)

// Call is one request in the hands of the server. Rules get it with every question; its methods are the server's own
// answers to those questions, and give access to the tokens, so that a rule can change a decision or fall back on it.
type Call struct {
	kernel.Call
	server *Server
}

// Lifetime is how long a token lives from its last call.
func (c *Call) Lifetime() time.Duration { return c.server.config.TokenLifetime }

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	call, open := s.Begin(w, r)
	if !open {
		return
	}
	c := &Call{Call: call, server: s}
	var answer *Answer
	var refusal *Refusal
	if c.Operation, refusal = s.rules.Requests.Route(c); refusal == nil {
		answer, refusal = c.perform(w)
	}
	if refusal != nil {
		answer = c.refuse(refusal)
	}
	answer.negotiate(r.Header.Get("Accept"))
	s.rules.Edit(c, answer)
	s.Answered(c.Operation, answer.Status)
	answer.write(w)
}

// perform does what the request asks for.
func (c *Call) perform(w http.ResponseWriter) (*Answer, *Refusal) {
	switch c.Operation {
	case AcquireToken:
		if refusal := c.readBody(w); refusal != nil {
			return nil, refusal
		}
		return c.acquire()
	case ReleaseToken:
		return c.release()
	case CurrentUser:
		return c.currentUser()
	}
	return nil, notFound()
}

// Route finds the operation of the request's path and method.
func (c *Call) Route() (Operation, *Refusal) {
	path, below := strings.CutPrefix(c.Request.URL.Path, BasePath)
	if !below {
		return NoOperation, notFound()
	}
	var method string
	var operation Operation
	switch path {
	case "/api/auth/token/acquire":
		method, operation = http.MethodPost, AcquireToken
	case "/api/auth/token/release":
		method, operation = http.MethodPost, ReleaseToken
	case "/api/auth/currentuser":
		method, operation = http.MethodGet, CurrentUser
	default:
		return NoOperation, notFound()
	}
	if c.Request.Method != method {
		return NoOperation, methodNotAllowed(method)
	}
	return operation, nil
}
