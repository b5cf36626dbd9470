package bluecat

import (
	"bytes"
	"encoding/json"
	"mime"
	"unicode/utf8"
)

// The media types that the server reads and writes.
const (
	JSON       = "application/json"
	HAL        = "application/hal+json"
	MergePatch = "application/merge-patch+json"
)

// Credentials reads {username, password}. Both must be there, as strings; an empty one is a wrong one, not a missing
// one. Other members are ignored.
func (c *Call) Credentials() (username, password string, refusal *Refusal) {
	fields, refusal := c.fields(JSON, HAL)
	if refusal != nil {
		return "", "", refusal
	}
	for _, field := range []struct {
		name string
		into *string
	}{{"username", &username}, {"password", &password}} {
		if refusal := text(fields, field.name, field.into); refusal != nil {
			return "", "", refusal
		}
	}
	return username, password, nil
}

// readLogout reads {state: LOGGED_OUT}.
func (c *Call) readLogout() *Refusal {
	fields, refusal := c.fields(MergePatch)
	if refusal != nil {
		return refusal
	}
	var state string
	if refusal := text(fields, "state", &state); refusal != nil {
		return refusal
	}
	if state != LoggedOut {
		return invalidFieldValue("state")
	}
	return nil
}

// fields are the members of the body's JSON object.
func (c *Call) fields(mediaTypes ...string) (map[string]json.RawMessage, *Refusal) {
	if given := c.Request.Header.Get("Content-Type"); !oneOf(given, mediaTypes) {
		return nil, unsupportedMediaType(mediaTypes)
	}
	body := bytes.TrimSpace(c.Body)
	switch {
	case len(body) == 0:
		return nil, emptyRequestBody()
	case !utf8.Valid(body) || !json.Valid(body):
		return nil, jsonParseError("The request body is not valid JSON.")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return nil, jsonParseError("The request body is not a JSON object.")
	}
	return fields, nil
}

// oneOf tells whether a Content-Type is one of the media types, whatever its parameters.
func oneOf(contentType string, mediaTypes []string) bool {
	given, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	for _, mediaType := range mediaTypes {
		if given == mediaType {
			return true
		}
	}
	return false
}

// text reads the string of a member.
func text(fields map[string]json.RawMessage, name string, into *string) *Refusal {
	raw, given := fields[name]
	if !given || string(raw) == "null" {
		return missingRequiredField(name)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return jsonParseError("The value of " + name + " is not a string.")
	}
	return nil
}
