package adaxes

import (
	"time"

	"example.org/conform/harness/reference/kernel"
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
