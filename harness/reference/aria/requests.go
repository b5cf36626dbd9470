package aria

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
)

// Credentials are what an acquisition sends: the document's UsernamePassword.
type Credentials struct {
	Username, Password string
	// AuthSource is the name of a source, "" where the request names none.
	AuthSource string
}

// Credentials reads {username, password, authSource}. The first two must be there, as strings, and the name must not be
// empty; an empty password is a wrong one.
func (c *Call) Credentials() (Credentials, *Refusal) {
	object, problem := kernel.ReadObject(c.Body, nil)
	if problem != nil {
		return Credentials{}, worded(*problem)
	}
	var failures []Failure
	read := func(name string, required bool) string {
		value, wrong := object.Text(name)
		if wrong != "" && (required || wrong != kernel.Required) {
			failures = append(failures, Failure{string(wrong), name})
		}
		return value
	}
	given := Credentials{Username: read("username", true), Password: read("password", true), AuthSource: read("authSource", false)}
	if given.Username == "" && len(failures) == 0 {
		failures = append(failures, Failure{"The value must not be empty.", "username"})
	}
	if len(failures) > 0 {
		refusal := worded(kernel.Problem{Status: http.StatusBadRequest, Message: "The request is invalid."})
		refusal.Failures = failures
		return Credentials{}, refusal
	}
	return given, nil
}
