package player

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/openapi"
)

// route is where an operation is asked for: the segments of its path, those in braces standing for anything.
type route struct {
	op       *openapi.Operation
	segments []string
}

// routesOf are the routes of a contract, those first that leave least open.
func routesOf(d *openapi.Document) (all []route) {
	for _, op := range d.Operations() {
		all = append(all, route{op, strings.Split(op.Path(), "/")})
	}
	open := func(r route) int { return strings.Count(r.op.Path(), "{") }
	slices.SortStableFunc(all, func(a, b route) int { return cmp.Compare(open(a), open(b)) })
	return all
}

// match reads a path by the route, as it came, since what an escape stands for is no separator.
func (r route) match(path string) (values map[string]string, ok bool) {
	given := strings.Split(path, "/")
	if len(given) != len(r.segments) {
		return nil, false
	}
	values = map[string]string{}
	for i, segment := range r.segments {
		text, err := url.PathUnescape(given[i])
		before, rest, open := strings.Cut(segment, "{")
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case err != nil:
			return nil, false
		case !open || !closed:
			if text != segment {
				return nil, false
			}
		case len(text) <= len(before)+len(after) || !strings.HasPrefix(text, before) || !strings.HasSuffix(text, after):
			return nil, false
		default:
			values[name] = text[len(before) : len(text)-len(after)]
		}
	}
	return values, true
}

// Route is the operation that a request asks for.
func (c *Call) Route() (kernel.Operation, *Refusal) {
	var allowed []string
	pattern := ""
	for _, r := range c.server.routes {
		values, matches := r.match(c.Request.URL.EscapedPath())
		if !matches || pattern != "" && r.op.Path() != pattern {
			continue
		}
		if r.op.Method() == c.Request.Method {
			c.op, c.path = r.op, values
			return kernel.Operation(r.op.ID()), nil
		}
		pattern, allowed = r.op.Path(), append(allowed, r.op.Method())
	}
	if allowed == nil {
		return kernel.NoOperation, &Refusal{Status: http.StatusNotFound}
	}
	slices.Sort(allowed)
	return kernel.NoOperation, &Refusal{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {strings.Join(allowed, ", ")}}}
}
