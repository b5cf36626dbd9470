package adaxes

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// Credentials reads {username, password}. Both must be there, as strings; an empty one is a wrong one, not a malformed
// one.
func (c *Call) Credentials() (username, password string, refusal *Refusal) {
	object, refusal := c.object()
	if refusal != nil {
		return "", "", refusal
	}
	wrong := map[string][]string{}
	read := func(name string) string {
		value, complaint := object.Text(name)
		if complaint != "" {
			wrong[name] = []string{string(complaint)}
		}
		return value
	}
	if username, password = read("username"), read("password"); len(wrong) > 0 {
		return "", "", invalid(wrong)
	}
	return username, password, nil
}

// SessionID reads {sessionId} or {sessionId, type}.
func (c *Call) SessionID() (string, *Refusal) {
	object, refusal := c.object()
	if refusal != nil {
		return "", refusal
	}
	if !c.server.rules.Requests.Type(c, object["type"]) {
		return "", badRequest("type", "The type must be 0.")
	}
	id, complaint := object.Text("sessionid")
	if complaint == "" && id == "" {
		complaint = kernel.Required
	}
	if complaint != "" {
		return "", badRequest("sessionId", string(complaint))
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

// object are the members of the body, by their name in lower case: .NET reads names in any.
func (c *Call) object() (kernel.Object, *Refusal) {
	body := bytes.TrimPrefix(c.Body, []byte("\ufeff"))
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, badRequest("body", "The request body is empty.")
	}
	object, problem := kernel.ReadObject(body, strings.ToLower)
	if problem != nil {
		return nil, worded(*problem)
	}
	return object, nil
}

// Query is the first value of a query parameter, decoded; the letter case of its name does not matter. What cannot be
// decoded is as good as absent.
func (c *Call) Query(name string) (string, bool) { return c.query(name, url.QueryUnescape) }

// RawQuery is the first value of a query parameter as it stands in the URL, not decoded.
func (c *Call) RawQuery(name string) (string, bool) {
	return c.query(name, func(text string) (string, error) { return text, nil })
}

func (c *Call) query(name string, decode func(string) (string, error)) (string, bool) {
	for pair := range strings.SplitSeq(c.Request.URL.RawQuery, "&") {
		other, value, _ := strings.Cut(pair, "=")
		other, err := decode(other)
		if err != nil || !strings.EqualFold(other, name) {
			continue
		}
		if value, err = decode(value); err == nil {
			return value, true
		}
	}
	return "", false
}
