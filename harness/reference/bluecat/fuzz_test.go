package bluecat_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"example.org/conform/harness/reference/bluecat"
)

func FuzzRequests(f *testing.F) {
	server, err := bluecat.New(bluecat.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(server.Close)
	f.Add("/api/v2/sessions", "Basic eDp5", "*/*", "application/json", []byte(`{"username":"x","password":"y"}`))
	f.Add("/api/v2/sessions/current", "Basic =", "application/json;q=x", "", []byte(`{"state":`))
	f.Fuzz(func(t *testing.T, path, authorization, accept, contentType string, body []byte) {
		for _, method := range []string{"GET", "POST", "PATCH"} {
			r := httptest.NewRequest(method, "/", bytes.NewReader(body))
			r.URL.Path = path
			r.Header = http.Header{"Authorization": {authorization}, "Accept": {accept}, "Content-Type": {contentType}}
			w := httptest.NewRecorder()
			server.Handler().ServeHTTP(w, r)
			if w.Code/100 != 4 {
				t.Errorf("%s %q: %d %.200s", method, path, w.Code, w.Body)
			}
		}
	})
}
