package bluecat

import (
	"maps"
	"net/http"
	"slices"
	"strings"

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

func invalidUsernameOrPassword(known bool) *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: InvalidUsernameOrPassword, KnownUser: known,
		Message: "The user name or the password is wrong."}
}

func invalidAuthorizationCredentials() *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: InvalidAuthorizationCredentials, Header: challenge(),
		Message: "The request carries no Basic credentials that can be read."}
}

func invalidAuthorizationToken() *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Code: InvalidAuthorizationToken, Header: challenge(),
		Message: "The API token is not valid for this user."}
}

// challenge names the scheme that a client has to use (RFC 9110, 11.6.1).
func challenge() http.Header {
	return http.Header{"Www-Authenticate": {`Basic realm="Address Manager"`}}
}

func emptyRequestBody() *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: EmptyRequestBody, Message: "The request body is empty."}
}

func jsonParseError(message string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: JSONParseError, Message: message}
}

func missingRequiredField(name string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: MissingRequiredField, Message: "The field " + name + " is required."}
}

func invalidFieldValue(name string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: InvalidFieldValue, Message: "The field " + name + " cannot have this value."}
}

func notFound() *Refusal {
	return &Refusal{Status: http.StatusNotFound, Code: ResourceNotFound, Message: "There is no such resource."}
}

func notAcceptable() *Refusal {
	return &Refusal{Status: http.StatusNotAcceptable, Code: NotAcceptable, Message: "The answer would be " + HAL + " or " + JSON + "."}
}

func tooLarge() *Refusal {
	return &Refusal{Status: http.StatusRequestEntityTooLarge, Code: RequestTooLarge, Message: "The request body is too large."}
}

func unsupportedMediaType(mediaTypes []string) *Refusal {
	return &Refusal{Status: http.StatusUnsupportedMediaType, Code: UnsupportedMediaType,
		Message: "The request body must be sent as " + strings.Join(mediaTypes, " or ") + "."}
}

func methodNotAllowed(supported map[string]Operation) *Refusal {
	return &Refusal{Status: http.StatusMethodNotAllowed, Code: MethodNotAllowed, Message: "The resource does not support this method.",
		Header: http.Header{"Allow": {strings.Join(slices.Sorted(maps.Keys(supported)), ", ")}}}
}

// refuse makes the answer of a refusal: the vendor's error object, always as application/json.
func (c *Call) refuse(refusal *Refusal) *Answer {
	c.server.rules.Refuse(c, refusal)
	answer := &Answer{Status: refusal.Status, Header: refusal.Header.Clone(), Refusal: refusal, Members: Members{
		reply.Of("status", refusal.Status),
		reply.Of("reason", http.StatusText(refusal.Status)),
		reply.Of("code", refusal.Code),
		reply.Of("message", refusal.Message),
	}}
	answer.header().Set("Content-Type", JSON)
	return answer
}
