package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

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
