package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/reply"
)

// The members of an answer, in their order.
type (
	Member  = reply.Member
	Members = reply.Members
)

// Answer is a response before it is written.
type Answer struct {
	Status int
	// Header goes out as it is. Without a Content-Length of its own, an answer with a body gets one.
	Header http.Header
	// Members are the JSON object of the body; nil means no body.
	Members Members
	// Body is sent in place of Members where it is not nil.
	Body []byte
	// Refusal is what the answer refuses, Session what it hands out; nil otherwise.
	Refusal *Refusal
	Session *Session
}

// header is the answer's header, made where there is none.
func (a *Answer) header() http.Header {
	if a.Header == nil {
		a.Header = http.Header{}
	}
	return a.Header
}

// write sends the answer.
func (a *Answer) write(w http.ResponseWriter) {
	a.header().Set("Cache-Control", "no-store") // answers hold credentials
	reply.Send(w, a.Status, a.Header, a.Body, a.Members)
}
