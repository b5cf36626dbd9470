package spelt_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites"
	"example.org/conform/suites/runner"
)

// A spelling that a server does not understand is found by its own check and no other, though it was sent in company first.
func TestWhatIsNotUnderstoodIsFoundAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: each spelling is a run of its own")
	}
	t.Parallel()
	server, err := reference.Serve(reference.Options{Profile: "adaxes-2025.1", Instances: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	field := func(name, part string) func(*http.Request, string) bool {
		return func(r *http.Request, _ string) bool { return strings.Contains(r.Header.Get(name), part) }
	}
	for wanted, refused := range map[string]func(*http.Request, string) bool{
		"":                       func(*http.Request, string) bool { return false },
		"charset charset-quoted": field("Content-Type", "charset="),
		"media-type-capital":     field("Content-Type", "JSON"),
		"accept-weighted":        field("Accept", "hal"),
		"gzip-accepted":          field("Accept-Encoding", "gzip"),
		"languages":              field("Accept-Language", "de"),
		"unknown-field":          field("X-Conform-Unknown", "1"),
		"no-accept":              func(r *http.Request, _ string) bool { return r.Header.Get("Accept") == "" },
		"no-user-agent":          func(r *http.Request, _ string) bool { return r.Header.Get("User-Agent") == "" },
		"absolute-form":          func(r *http.Request, _ string) bool { return strings.HasPrefix(r.RequestURI, "http:") },
		"escapes-small":          func(r *http.Request, _ string) bool { return strings.Contains(r.URL.RawQuery, "%2f") },
		"escapes-needless":       func(r *http.Request, _ string) bool { return strings.Contains(r.URL.RawQuery, "%61") },
		"json-escapes":           func(_ *http.Request, body string) bool { return strings.Contains(body, `\u006f`) },
		"json-escapes-capital":   func(_ *http.Request, body string) bool { return strings.Contains(body, `\u006F`) },
		"json-blanks":            func(_ *http.Request, body string) bool { return strings.Contains(body, "\t") },
		"json-line-ends":         func(_ *http.Request, body string) bool { return strings.Contains(body, "\r") },
		"json-line-ends-around":  func(_ *http.Request, body string) bool { return strings.HasPrefix(body, "\n") },
		"json-as-in-samples":     func(_ *http.Request, body string) bool { return strings.Contains(body, "{\n") },
	} {
		t.Run(wanted, func(t *testing.T) {
			t.Parallel()
			if got := broken(t, server.Target(), refused); got != wanted {
				t.Errorf("found are: %s", got)
			}
		})
	}
}

// broken are the spellings that a server is found not to understand which refuses some requests.
func broken(t *testing.T, to *target.Target, refused func(r *http.Request, body string) bool) string {
	t.Helper()
	address, err := url.Parse(to.URL)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: address.Scheme, Host: address.Host})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if refused(r, string(body)) {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	own := *to
	own.URL, own.Instances = front.URL+address.Path, nil
	var found []string
	run, err := runner.New(runner.Options{Targets: []*target.Target{&own}, Systems: suites.Systems(), LabelFilter: "spelling || ADX-SAM-01"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range run.Do(t.Context(), nil).Runs[0].Checks {
		switch c.Status {
		case verdict.Warned, verdict.Failed:
			found = append(found, path.Base(c.ID))
		case verdict.Inconclusive:
			t.Errorf("%s: %s", c.ID, c.Reason)
		}
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}
