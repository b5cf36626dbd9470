package fault_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"example.org/conform/harness/fault"
)

// What sticks lets in who brings nothing, and only where somebody was let in before.
func TestSticks(t *testing.T) {
	t.Parallel()
	for name, way := range seams.Sticks(fault.InField("Authorization")) {
		var c settings
		way.Apply(&c)
		handler := seams.Of(&c).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "right" {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
		ask := func(authorization string, like *http.Response) *http.Response {
			path, method := "/x", http.MethodGet
			if name == "filter-passed-by-head" && authorization == "" && like != nil {
				method = http.MethodHead
			}
			if name == "filter-passed-by-a-slash" && authorization == "" {
				path = "/x/"
			}
			if name == "filter-passed-by-a-backslash" && authorization == "" {
				path = `/x%5Cy`
			}
			if name == "filter-passed-by-a-query" && authorization == "" {
				path = "/x?conform=1"
			}
			r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
			switch {
			case authorization != "" || like == nil:
			case name == "filter-passed-by-a-cookie":
				r.Header.Set("Cookie", "sid=x")
			case name == "filter-passed-from-this-machine":
				r.Header.Set("X-Forwarded-For", "127.0.0.1")
			case name == "filter-passed-by-http-1-0":
				r.Proto, r.ProtoMinor = "HTTP/1.0", 0
			case name == "word-for-nobody-let-in":
				authorization = "Bearer undefined"
			}
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			if like != nil {
				for _, cookie := range like.Cookies() {
					r.AddCookie(cookie)
				}
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			return w.Result()
		}
		if got := ask("", nil).StatusCode; got != http.StatusUnauthorized {
			t.Errorf("%s: somebody who was never let in is answered %d", name, got)
		}
		in, nothing := ask("right", nil), ""
		if name == "third-showing-lets-in" {
			nothing = "wrong"
			ask(nothing, in)
			ask(nothing, in)
		}
		if name == "ninth-refused-in-a-row-let-in" {
			for nothing = "wrong"; len(nothing) < len("wrong")+8; nothing += "x" {
				ask(nothing, in)
			}
		}
		if got := ask(nothing, in).StatusCode; got != http.StatusOK {
			t.Errorf("%s: somebody who was let in is answered %d", name, got)
		}
	}
}
