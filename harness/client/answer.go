package client

import (
	"context"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"example.org/conform/harness/clock"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
)

// Request is one request in the terms of the document. The zero value of each field means what the operation says.
type Request struct {
	// Operation is the operation's ID.
	Operation string
	Purpose   evidence.Purpose
	// Base replaces the client's own, to address one instance.
	Base string
	// Method and Path replace the operation's. Where they do, and where Undescribed says so, the document does not describe
	// the request and says nothing of its answer.
	Method, Path string
	Undescribed  bool
	// PathValues are the values of the parameters in the operation's path, by name.
	PathValues map[string]string
	// Query is the query, encoded by net/url; RawQuery replaces it as it stands.
	Query    url.Values
	RawQuery string
	// Credential is the value of the operation's security header; empty sends none.
	Credential string
	Header     http.Header
	// JSON is the body, marshalled, or written as a form where the operation takes one, as Form says to who writes it otherwise; Body
	// replaces it as it stands. ContentType replaces the operation's media type.
	JSON        any
	Form        bool
	Body        []byte
	ContentType string
	// HTTP2 offers the server HTTP/2, which there is under TLS alone; the answer's Proto says what was spoken.
	HTTP2 bool
	// Once has it sent no second time where no answer comes, since the server may have counted it.
	Once bool
	// Wary has it sent as seldom as may be, since the server may count it: once more where a connection breaks, unless that has helped
	// before, and no more at all where the server wants fewer requests and does not say when.
	Wary bool
	// Sound says that it is a login as the document has it, with the right name and password of an account that there is.
	Sound bool
	// Account is the name of the account that a login is for, in small letters; "" for none.
	Account string
	// Again is asked before it is sent again because a connection broke; nil lets it be.
	Again func(context.Context) bool
	// Spell writes the request otherwise than this package would, once it is made. Head rewrites its request line and header
	// section, blank line and all, as they go on the connection, for what net/http writes in one way only; both nil for nothing.
	Spell func(*http.Request)
	Head  func([]byte) []byte
}

// Described reports whether a document describes the request, so that what it says of answers binds the one to it.
func (r Request) Described(op *openapi.Operation) bool {
	return !r.Undescribed && (r.Method == "" || r.Method == op.Method()) && (r.Path == "" || r.Path == op.Path())
}

// Answer is what a request got. Exactly one of Response-like fields and Err is meaningful: with Err set no complete
// answer came, and Status is 0.
type Answer struct {
	Operation *openapi.Operation
	Status    int
	Header    http.Header
	// Body is what the bytes that came hold: Coding names a content coding that they had and nobody had asked for, and Charset that
	// of the text where it was not UTF-8.
	Body            []byte
	Coding, Charset string
	// Begun is the status of an answer that broke off, with Err, once it had begun.
	Begun int
	// Sent and Received are local times; Date is the server's own, zero when it names none, and Clock what is known of
	// the server's clock.
	Sent, Received, Date time.Time
	Clock                *clock.Clock
	// Differences are the ways in which the answer differs from its description.
	Differences []openapi.Difference
	Err         error
	// Method and URL are what was requested, RequestBody and RequestHeader what was sent.
	Method, URL   string
	RequestHeader http.Header
	RequestBody   []byte
	// Proto and Reason are the status line's other parts; HTTP/2 has no reason. HTTP2 says that HTTP/2 was offered.
	Proto, Reason string
	HTTP2         bool
	Purpose       evidence.Purpose
	Sound         bool // see Request
	// Denied says that the answer refuses what was asked for, whatever its status: see openapi.Operation.RefusedOtherwise.
	// It does where the operation says by what such an answer is known, too; see openapi.Operation.Judge.
	Denied bool
	// Works says that the answer grants what was asked for, whatever its status, since the operation says so.
	Works bool
	// Wire describes what followed the header section on the connection, where it was read.
	Wire string
	// First is an attempt before this one, which met a hiccup on the way; nil where there was none.
	First *Answer
	// Times is how often the request was sent until this answer came, for whatever reason.
	Times int

	wary   bool
	size   int    // bytes of the body as it came
	digest string // of a body that is not shown
	// withheld says that nothing else of it is shown either.
	withheld bool
	// head is that of the request as it went on the connection, where a check wrote it.
	head *atomic.Pointer[[]byte]
}

// Exchange is what the expressions of a contract read of the answer and of its request.
func (a *Answer) Exchange() openapi.Exchange {
	return openapi.Exchange{RequestBody: a.RequestBody, Body: a.Body, Header: a.Header}
}

// begun is a copy of a blank answer to a request that is sent now.
func (a Answer) begun() *Answer {
	a.RequestHeader, a.Sent = a.RequestHeader.Clone(), time.Now()
	return &a
}
