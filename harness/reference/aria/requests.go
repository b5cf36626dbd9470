package aria

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"

	"example.org/conform/harness/reference/kernel"
)

// maxBody is the largest request body that is read, in bytes.
const maxBody = 64 << 10

// Credentials are what an acquisition sends: the document's UsernamePassword.
type Credentials struct {
	Username, Password string
	// AuthSource is the name of a source, "" where the request names none.
	AuthSource string
}

// readBody checks the media type and reads the body.
func (c *Call) readBody(w http.ResponseWriter) *Refusal {
	if !c.server.rules.Requests.MediaType(c, c.Request.Header.Get("Content-Type")) {
		return unsupportedMediaType()
	}
	switch err := c.ReadBody(w, maxBody); {
	case errors.Is(err, kernel.ErrTooLarge):
		return tooLarge()
	case err != nil:
		return badRequest("The request body could not be read.")
	}
	return nil
}

// Credentials reads {username, password, authSource}. The first two must be there, as strings, and the name must not be
// empty; an empty password is a wrong one.
func (c *Call) Credentials() (Credentials, *Refusal) {
	if !utf8.Valid(c.Body) || !json.Valid(c.Body) {
		return Credentials{}, badRequest("The request body is not valid JSON.")
	}
	var members map[string]json.RawMessage
	if bytes.HasPrefix(bytes.TrimSpace(c.Body), []byte("null")) || json.Unmarshal(c.Body, &members) != nil {
		return Credentials{}, badRequest("The request body is not a JSON object.")
	}
	var given Credentials
	var failures []Failure
	for _, m := range []struct {
		name     string
		into     *string
		required bool
	}{{"username", &given.Username, true}, {"password", &given.Password, true}, {"authSource", &given.AuthSource, false}} {
		raw, present := members[m.name]
		absent := !present || string(raw) == "null"
		switch {
		case absent && m.required:
			failures = append(failures, Failure{"The value is required.", m.name})
		case !absent && json.Unmarshal(raw, m.into) != nil:
			failures = append(failures, Failure{"The value must be a string.", m.name})
		}
	}
	if given.Username == "" && len(failures) == 0 {
		failures = append(failures, Failure{"The value must not be empty.", "username"})
	}
	if len(failures) > 0 {
		refusal := badRequest("The request is invalid.")
		refusal.Failures = failures
		return Credentials{}, refusal
	}
	return given, nil
}
