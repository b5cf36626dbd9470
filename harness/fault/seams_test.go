package fault_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/kernel"
)

// The server of these tests: a call is its operation, an answer and a refusal are texts, and no answer grants an x.
type (
	call     = kernel.Call
	settings struct {
		kernel.Seams[call, string, string]
	}
)

var seams = fault.Seams[settings, call, string, string]{
	Of:   func(c *settings) *kernel.Seams[call, string, string] { return &c.Seams },
	Call: func(c *call) *kernel.Call { return c },
	Refusal: func(a *string) *string {
		if !strings.Contains(*a, "x") {
			return nil
		}
		return a
	},
}

func TestSeams(t *testing.T) {
	t.Parallel()
	add := func(s string) func(*string) { return func(a *string) { *a += s } }
	for name, c := range map[string]struct {
		override func(*settings)
		want     []string // of the answers a, x and a to an issue, and of a to a probe
	}{
		"granted": {seams.Granted("issue", add("1")), []string{"a1", "x", "a1", "a"}},
		"errors":  {seams.Errors(add("1")), []string{"a", "x1", "a", "a"}},
		"edit": {func(c *settings) {
			seams.Granted("issue", add("1"))(c)
			seams.Edit(func(_ *call, a *string) { *a += "2" })(c)
		}, []string{"a12", "x2", "a12", "a2"}},
	} {
		config := settings{kernel.OwnSeams[call, string, string]()}
		c.override(&config)
		var got []string
		for i, answer := range []string{"a", "x", "a", "a"} {
			asked := call{Operation: []kernel.Operation{"issue", "issue", "issue", "probe"}[i]}
			config.Edit(&asked, &answer)
			got = append(got, answer)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestBeforeAndChunked(t *testing.T) {
	t.Parallel()
	before := start(t, fault.Before(func(r *http.Request) { r.URL.Path = "/other" }))
	if _, _, body := get(t, before.URL+"/path"); body != "GET /other " {
		t.Errorf("the request came as %q", body)
	}
	chunked := start(t, fault.Chunked(func(body []byte) [][]byte { return [][]byte{body[:1], body[1:]} }))
	if _, header, body := get(t, chunked.URL+"/path"); body != "GET /path " || header.Get("Content-Length") != "" {
		t.Errorf("%q with the length %q", body, header.Get("Content-Length"))
	}
}

func TestFirst(t *testing.T) {
	t.Parallel()
	if first, found := fault.First([]int{3, 1}); first != 3 || !found {
		t.Errorf("of two: %d, %t", first, found)
	}
	if _, found := fault.First([]int{}); found {
		t.Error("there is a first of none")
	}
}
