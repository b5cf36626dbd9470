package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// Kind tells refusals apart where their status does not. Where it does, the kind is the vendor's code.
type Kind string

// The kinds of refusals that rules look at.
const (
	BadRequest     Kind = "badRequest"     // 400, with modelState
	Unauthorized   Kind = "unauthorized"   // 401, no valid Adm-Authorization
	Forbidden      Kind = "forbidden"      // 403, with innerError: no session for this name and password
	NotFound       Kind = "notFound"       // 404, no such path
	UnknownSession Kind = "unknownSession" // 404, no live session with this id
	UnknownToken   Kind = "unknownToken"   // 404, no live token to renew
)

// codes are the vendor's codes of errors.
var codes = map[int]string{
	http.StatusBadRequest: "badRequest", http.StatusUnauthorized: "unauthorized", http.StatusForbidden: "forbidden",
	http.StatusNotFound: "notFound", http.StatusMethodNotAllowed: "methodNotAllowed",
	http.StatusRequestEntityTooLarge: "requestTooLarge", http.StatusUnsupportedMediaType: "unsupportedMediaType",
}

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

// worded words a problem.
func worded(p kernel.Problem) *Refusal {
	if p.Status == http.StatusBadRequest {
		return badRequest("body", p.Message)
	}
	code := codes[p.Status]
	return &Refusal{Kind: Kind(code), Status: p.Status, Code: code, Message: p.Message, Header: p.Header}
}

func refuse(status int, message string) *Refusal {
	return worded(kernel.Problem{Status: status, Message: message})
}

func badRequest(place, message string) *Refusal {
	return invalid(map[string][]string{place: {message}})
}

// invalid refuses a request for what is wrong with its parts.
func invalid(state map[string][]string) *Refusal {
	return &Refusal{Kind: BadRequest, Status: http.StatusBadRequest, Code: codes[http.StatusBadRequest],
		Message: "The request is invalid.", ModelState: state}
}

func forbidden(code InnerCode) *Refusal {
	refused := refuse(http.StatusForbidden, "Authentication failed.")
	refused.Inner = &InnerError{Code: code, Message: innerMessages[code]}
	return refused
}

func unknown(kind Kind, message string) *Refusal {
	refused := refuse(http.StatusNotFound, message)
	refused.Kind = kind
	return refused
}

// refused makes the answer of a refusal: the vendor's error object.
func (c *Call) refused(refusal *Refusal) *Answer {
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
	answer := answered(refusal.Status, members)
	answer.Header, answer.Refusal = refusal.Header.Clone(), refusal
	return answer
}
