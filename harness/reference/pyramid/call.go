package pyramid

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"example.org/conform/harness/reference/kernel"
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

// maxBody is the largest body that is read, in bytes.
const maxBody = 1 << 20

// routes are the operations with their paths in lower case. All are called by POST.
func routes() kernel.Routes[Call, Answer, Refusal] {
	const post = http.MethodPost
	return kernel.Routes[Call, Answer, Refusal]{
		{Method: post, Path: "/api2/auth/authenticateuserwindows", Operation: Authenticate, Body: true, Answer: (*Call).authenticate},
		{Method: post, Path: "/api2/query/extractqueryresult", Operation: ExtractQueryResult, Body: true, Answer: (*Call).extractQueryResult},
	}
}

// Call is one request in the hands of the server.
type Call struct {
	kernel.Call
	// Login is what Windows Authentication says of the request, where it was asked.
	Login winauth.Decision

	server *Server
}

// Answer is a response before it is written. Token is what it hands out; nil otherwise.
type Answer struct {
	kernel.Answer
	Token *Token
}

func answered(status int, mediaType, body string) *Answer {
	return &Answer{Answer: kernel.Answer{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: []byte(body)}}
}

// Route is the operation of a path, in any letter case.
func (c *Call) Route() Operation {
	operation, _ := routes().Find(http.MethodPost, strings.ToLower(c.Request.URL.Path), worded)
	return operation
}

// route is the operation that a request asks for, where its method is served.
func (c *Call) route() (Operation, *Refusal) {
	operation := c.server.rules.Route(c)
	if operation != NoOperation && !c.server.rules.Method(c) {
		return operation, worded(kernel.Problem{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {http.MethodPost}}})
	}
	return operation, nil
}

// texts are the server's own words for problems.
var texts = map[int]string{
	http.StatusNotFound: "There is no such service.", http.StatusMethodNotAllowed: "The service is called by POST.",
	http.StatusRequestEntityTooLarge: "The body is too large.", http.StatusBadRequest: "The body could not be read.",
}

// worded words a problem.
func worded(p kernel.Problem) *Refusal {
	p.Message = texts[p.Status]
	return &p
}

// Refusal is a request that is not granted, in the kernel's own terms.
type Refusal = kernel.Problem

// refused makes the answer of a refusal.
func (c *Call) refused(p *Refusal) *Answer {
	answer := answered(p.Status, "application/json; charset=utf-8", `{"message":`+strconv.Quote(p.Message)+`}`)
	maps.Copy(answer.Header, p.Header)
	return answer
}

func problem(status int, message string) (*Answer, *Refusal) {
	return nil, &Refusal{Status: status, Message: message}
}
