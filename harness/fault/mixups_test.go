package fault_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
)

// Mix-ups let in nobody who brings nothing: one shows what it refuses, one answers about another, and one ends what came with an error.
func TestMixups(t *testing.T) {
	t.Parallel()
	ways := seams.Mixups(fault.InField("Authorization"))
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
		"refusal-with-the-answer-in-it":     {"nobody", "/x", http.StatusUnauthorized, "one"},
		"refusal-with-the-answer-beside-it": {"nobody", "/x", http.StatusUnauthorized, `{"error":"refused","data":one}`},
		"first-of-a-connection-answered":    {"two", "/x", http.StatusOK, "one"},
		"error-ends-what-it-came-with":      {"one", "/y", http.StatusNotFound, ""},
		"error-shuts-out-once":              {"one", "/y", http.StatusNotFound, ""},
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
		if status, _ := ask("one", "/x"); (status == http.StatusUnauthorized) != strings.HasPrefix(name, "error-") {
			t.Errorf("%s: who was let in is answered %d at last", name, status)
		}
		if status, _ := ask("one", "/x"); (status == http.StatusUnauthorized) != (name == "error-ends-what-it-came-with") {
			t.Errorf("%s: who was let in is answered %d in the end", name, status)
		}
	}
}

// What is bound to a field is refused with another value of it, and let in with its own.
func TestWhatIsBoundIsRefusedElsewhere(t *testing.T) {
	t.Parallel()
	for name, field := range map[string]string{"bound-to-the-user-agent": "User-Agent", "bound-to-the-language": "Accept-Language"} {
		var c settings
		seams.Mixups(fault.InField("Authorization"))[name].Apply(&c)
		handler := seams.Of(&c).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "right" {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
		for _, asked := range []struct {
			value  string
			status int
		}{{"u", http.StatusOK}, {"v", http.StatusUnauthorized}, {"u", http.StatusOK}} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil)
			r.Header.Set("Authorization", "right")
			r.Header.Set(field, asked.value)
			w := httptest.NewRecorder()
			if handler.ServeHTTP(w, r); w.Code != asked.status {
				t.Errorf("%s: with %s %s: %d, expected %d", name, field, asked.value, w.Code, asked.status)
			}
		}
	}
}
