package aria

import (
	"net/http"
	"strings"

	"example.org/conform/harness/reference/reply"
)

const (
	mediaJSON = "application/json"
	mediaXML  = "application/xml"
)

// Answer is a response before it is written.
type Answer struct {
	Status int
	// Header goes out as it is. Without a Content-Type or a Content-Length of its own, an answer with a body gets both.
	Header http.Header
	// Members are the object of the body; nil means no body. Root is its name where it is written as XML.
	Members map[string]any
	Root    string
	// Body is sent in place of Members where it is not nil.
	Body []byte
	// Refusal is what the answer refuses, Token what it hands out; nil otherwise.
	Refusal *Refusal
	Token   *Token
	xml     bool
}

// Failure is one thing that is wrong with a request.
type Failure struct {
	FailureMessage string `json:"failureMessage"`
	ViolationPath  string `json:"violationPath"`
}

// Refusal is a request that is not granted. None of its texts quotes what the client sent.
type Refusal struct {
	Status  int
	Message string
	// Code is apiErrorCode.
	Code int
	// Failures go with 400 alone.
	Failures []Failure
	// Header is added to the answer.
	Header http.Header
}

func badRequest(message string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Message: message, Code: 400}
}

func unsupportedMediaType() *Refusal {
	return &Refusal{Status: http.StatusUnsupportedMediaType, Message: "The request body must be sent as application/json.", Code: 415}
}

func tooLarge() *Refusal {
	return &Refusal{Status: http.StatusRequestEntityTooLarge, Message: "The request body is too large.", Code: 413}
}

func tooMany() *Refusal {
	return &Refusal{Status: http.StatusServiceUnavailable, Message: "The server keeps no more tokens.", Code: 503}
}

func notFound() *Refusal {
	return &Refusal{Status: http.StatusNotFound, Message: "There is no such resource.", Code: 404}
}

func methodNotAllowed(allowed string) *Refusal {
	return &Refusal{Status: http.StatusMethodNotAllowed, Message: "The resource does not support this method.", Code: 405,
		Header: http.Header{"Allow": {allowed}}}
}

// unauthenticated refuses a login.
func unauthenticated() *Refusal {
	return &Refusal{Status: http.StatusUnauthorized, Message: "The user name or the password is not valid.", Code: 1501}
}

// unauthorized refuses a request that carries no valid token, and says which schemes there are.
func (c *Call) unauthorized() *Refusal {
	header := http.Header{}
	for _, scheme := range c.server.config.Schemes {
		header.Add("WWW-Authenticate", scheme+` realm="suite-api"`)
	}
	return &Refusal{Status: http.StatusUnauthorized, Message: "The request carries no valid token.", Code: 1502, Header: header}
}

// refuse makes the answer of a refusal, as servers in use word it.
func (c *Call) refuse(refusal *Refusal) *Answer {
	c.server.rules.Refuse(c, refusal)
	members := map[string]any{
		"message": refusal.Message, "httpStatusCode": refusal.Status, "apiErrorCode": refusal.Code,
	}
	if refusal.Failures != nil {
		members["validationFailures"] = refusal.Failures
	}
	return &Answer{Status: refusal.Status, Header: refusal.Header.Clone(), Root: "error", Members: members, Refusal: refusal}
}

// negotiate chooses between JSON and XML by the first of the two that Accept names. The rest of Accept is not looked at.
func (a *Answer) negotiate(accept string) {
	if a.Header == nil {
		a.Header = http.Header{}
	}
	for part := range strings.SplitSeq(accept, ",") {
		media, _, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(media)) {
		case mediaXML, "text/xml":
			a.xml = true
			return
		case mediaJSON, "*/*", "application/*":
			return
		}
	}
}

// write sends the answer.
func (a *Answer) write(w http.ResponseWriter) {
	body, media := a.Body, ""
	if body == nil && a.Members != nil {
		var err error
		if a.xml {
			body, media = writeXML(a.Root, a.Members), mediaXML
		} else if body, err = reply.JSON(a.Members); err != nil {
			// A rule set a member that has no JSON form. Saying so beats a broken body.
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		} else {
			media = mediaJSON
		}
	}
	if media != "" && a.Header.Get("Content-Type") == "" {
		a.Header.Set("Content-Type", media+";charset=UTF-8")
	}
	if body != nil {
		a.Header.Set("Cache-Control", "no-store") // answers hold credentials
	}
	reply.Write(w, a.Status, a.Header, body)
}
