package bluecat

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
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
	texts, refusal := c.texts([]string{JSON, HAL}, "username", "password")
	if refusal != nil {
		return "", "", refusal
	}
	return texts[0], texts[1], nil
}

// readLogout reads {state: LOGGED_OUT}.
func (c *Call) readLogout() *Refusal {
	texts, refusal := c.texts([]string{MergePatch}, "state")
	if refusal == nil && texts[0] != LoggedOut {
		return refuse(http.StatusBadRequest, InvalidFieldValue, "The field state cannot have this value.")
	}
	return refusal
}

// texts are the strings of the body's members of these names.
func (c *Call) texts(mediaTypes []string, names ...string) ([]string, *Refusal) {
	given, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(mediaTypes, given) {
		return nil, refuse(http.StatusUnsupportedMediaType, UnsupportedMediaType,
			"The request body must be sent as "+strings.Join(mediaTypes, " or ")+".")
	}
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return nil, refuse(http.StatusBadRequest, EmptyRequestBody, "The request body is empty.")
	}
	object, problem := kernel.ReadObject(c.Body, nil)
	if problem != nil {
		return nil, worded(*problem)
	}
	var texts []string
	for _, name := range names {
		text, wrong := object.Text(name)
		switch wrong {
		case kernel.Required:
			return nil, refuse(http.StatusBadRequest, MissingRequiredField, "The field "+name+" is required.")
		case kernel.NotString:
			return nil, refuse(http.StatusBadRequest, JSONParseError, "The value of "+name+" is not a string.")
		}
		texts = append(texts, text)
	}
	return texts, nil
}
