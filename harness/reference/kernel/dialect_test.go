package kernel

import "testing"

func TestRoutesFind(t *testing.T) {
	t.Parallel()
	routes := Routes[Call, Answer, Problem]{
		{Method: "GET", Path: "/things/own", Operation: "own"},
		{Method: "GET", Path: "/things/?*", Operation: "read"}, {Method: "PUT", Path: "/things/?*", Operation: "write"},
	}
	for _, c := range []struct {
		method, path string
		want         Operation
		status       int
		allow        string
	}{
		{"GET", "/things/own", "own", 0, ""}, {"GET", "/things/1", "read", 0, ""}, {"PUT", "/things/1", "write", 0, ""},
		{"PUT", "/things/own", NoOperation, 405, "GET"}, {"POST", "/things/1", NoOperation, 405, "GET, PUT"},
		{"GET", "/things/", NoOperation, 404, ""}, {"GET", "/things/1/2", NoOperation, 404, ""}, {"GET", "", NoOperation, 404, ""},
	} {
		operation, problem := routes.Find(c.method, c.path, func(p Problem) *Problem { return &p })
		if operation != c.want || c.status == 0 != (problem == nil) {
			t.Errorf("%s %s: %q, %+v", c.method, c.path, operation, problem)
		} else if problem != nil && (problem.Status != c.status || problem.Header.Get("Allow") != c.allow) {
			t.Errorf("%s %s: %+v", c.method, c.path, problem)
		}
	}
}
