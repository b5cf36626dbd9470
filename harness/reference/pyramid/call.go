package pyramid

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
	"example.org/conform/harness/reference/winauth"
)

// Operation names what a request asks for.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	Authenticate       Operation = "authenticateUserWindows"
	ExtractQueryResult Operation = "probe"
	NoOperation                  = kernel.NoOperation
)

// BasePath begins every path of the API.
const BasePath = "/API2"

// MaxBody is the largest body that is read, in bytes.
const MaxBody = 1 << 20

// Call is one request in the hands of the server. Rules get it with every question; its methods are the server's own
// answers to those questions.
type Call struct {
	kernel.Call
	// Login is what Windows Authentication says of the request, where it was asked.
	Login winauth.Decision

	server *Server
}

// Answer is a response before it is written. Token is what it hands out; nil otherwise.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Token  *Token
}

// Refusal is a request that is not granted. The rules change none.
type Refusal struct{}

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	call, open := s.Begin(w, r)
	if !open {
		return
	}
	c := &Call{Call: call, server: s}
	c.Operation = s.rules.Route(c)
	c.Number = s.Number(c.Operation)
	answer := c.answer(w)
	s.rules.Edit(c, answer)
	s.Answered(c.Operation, answer.Status)
	reply.Write(w, answer.Status, answer.Header, answer.Body)
}

// Route is the operation of a path, in any letter case.
func (c *Call) Route() Operation {
	switch strings.ToLower(c.Request.URL.Path) {
	case "/api2/auth/authenticateuserwindows":
		return Authenticate
	case "/api2/query/extractqueryresult":
		return ExtractQueryResult
	}
	return NoOperation
}

func (c *Call) answer(w http.ResponseWriter) *Answer {
	if c.Operation == NoOperation {
		return problem(http.StatusNotFound, "There is no such service.")
	}
	if !c.server.rules.Method(c) {
		answer := problem(http.StatusMethodNotAllowed, "The service is called by POST.")
		answer.Header.Set("Allow", http.MethodPost)
		return answer
	}
	switch err := c.ReadBody(w, MaxBody); {
	case errors.Is(err, kernel.ErrTooLarge):
		return problem(http.StatusRequestEntityTooLarge, "The body is too large.")
	case err != nil:
		return problem(http.StatusBadRequest, "The body could not be read.")
	}
	if c.Operation == Authenticate {
		return c.authenticate()
	}
	return c.extractQueryResult()
}

// problem is a refusal in JSON. None of its texts quotes what the client sent.
func problem(status int, message string) *Answer {
	return &Answer{
		Status: status, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		Body: []byte(`{"message":` + strconv.Quote(message) + `}`),
	}
}
