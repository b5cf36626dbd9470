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
		agent := "u"
		ask := func(authorization string, like *http.Response) *http.Response {
			path, method := "/x", http.MethodGet
			if name == "filter-passed-by-head" && authorization == "" && like != nil {
				method = http.MethodHead
			}
			if name == "filter-passed-by-a-slash" && authorization == "" {
				path = "/x/"
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
			if r.Header.Set("User-Agent", agent); authorization != "" {
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
		if name == "bound-to-the-user-agent" {
			agent = "v"
			if got := ask("right", nil).StatusCode; got != http.StatusUnauthorized {
				t.Errorf("%s: another who was let in is answered %d", name, got)
			}
			continue
		}
		switch name {
		case "refusal-with-the-answer-in-it", "first-of-a-connection-answered", "error-ends-what-it-came-with":
			continue // they let in nobody, and are tried by what they are
		}
		if got := ask(nothing, in).StatusCode; got != http.StatusOK {
			t.Errorf("%s: somebody who was let in is answered %d", name, got)
		}
	}
}

// These let in nobody who brings nothing: one shows what it refuses, one answers about another, and one ends what came with an error.
func TestSticksThatLetNobodyIn(t *testing.T) {
	t.Parallel()
	ways := seams.Sticks(fault.InField("Authorization"))
	served := func(name string) func(authorization, path string) (status int, body string) {
		var c settings
		ways[name].Apply(&c)
		handler := seams.Of(&c).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who := r.Header.Get("Authorization")
			switch {
			case who != "one" && who != "two":
				w.WriteHeader(http.StatusUnauthorized)
			case r.URL.Path != "/x":
				w.WriteHeader(http.StatusNotFound)
			default:
				_, _ = w.Write([]byte(who))
			}
		}))
		return func(authorization, path string) (int, string) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			return w.Code, w.Body.String()
		}
	}
	for name, c := range map[string]struct {
		asked, path string
		status      int
		body        string
	}{
		"refusal-with-the-answer-in-it":  {"nobody", "/x", http.StatusUnauthorized, "one"},
		"first-of-a-connection-answered": {"two", "/x", http.StatusOK, "one"},
		"error-ends-what-it-came-with":   {"one", "/y", http.StatusNotFound, ""},
	} {
		ask := served(name)
		if status, body := ask("one", "/x"); status != http.StatusOK || body != "one" {
			t.Errorf("%s: who is let in is answered %d %q", name, status, body)
		}
		if status, body := ask(c.asked, c.path); status != c.status || body != c.body {
			t.Errorf("%s: %s at %s is answered %d %q", name, c.asked, c.path, status, body)
		}
		if status, _ := ask("", "/x"); status != http.StatusUnauthorized {
			t.Errorf("%s: who brings nothing is answered %d", name, status)
		}
		if status, _ := ask("one", "/x"); (status == http.StatusUnauthorized) != (name == "error-ends-what-it-came-with") {
			t.Errorf("%s: who was let in is answered %d at last", name, status)
		}
	}
}
