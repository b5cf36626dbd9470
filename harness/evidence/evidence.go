// Package evidence is the record of what a check sent and what came back, in the form that is stored and handed
// to a vendor: every secret is already replaced by its name when a value of this package is made.
package evidence

import (
	"strings"
	"time"
)

// Purpose says what an exchange was for within its check.
type Purpose string

// The purposes of an exchange.
const (
	Arrange   Purpose = "arrange"    // makes what the check needs
	Act       Purpose = "act"        // the request that the check is about
	Control   Purpose = "control"    // shows that the right credential works, around a refusal
	CleanUp   Purpose = "clean-up"   // ends what the check made
	Preflight Purpose = "preflight"  // before the first check
	Passing   Purpose = "in passing" // of another check, which saw in it what its own check did not
)

// Effect is what the contract says that a request does to a credential when it is answered with success.
type Effect string

// The effects of a request; most have none.
const (
	HandsOut Effect = "hands out"
	Renews   Effect = "renews"
	Ends     Effect = "ends"
)

// Header is one header line, in the order and the letter case in which it was sent or received where that is known.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Violation is one way in which a response differs from the contract's description of its operation.
type Violation struct {
	// Requirement is the ID of the requirement that the described part belongs to.
	Requirement string `json:"requirement" scrub:"own"`
	// Place names the part: "status", "media type", "body", a header's name or a JSON pointer.
	Place string `json:"place"`
	// Expected and Actual are one line each. Actual never quotes a value that the contract marks secret.
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
}

// WholeBody is the place of what is wrong with a body as a whole.
const WholeBody = "body"

// Body is a message body as evidence keeps it.
type Body struct {
	// Text is the redacted body, or its first part when Cut is set. Bytes of a request that are not UTF-8 text are shown as
	// a hex dump, and Binary is set.
	Text   string `json:"text"`
	Binary bool   `json:"binary,omitempty"`
	// Decoded says what the bytes were, such as gzip, whose content Text is.
	Decoded string `json:"decoded,omitempty"`
	// Withheld says that Text is a word about the body and not the body, in which a secret could not be told from the rest.
	Withheld bool `json:"withheld,omitempty"`
	// Size is the number of bytes that were read, before redaction.
	Size int `json:"size"`
	// Cut says that Text holds less than was read, or that reading stopped at the client's limit.
	Cut bool `json:"cut,omitempty"`
	// Digest is the SHA-256 of all of the body, in hexadecimal digits, where Text holds less.
	Digest string `json:"sha256,omitempty"`
}

// Request is what was sent.
type Request struct {
	Method  string   `json:"method" scrub:"own"`
	URL     string   `json:"url"`
	Headers []Header `json:"headers"`
	Body    *Body    `json:"body,omitempty"`
	// HTTP2 says that the server was offered HTTP/2; the response's Proto is what it chose.
	HTTP2 bool `json:"http2,omitempty"`
	// Head is the request line and the header section as they stood on the connection, where the check wrote them in a way of its own.
	Head string `json:"head,omitempty"`
}

// Response is what came back.
type Response struct {
	Proto   string   `json:"proto"`
	Status  int      `json:"status"`
	Reason  string   `json:"reason"`
	Headers []Header `json:"headers"`
	Body    *Body    `json:"body,omitempty"`
	// Wire describes what stood on the connection after the header section, where a check reads the bytes
	// themselves; empty otherwise.
	Wire string `json:"wire,omitempty"`
}

// beginning is how many letters of a body show what it is.
const beginning = 100

// Begins is how a body begins, in one line; "" for one that is blank or no text.
func (b *Body) Begins() string {
	if b == nil || b.Binary || b.Withheld {
		return ""
	}
	text := []rune(OneLine(strings.TrimSpace(b.Text)))
	if len(text) > beginning {
		return string(text[:beginning-1]) + "…"
	}
	return string(text)
}

// Begins is how the body of the answer begins, as Body has it; "" where there is no answer.
func (e Exchange) Begins() string {
	if e.Response == nil {
		return ""
	}
	return e.Response.Body.Begins()
}

// Exchange is one request with its response, or with the error that stood in for it.
type Exchange struct {
	Purpose   Purpose   `json:"purpose"`
	Operation string    `json:"operation" scrub:"own"`
	Effect    Effect    `json:"effect,omitempty" scrub:"own"`
	Started   time.Time `json:"started"`
	// DurationMs is the time from the first byte sent to the last byte read, in milliseconds.
	DurationMs float64   `json:"durationMs"`
	Request    Request   `json:"request"`
	Response   *Response `json:"response,omitempty"`
	// Error is set when no complete response came: what failed, in one line.
	Error      string      `json:"error,omitempty"`
	Violations []Violation `json:"violations,omitempty"`
}

// OneLine is a text on one line: white space of any kind, line ends too, becomes single blanks.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
