package aria

import (
	"net/http"
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

// routes are the operations with their paths.
func routes() kernel.Routes[Call, Answer, Refusal] {
	return kernel.Routes[Call, Answer, Refusal]{
		{Method: http.MethodPost, Path: BasePath + "/api/auth/token/acquire", Operation: AcquireToken, Body: true, Answer: (*Call).acquire},
		{Method: http.MethodPost, Path: BasePath + "/api/auth/token/release", Operation: ReleaseToken, Answer: (*Call).release},
		{Method: http.MethodGet, Path: BasePath + "/api/auth/currentuser", Operation: CurrentUser, Answer: (*Call).currentUser},
	}
}

// Call is one request in the hands of the server.
type Call struct {
	kernel.Call
	server *Server
}

// Lifetime is how long a token lives from its last call.
func (c *Call) Lifetime() time.Duration { return c.server.config.TokenLifetime }

// Route finds the operation of the request's path and method.
func (c *Call) Route() (Operation, *Refusal) {
	return routes().Find(c.Request.Method, c.Request.URL.Path, worded)
}
