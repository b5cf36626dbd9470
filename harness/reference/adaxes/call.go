package adaxes

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
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
	Search           Operation = "searchDirectory" // not of the contract: clients' first call after a login
	NoOperation                = kernel.NoOperation
)

// routes are the operations of a profile, with their paths in lower case. From 2026.1 on the API makes no token and ends none.
func routes(profile string) kernel.Routes[Call, Answer, Refusal] {
	all := everyRoute()
	if profile == Profile20261 {
		all = slices.DeleteFunc(all, func(r kernel.Route[Call, Answer, Refusal]) bool { return r.Operation != Probe && r.Operation != Search })
	}
	return all
}

func everyRoute() kernel.Routes[Call, Answer, Refusal] {
	return kernel.Routes[Call, Answer, Refusal]{
		{Method: http.MethodPost, Path: "/restapi/api/authsessions/create", Operation: CreateSession, Body: true, Answer: (*Call).createSession},
		{Method: http.MethodDelete, Path: "/restapi/api/authsessions", Operation: TerminateSession, Answer: (*Call).terminateSession},
		{Method: http.MethodPost, Path: "/restapi/api/auth", Operation: IssueToken, Body: true, Answer: (*Call).issueToken},
		{Method: http.MethodPatch, Path: "/restapi/api/auth", Operation: RenewToken, Answer: (*Call).renewToken},
		{Method: http.MethodDelete, Path: "/restapi/api/auth", Operation: DestroyToken, Answer: (*Call).destroyToken},
		{Method: http.MethodGet, Path: "/restapi/api/directoryobjects", Operation: Probe, Answer: (*Call).getDirectoryObject},
		{Method: http.MethodPost, Path: "/restapi/api/directoryobjects/search", Operation: Search, Body: true, Answer: (*Call).search},
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
	return routes(c.server.config.Profile).Find(c.Request.Method, path, worded)
}

// The members of an answer, in their order.
type (
	Member  = reply.Member
	Members = reply.Members
)

// DefaultTimeUnit gives expiresAtUtc the seven fraction digits of a .NET date.
const DefaultTimeUnit = 100 * time.Nanosecond

// Answer is a response before it is written.
type Answer struct {
	kernel.Answer
	// Refusal is what the answer refuses, Session or Ticket what it hands out; nil otherwise.
	Refusal *Refusal
	Session *Session
	Ticket  *Ticket
}

// answered is an answer with a status and members, nil for none.
func answered(status int, members Members) *Answer {
	return &Answer{Answer: kernel.Answered(status, members)}
}

// finish adds what every answer carries beside its body.
func (c *Call) finish(answer *Answer) {
	if service := c.server.rules.Answers.Service(c, answer); service != "" {
		answer.Header.Set("Adm-Service", service)
	}
	if answer.Members != nil {
		answer.Header.Set("Content-Type", "application/json; charset=utf-8")
		answer.Header.Set("Cache-Control", "no-store") // answers hold credentials
	}
}

// Service is the Adm-Service value of the instance that answers, or, for an answer with a ticket, of the one that honours
// the ticket's id.
func (c *Call) Service(answer *Answer) string {
	if answer.Ticket != nil {
		return c.server.services[answer.Ticket.Instance]
	}
	return c.server.services[c.Instance]
}
