package bluecat

import (
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// The members of an answer, in their order.
type (
	Member  = reply.Member
	Members = reply.Members
)

// Answer is a response before it is written.
type Answer struct {
	kernel.Answer
	// Refusal is what the answer refuses, Session what it hands out; nil otherwise.
	Refusal *Refusal
	Session *Session
}

func answered(status int, members Members) *Answer {
	return &Answer{Answer: kernel.Answered(status, members)}
}

// finish chooses the form of an answer. Refusals are always application/json.
func (c *Call) finish(answer *Answer) {
	if answer.Refusal != nil {
		answer.Header.Set("Content-Type", JSON)
		return
	}
	answer.Header.Set("Content-Type", c.mediaType)
	if !c.server.rules.Answers.Links(c.mediaType) {
		answer.Members = answer.Members.Without("_links")
	}
}

// Encode makes the body.
func (a *Answer) Encode() ([]byte, error) {
	a.Header.Set("Cache-Control", "no-store") // answers hold credentials
	return a.Answer.Encode()
}
