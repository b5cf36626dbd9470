package bluecat

import (
	"net/http"
	"path"
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

const (
	basePath = "/api/v2"
	current  = "current"
)

// routes are the operations with their paths. The body is read whatever the operation.
func routes() kernel.Routes[Call, Answer, Refusal] {
	route := func(method, path string, operation Operation, answer func(*Call) (*Answer, *Refusal)) kernel.Route[Call, Answer, Refusal] {
		return kernel.Route[Call, Answer, Refusal]{Method: method, Path: basePath + path, Operation: operation, Body: true, Answer: answer}
	}
	return kernel.Routes[Call, Answer, Refusal]{
		route(http.MethodPost, "/sessions", CreateSession, (*Call).createSession),
		route(http.MethodGet, "/sessions/"+current, GetCurrentSession, (*Call).readSession),
		route(http.MethodPatch, "/sessions/"+current, PatchCurrentSession, (*Call).logOut),
		route(http.MethodGet, "/sessions/?*", ReadSession, (*Call).readSession),
		route(http.MethodPatch, "/sessions/?*", PatchSession, (*Call).logOut),
		route(http.MethodGet, "/users/?*", ReadUser, (*Call).readResource),
		route(http.MethodGet, "/authenticators/?*", ReadAuthenticator, (*Call).readResource),
		route(http.MethodGet, "/configurations", Probe, (*Call).listConfigurations),
		route(http.MethodGet, "/configurations/?*", ReadConfiguration, (*Call).readResource),
	}
}

// Call is one request.
type Call struct {
	kernel.Call

	mediaType string // of an answer that grants what was asked for
	server    *Server
}

// id is the last part of the path of a single resource: a number, or "current".
func (c *Call) id() string { return path.Base(c.Request.URL.Path) }

// Route finds the operation of the request's path and method. What the client accepts is asked first: nothing may change
// for an answer that cannot be sent.
func (c *Call) Route() (Operation, *Refusal) {
	operation, refusal := routes().Find(c.Request.Method, c.Request.URL.Path, worded)
	if refusal != nil {
		return operation, refusal
	}
	var acceptable bool
	c.mediaType, acceptable = c.server.rules.Answers.Negotiate(c, strings.Join(c.Request.Header.Values("Accept"), ","))
	if !acceptable {
		refusal = refuse(http.StatusNotAcceptable, NotAcceptable, "The answer would be "+HAL+" or "+JSON+".")
	}
	return operation, refusal
}
