package bluecat

import (
	"errors"
	"net/http"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// Operation names what a request asks for. The first five names are those of the contract's operations.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	CreateSession       Operation = "createSession"
	GetCurrentSession   Operation = "getCurrentSession"
	PatchCurrentSession Operation = "patchCurrentSession"
	PatchSession        Operation = "patchSession"
	Probe               Operation = "probe"
	ReadSession         Operation = "readSession"
	ReadUser            Operation = "readUser"
	ReadAuthenticator   Operation = "readAuthenticator"
	ReadConfiguration   Operation = "readConfiguration"
)

// Call is one request. Rules get it with every question; its methods are the server's own answers to those questions,
// and give access to users and sessions, so that a rule can change a decision or fall back on it.
type Call struct {
	kernel.Call
	// ID is the last part of the path of a single resource: a number, or "current".
	ID string

	server *Server
}

const (
	basePath = "/api/v2"
	current  = "current"
)

// methods lists what a path supports, and what the methods ask for; id is the last part of the path of one resource.
func methods(path string) (supported map[string]Operation, id string) {
	below, found := strings.CutPrefix(path, basePath+"/")
	if !found {
		return nil, ""
	}
	collection, id, single := strings.Cut(below, "/")
	switch {
	case strings.Contains(id, "/"), single && id == "":
		return nil, ""
	case below == "sessions":
		return map[string]Operation{http.MethodPost: CreateSession}, ""
	case below == "sessions/"+current:
		return map[string]Operation{http.MethodGet: GetCurrentSession, http.MethodPatch: PatchCurrentSession}, id
	case below == "configurations":
		return map[string]Operation{http.MethodGet: Probe}, ""
	case single:
		switch collection {
		case "sessions":
			return map[string]Operation{http.MethodGet: ReadSession, http.MethodPatch: PatchSession}, id
		case "users":
			return map[string]Operation{http.MethodGet: ReadUser}, id
		case "authenticators":
			return map[string]Operation{http.MethodGet: ReadAuthenticator}, id
		case "configurations":
			return map[string]Operation{http.MethodGet: ReadConfiguration}, id
		}
	}
	return nil, ""
}

// route finds the operation of the request's path and method.
func (c *Call) route() *Refusal {
	supported, id := methods(c.Request.URL.Path)
	if supported == nil {
		return notFound()
	}
	operation, found := supported[c.Request.Method]
	if !found {
		return methodNotAllowed(supported)
	}
	c.Operation, c.ID = operation, id
	return nil
}

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	call, open := s.Begin(w, r)
	if !open {
		return
	}
	c := &Call{Call: call, server: s}
	answer, refusal := c.perform(w)
	if refusal != nil {
		answer = c.refuse(refusal)
	}
	s.rules.Edit(c, answer)
	s.Answered(c.Operation, answer.Status)
	answer.write(w)
}

// perform does what the request asks for. What the client accepts is asked first: nothing may change for an answer that
// cannot be sent.
func (c *Call) perform(w http.ResponseWriter) (*Answer, *Refusal) {
	rules := c.server.rules
	if refusal := c.route(); refusal != nil {
		return nil, refusal
	}
	mediaType, acceptable := rules.Answers.Negotiate(c, strings.Join(c.Request.Header.Values("Accept"), ","))
	if !acceptable {
		return nil, notAcceptable()
	}
	if refusal := rules.Requests.Admit(c); refusal != nil {
		return nil, refusal
	}
	if refusal := c.readBody(w); refusal != nil {
		return nil, refusal
	}
	answer, refusal := c.dispatch()
	if refusal != nil {
		return nil, refusal
	}
	answer.header().Set("Content-Type", mediaType)
	if !rules.Answers.Links(mediaType) {
		answer.Members = answer.Members.Without("_links")
	}
	return answer, nil
}

func (c *Call) dispatch() (*Answer, *Refusal) {
	switch c.Operation {
	case CreateSession:
		return c.createSession()
	case GetCurrentSession, ReadSession:
		return c.readSession()
	case PatchCurrentSession, PatchSession:
		return c.logOut()
	case Probe:
		return c.listConfigurations()
	}
	return c.readResource()
}

// readBody reads the body, whatever the operation.
func (c *Call) readBody(w http.ResponseWriter) *Refusal {
	switch err := c.ReadBody(w, c.server.config.MaxBody); {
	case errors.Is(err, kernel.ErrTooLarge):
		return tooLarge()
	case err != nil:
		return jsonParseError("The request body could not be read.")
	}
	return nil
}
