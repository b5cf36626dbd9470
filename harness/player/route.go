package player

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// Route is the operation that a request asks for.
func (c *Call) Route() (kernel.Operation, *Refusal) {
	var allowed []string
	ops, values := c.server.config.Contract.Route(c.Request.URL.EscapedPath())
	for _, op := range ops {
		if op.Method() == c.Request.Method {
			c.op, c.path = op, values
			return kernel.Operation(op.ID()), nil
		}
		allowed = append(allowed, op.Method())
	}
	if allowed == nil {
		return kernel.NoOperation, &Refusal{Status: http.StatusNotFound}
	}
	slices.Sort(allowed)
	return kernel.NoOperation, &Refusal{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {strings.Join(allowed, ", ")}}}
}
