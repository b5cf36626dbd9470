package adaxes

import (
	"net/http"
	"time"

	"example.org/conform/harness/reference/reply"
)

// The members of an answer, in their order.
type (
	Member  = reply.Member
	Members = reply.Members
)

// DefaultTimeUnit gives expiresAtUtc the seven fraction digits of a .NET date.
const DefaultTimeUnit = 100 * time.Nanosecond

// Answer is a response before it is written.
type Answer struct {
	Status int
	// Header goes out as it is, in its own letter case. Without a Content-Type or a Content-Length of its own, an
	// answer with a body gets both.
	Header http.Header
	// Members are the JSON object of the body; nil means no body.
	Members Members
	// Body is sent in place of Members where it is not nil.
	Body []byte
	// Refusal is what the answer refuses, Session or Ticket what it hands out; nil otherwise.
	Refusal *Refusal
	Session *Session
	Ticket  *Ticket
}

// header is what every answer carries beside its body.
func (c *Call) header(answer *Answer) http.Header {
	header := answer.Header
	if header == nil {
		header = http.Header{}
	}
	if service := c.server.rules.Answers.Service(c, answer); service != "" {
		header.Set("Adm-Service", service)
	}
	if answer.Members != nil {
		header.Set("Content-Type", "application/json; charset=utf-8")
		header.Set("Cache-Control", "no-store") // answers hold credentials
	}
	return header
}

// Service is the Adm-Service value of the instance that answers, or, for an answer with a ticket, of the one that honours
// the ticket's id.
func (c *Call) Service(answer *Answer) string {
	if answer.Ticket != nil {
		return c.server.services[answer.Ticket.Instance]
	}
	return c.server.services[c.Instance]
}
