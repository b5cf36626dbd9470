package adaxes

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Credentials reads {username, password}. Both must be there, as strings; an empty one is a wrong one, not a malformed
// one.
func (c *Call) Credentials() (username, password string, refusal *Refusal) {
	fields, refusal := c.fields()
	if refusal != nil {
		return "", "", refusal
	}
	missing := map[string][]string{}
	read := func(name string) string {
		value, complaint := text(fields, name)
		if complaint != "" {
			missing[name] = []string{complaint}
		}
		return value
	}
	username, password = read("username"), read("password")
	if len(missing) > 0 {
		refusal = badRequest("", "")
		refusal.ModelState = missing
		return "", "", refusal
	}
	return username, password, nil
}

// SessionID reads {sessionId} or {sessionId, type}.
func (c *Call) SessionID() (string, *Refusal) {
	fields, refusal := c.fields()
	if refusal != nil {
		return "", refusal
	}
	if !c.server.rules.Requests.Type(c, fields["type"]) {
		return "", badRequest("type", "The type must be 0.")
	}
	id, complaint := text(fields, "sessionid")
	if complaint == "" && id == "" {
		complaint = "The value is required."
	}
	if complaint != "" {
		return "", badRequest("sessionId", complaint)
	}
	return id, nil
}

// AcceptType tells whether a token issue goes ahead with this type, nil for none. Up to 2023.2 it must be 0, although
// a request without one, or with the string that the document's C# sample sends, is let pass. Later releases
// know no type and look at none.
func (c *Call) AcceptType(raw json.RawMessage) bool {
	if c.server.config.Profile == Profile20251 || raw == nil {
		return true
	}
	return string(raw) == "0" || string(raw) == `"0"`
}

// fields are the members of the body's JSON object, by their name in lower case. As .NET reads it, the last of several
// members with one name counts.
func (c *Call) fields() (map[string]json.RawMessage, *Refusal) {
	body := bytes.TrimPrefix(c.Body, []byte("\ufeff"))
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, badRequest("body", "The request body is empty.")
	}
	if !utf8.Valid(body) || !json.Valid(body) {
		return nil, badRequest("body", "The request body is not valid JSON.")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, badRequest("body", "The request body is not a JSON object.")
	}
	fields := map[string]json.RawMessage{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, badRequest("body", "The request body is not valid JSON.")
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, badRequest("body", "The request body is not valid JSON.")
		}
		key, _ := name.(string) // within an object, every second token is a name
		fields[strings.ToLower(key)] = value
	}
	return fields, nil
}

// text is the string of a member, or what is wrong with it.
func text(fields map[string]json.RawMessage, name string) (value, complaint string) {
	raw, given := fields[name]
	if !given || string(raw) == "null" {
		return "", "The value is required."
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", "The value must be a string."
	}
	return value, ""
}
