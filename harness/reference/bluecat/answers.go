package bluecat

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// The media types that the server reads and writes.
const (
	JSON       = "application/json"
	HAL        = "application/hal+json"
	MergePatch = "application/merge-patch+json"
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

// finish says the form of an answer. Refusals are always application/json.
func (c *Call) finish(answer *Answer) {
	media := c.mediaType
	if answer.Refusal != nil {
		media = JSON
	}
	answer.Header.Set("Content-Type", media)
	answer.Header.Set("Cache-Control", "no-store") // answers hold credentials
}

// Negotiate chooses between application/hal+json and application/json by an Accept header (RFC 9110, 12.5.1): the one
// that the client prefers, and application/hal+json where it does not care. It reports false where the client accepts
// neither.
func Negotiate(accept string) (mediaType string, ok bool) {
	if strings.TrimSpace(accept) == "" {
		return HAL, true
	}
	hal, plain := quality(accept, HAL), quality(accept, JSON)
	switch {
	case hal <= 0 && plain <= 0:
		return "", false
	case plain > hal:
		return JSON, true
	}
	return HAL, true
}

// quality is the weight that an Accept header gives a media type: that of the range that describes it most closely.
// What cannot be read counts for nothing.
func quality(accept, mediaType string) float64 {
	main, _, _ := strings.Cut(mediaType, "/")
	closest, weight := 0, 0.0
	for _, part := range strings.Split(accept, ",") {
		given, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		close := map[string]int{"*/*": 1, main + "/*": 2, mediaType: 3}[given]
		if close <= closest {
			continue
		}
		closest, weight = close, 1
		if q, given := parameters["q"]; given {
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				weight = 0
			}
		}
	}
	return weight
}

// Code is the vendor's code of an error.
type Code string

// The codes of the vendor's specification that this server gives.
const (
	InvalidUsernameOrPassword       Code = "InvalidUsernameOrPassword"
	InvalidAuthorizationCredentials Code = "InvalidAuthorizationCredentials"
	InvalidAuthorizationToken       Code = "InvalidAuthorizationToken"
	EmptyRequestBody                Code = "EmptyRequestBody"
	JSONParseError                  Code = "JsonParseError"
	MissingRequiredField            Code = "MissingRequiredField"
)

// Codes of this server's own, for refusals that the vendor's known codes do not name.
const (
	InvalidFieldValue    Code = "InvalidFieldValue"
	ResourceNotFound     Code = "ResourceNotFound"
	MethodNotAllowed     Code = "MethodNotAllowed"
	NotAcceptable        Code = "NotAcceptable"
	RequestTooLarge      Code = "RequestTooLarge"
	UnsupportedMediaType Code = "UnsupportedMediaType"
)

// Refusal is a request that is not granted. None of its texts quotes what the client sent.
type Refusal struct {
	Status  int
	Code    Code
	Message string
	// KnownUser tells, with InvalidUsernameOrPassword, that the user exists. The answer does not say so.
	KnownUser bool
	// Header is added to the answer.
	Header http.Header
}

func refuse(status int, code Code, message string) *Refusal {
	return &Refusal{Status: status, Code: code, Message: message}
}

// worded words a problem.
func worded(p kernel.Problem) *Refusal {
	code := map[int]Code{
		http.StatusBadRequest: JSONParseError, http.StatusNotFound: ResourceNotFound, http.StatusMethodNotAllowed: MethodNotAllowed,
		http.StatusRequestEntityTooLarge: RequestTooLarge,
	}[p.Status]
	return &Refusal{Status: p.Status, Code: code, Message: p.Message, Header: p.Header}
}

func notFound() *Refusal {
	return refuse(http.StatusNotFound, ResourceNotFound, "There is no such resource.")
}

// unauthorized refuses what a request is authorized by, and names the scheme that a client has to use (RFC 9110, 11.6.1).
func unauthorized(code Code, message string) *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: code, Message: message,
		Header: http.Header{"Www-Authenticate": {`Basic realm="Address Manager"`}}}
}

// refused makes the answer of a refusal: the vendor's error object.
func (c *Call) refused(refusal *Refusal) *Answer {
	answer := answered(refusal.Status, Members{
		reply.Of("status", refusal.Status),
		reply.Of("reason", http.StatusText(refusal.Status)),
		reply.Of("code", refusal.Code),
		reply.Of("message", refusal.Message),
	})
	answer.Refusal, answer.Header = refusal, refusal.Header.Clone()
	return answer
}
