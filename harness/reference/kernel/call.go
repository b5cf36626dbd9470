package kernel

import (
	"errors"
	"mime"
	"net/http"
	"time"

	"example.org/conform/harness/reference/reply"
)

// Operation names what a request asks for. The names are those of the contract's operations.
type Operation string

// NoOperation is the name of a request that is none of them.
const NoOperation Operation = ""

// Call is one request in the hands of a server. Each server has calls of its own, which embed it. Rules get the call with
// every question; its methods are the server's own answers to those questions, and give access to what the server keeps,
// so that a rule can change a decision or fall back on it.
type Call struct {
	Operation Operation
	// Request is the request as it came. Its body has been read where the operation has one.
	Request *http.Request
	// Body is the request's body, nil for operations that have none.
	Body []byte
	// Now is the time at which the request is judged, the same for all decisions on it.
	Now time.Time
	// Number counts the requests for this operation on the whole server, from 1.
	Number int64
}

func (c *Call) call() *Call { return c }

// Answer is a response before it is written. Each server has answers of its own, which embed it.
type Answer struct {
	Status int
	// Header goes out as it is, in its own letter case. Without a Content-Length of its own, an answer with a body gets one.
	Header http.Header
	// Members are the JSON object of the body; nil means no body.
	Members reply.Members
	// Body is sent in place of Members where it is not nil.
	Body []byte
}

// Answered is an answer with a status and members, nil for none.
func Answered(status int, members reply.Members) Answer {
	return Answer{Status: status, Header: http.Header{}, Members: members}
}

func (a *Answer) answer() *Answer { return a }

// Encode makes the body, nil for none.
func (a *Answer) Encode() ([]byte, error) {
	if a.Body != nil || a.Members == nil {
		return a.Body, nil
	}
	return a.Members.MarshalJSON()
}

// Problem is a refusal that the kernel makes. A server words it as its vendor does. None of its texts quotes what the
// client sent.
type Problem struct {
	Status  int
	Message string
	// Header is added to the answer.
	Header http.Header
}

func problem(status int, message string) *Problem { return &Problem{Status: status, Message: message} }

func notFound() Problem { return *problem(http.StatusNotFound, "There is no such resource.") }

// isJSON tells whether a Content-Type is application/json, with whatever parameters.
func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return mediaType == "application/json" && (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter))
}
