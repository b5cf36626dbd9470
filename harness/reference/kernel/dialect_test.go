package kernel

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

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

func TestWriteStatesTheLengthOfABody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header http.Header
		body   []byte
		length string
	}{
		"a body":          {200, nil, []byte("four"), "4"},
		"an empty body":   {200, nil, []byte{}, "0"},
		"no body":         {204, nil, nil, ""},
		"a length given":  {200, http.Header{"Content-Length": {"9"}}, []byte("four"), "9"},
		"length unknown":  {200, http.Header{"Transfer-Encoding": {"chunked"}}, []byte("four"), ""},
		"its own letters": {200, http.Header{"ADM-service": {"x"}}, []byte("four"), "4"},
	} {
		w := httptest.NewRecorder()
		write(w, c.status, c.header, c.body)
		if w.Code != c.status || w.Header().Get("Content-Length") != c.length || w.Body.String() != string(c.body) {
			t.Errorf("%s: %d, %v, %q", name, w.Code, w.Header(), w.Body)
		}
		for header := range c.header {
			if _, as := w.Header()[header]; !as {
				t.Errorf("%s: the header's name has changed: %v", name, w.Header())
			}
		}
	}
}
