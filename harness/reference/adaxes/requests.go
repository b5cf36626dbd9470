package adaxes

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// BasePath is where the API begins, in any letter case.
const BasePath = "/restApi"

// DefaultMaxBody is the largest request body that is read, in bytes.
const DefaultMaxBody = 64 << 10

// method is one method that a path supports, and what it asks for.
type method struct {
	name      string
	operation Operation
}

// paths lists what there is, below BasePath and in lower case.
func paths(path string) []method {
	switch path {
	case "/api/authsessions/create":
		return []method{{http.MethodPost, CreateSession}}
	case "/api/authsessions":
		return []method{{http.MethodDelete, TerminateSession}}
	case "/api/auth":
		return []method{{http.MethodPost, IssueToken}, {http.MethodPatch, RenewToken}, {http.MethodDelete, DestroyToken}}
	case "/api/directoryobjects":
		return []method{{http.MethodGet, Probe}}
	}
	return nil
}

// Route finds the operation of the request's path and method. Paths are compared without regard to letter case and to
// a slash at the end, as ASP.NET compares them.
func (c *Call) Route() (Operation, *Refusal) {
	path := strings.ToLower(c.Request.URL.Path)
	path, below := strings.CutPrefix(path, strings.ToLower(BasePath))
	supported := paths(strings.TrimSuffix(path, "/"))
	if !below || supported == nil {
		return NoOperation, notFound()
	}
	var allowed []string
	for _, m := range supported {
		if m.name == c.Request.Method {
			return m.operation, nil
		}
		allowed = append(allowed, m.name)
	}
	return NoOperation, methodNotAllowed(allowed)
}

// Query is the first value of a query parameter, decoded; the letter case of its name does not matter. What cannot be
// decoded is as good as absent.
func (c *Call) Query(name string) (string, bool) {
	for _, pair := range strings.Split(c.Request.URL.RawQuery, "&") {
		other, value, _ := strings.Cut(pair, "=")
		other, err := url.QueryUnescape(other)
		if err != nil || !strings.EqualFold(other, name) {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil {
			return value, true
		}
	}
	return "", false
}

// RawQuery is the first value of a query parameter as it stands in the URL, not decoded.
func (c *Call) RawQuery(name string) (string, bool) {
	for _, pair := range strings.Split(c.Request.URL.RawQuery, "&") {
		if other, value, _ := strings.Cut(pair, "="); strings.EqualFold(other, name) {
			return value, true
		}
	}
	return "", false
}

// readBody checks the media type and reads the body.
func (c *Call) readBody(w http.ResponseWriter) *Refusal {
	rules := c.server.rules.Requests
	if !rules.MediaType(c, c.Request.Header.Get("Content-Type")) {
		return unsupportedMediaType()
	}
	switch err := c.ReadBody(w, rules.MaxBody); {
	case errors.Is(err, kernel.ErrTooLarge):
		return tooLarge()
	case err != nil:
		return badRequest("body", "The request body could not be read.")
	}
	return nil
}
