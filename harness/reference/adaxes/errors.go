package adaxes

import (
	"net/http"
	"strings"

	"example.org/conform/harness/reference/reply"
)

// Kind tells refusals apart where their status does not.
type Kind string

// The kinds of refusals.
const (
	BadRequest       Kind = "badRequest"       // 400, with modelState
	Unauthorized     Kind = "unauthorized"     // 401, no valid Adm-Authorization
	Forbidden        Kind = "forbidden"        // 403, with innerError: no session for this name and password
	NotFound         Kind = "notFound"         // 404, no such path
	UnknownSession   Kind = "unknownSession"   // 404, no live session with this id
	UnknownToken     Kind = "unknownToken"     // 404, no live token to renew
	UnknownObject    Kind = "unknownObject"    // 404, no such directory object
	MethodNotAllowed Kind = "methodNotAllowed" // 405, with Allow
	TooLarge         Kind = "tooLarge"         // 413
	MediaType        Kind = "mediaType"        // 415
)

// InnerCode is a reason why a login was refused, from the vendor's page "Errors and status codes".
type InnerCode string

// The documented reasons.
const (
	InvalidCredentials InnerCode = "invalidCredentials"
	AccessIsDenied     InnerCode = "accessDenied"
	AccountIsDisabled  InnerCode = "accountIsDisabled"
	AccountLockedOut   InnerCode = "accountLockedOut"
	AccountExpired     InnerCode = "accountExpired"
	LogonTimeIncorrect InnerCode = "logonTimeIncorrect"
)

var innerMessages = map[InnerCode]string{
	InvalidCredentials: "The logon name or the password is wrong.",
	AccessIsDenied:     "Access control does not let this account in.",
	AccountIsDisabled:  "The account is disabled.",
	AccountLockedOut:   "The account is locked out.",
	AccountExpired:     "The account has expired.",
	LogonTimeIncorrect: "The account may not log on at this time.",
}

// Refusal is a request that is not granted, in the vendor's terms. None of its texts quotes what the client sent.
type Refusal struct {
	Kind          Kind
	Status        int
	Message, Code string
	// ModelState lists what is wrong with which part of a request. It goes with 400 alone.
	ModelState map[string][]string
	// Inner says why a login failed. It goes with 403 alone.
	Inner *InnerError
	// Header is added to the answer.
	Header http.Header
}

// InnerError is the reason of a refused login.
type InnerError struct {
	Code    InnerCode
	Message string
	// AttemptsLeft is how many wrong passwords the name has left before it is locked, with InvalidCredentials
	// alone; nil where no account is ever locked.
	AttemptsLeft *int
}

func badRequest(place, message string) *Refusal {
	return &Refusal{Kind: BadRequest, Status: http.StatusBadRequest, Code: "badRequest",
		Message: "The request is invalid.", ModelState: map[string][]string{place: {message}}}
}

func unauthorized() *Refusal {
	return &Refusal{Kind: Unauthorized, Status: http.StatusUnauthorized, Code: "unauthorized",
		Message: "The request carries no valid security token."}
}

func forbidden(code InnerCode) *Refusal {
	return &Refusal{Kind: Forbidden, Status: http.StatusForbidden, Code: "forbidden",
		Message: "Authentication failed.", Inner: &InnerError{Code: code, Message: innerMessages[code]}}
}

func unknown(kind Kind, message string) *Refusal {
	return &Refusal{Kind: kind, Status: http.StatusNotFound, Code: "notFound", Message: message}
}

func notFound() *Refusal { return unknown(NotFound, "There is no such resource.") }

func unknownSession() *Refusal {
	return unknown(UnknownSession, "There is no such session, or it has ended.")
}

func unknownToken() *Refusal {
	return unknown(UnknownToken, "There is no such token, or it has ended.")
}

func unknownObject() *Refusal { return unknown(UnknownObject, "There is no such directory object.") }

func methodNotAllowed(allowed []string) *Refusal {
	return &Refusal{Kind: MethodNotAllowed, Status: http.StatusMethodNotAllowed, Code: "methodNotAllowed",
		Message: "The resource does not support this method.",
		Header:  http.Header{"Allow": {strings.Join(allowed, ", ")}}}
}

func tooLarge() *Refusal {
	return &Refusal{Kind: TooLarge, Status: http.StatusRequestEntityTooLarge, Code: "requestTooLarge",
		Message: "The request body is too large."}
}

func unsupportedMediaType() *Refusal {
	return &Refusal{Kind: MediaType, Status: http.StatusUnsupportedMediaType, Code: "unsupportedMediaType",
		Message: "The request body must be sent as application/json."}
}

// refuse makes the answer of a refusal: the vendor's error object.
func (c *Call) refuse(refusal *Refusal) *Answer {
	c.server.rules.Refuse(c, refusal)
	members := Members{reply.Of("message", refusal.Message), reply.Of("code", refusal.Code)}
	if refusal.ModelState != nil {
		members = append(members, reply.Of("modelState", refusal.ModelState))
	}
	if inner := refusal.Inner; inner != nil {
		described := Members{reply.Of("message", inner.Message), reply.Of("code", inner.Code)}
		if inner.AttemptsLeft != nil {
			described = append(described, reply.Of("attemptsLeft", *inner.AttemptsLeft))
		}
		members = append(members, reply.Of("innerError", described))
	}
	return &Answer{Status: refusal.Status, Header: refusal.Header.Clone(), Members: members, Refusal: refusal}
}
