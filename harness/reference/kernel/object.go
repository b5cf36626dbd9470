package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"
)

// Object are the members of a JSON object, as they were sent.
type Object map[string]json.RawMessage

// ReadObject reads a body that must be one JSON object and nothing else. The last of several members with one name
// counts. Names are kept as name writes them; a nil function keeps them as they are.
func ReadObject(body []byte, name func(string) string) (Object, *Problem) {
	notJSON := problem(http.StatusBadRequest, "The request body is not valid JSON.")
	if !utf8.Valid(body) || !json.Valid(body) {
		return nil, notJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, problem(http.StatusBadRequest, "The request body is not a JSON object.")
	}
	object := Object{}
	for decoder.More() {
		var value json.RawMessage
		token, err := decoder.Token()
		if errors.Join(err, decoder.Decode(&value)) != nil {
			return nil, notJSON
		}
		key, _ := token.(string) // within an object, every second token is a name
		if name != nil {
			key = name(key)
		}
		object[key] = value
	}
	return object, nil
}

// Complaint is what is wrong with a member.
type Complaint string

// The complaints.
const (
	Required  Complaint = "The value is required."
	NotString Complaint = "The value must be a string."
)

// Text is the string of a member, or what is wrong with it. A member that is null is as good as absent.
func (o Object) Text(name string) (value string, wrong Complaint) {
	raw, given := o[name]
	if !given || string(raw) == "null" {
		return "", Required
	}
	if json.Unmarshal(raw, &value) != nil {
		return "", NotString
	}
	return value, ""
}
