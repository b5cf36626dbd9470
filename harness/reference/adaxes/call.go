package adaxes

import (
	"net/http"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// BasePath is where the API begins, in any letter case.
const BasePath = "/restApi"

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

// routes are the operations, with their paths in lower case.
func routes() kernel.Routes[Call, Answer, Refusal] {
	return kernel.Routes[Call, Answer, Refusal]{
		{Method: http.MethodPost, Path: "/restapi/api/authsessions/create", Operation: CreateSession, Body: true, Answer: (*Call).createSession},
		{Method: http.MethodDelete, Path: "/restapi/api/authsessions", Operation: TerminateSession, Answer: (*Call).terminateSession},
		{Method: http.MethodPost, Path: "/restapi/api/auth", Operation: IssueToken, Body: true, Answer: (*Call).issueToken},
		{Method: http.MethodPatch, Path: "/restapi/api/auth", Operation: RenewToken, Answer: (*Call).renewToken},
		{Method: http.MethodDelete, Path: "/restapi/api/auth", Operation: DestroyToken, Answer: (*Call).destroyToken},
		{Method: http.MethodGet, Path: "/restapi/api/directoryobjects", Operation: Probe, Answer: (*Call).getDirectoryObject},
	}
}

// Call is one request in the hands of one instance.
type Call struct {
	kernel.Call
	// Instance is the index of the instance that serves the request.
	Instance int

	server *Server
}

// Route finds the operation of the request's path and method. Paths are compared without regard to letter case and to
// a slash at the end, as ASP.NET compares them.
func (c *Call) Route() (Operation, *Refusal) {
	path := strings.TrimSuffix(strings.ToLower(c.Request.URL.Path), "/")
	return routes().Find(c.Request.Method, path, worded)
}
