package spelling

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

func of(t *testing.T, slug string) Spelling {
	t.Helper()
	s, err := Of(slug)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Each spelling of JSON is the same value, written otherwise.
func TestJSONIsTheSameValue(t *testing.T) {
	t.Parallel()
	value := map[string]any{"username": "a/b&<ü>", "password": `p"\x`, "type": 0.0, "none": nil}
	for slug, wanted := range map[string]string{
		"json-literals": `"a/b&<ü>"`, "json-blanks": "{ \t \"none\"", "json-line-ends": "{\r\n    \"none\"", "json-members-reversed": `{"username"`,
		"json-line-ends-around": "\n    {\"none\"",
		"json-escapes":          "\\u0061\\u002f", "json-escapes-capital": "\\u0061\\u002F", "json-escaped-slashes": `a\/b`,
		"json-escaped-values": `"\u0070\u0022\\\u0078"`,
	} {
		r := client.Request{JSON: value}
		of(t, slug).Write(&r)
		var got any
		if err := json.Unmarshal(r.Body, &got); err != nil || !reflect.DeepEqual(got, any(value)) {
			t.Errorf("%s: %s: %v", slug, r.Body, err)
		}
		if !bytes.Contains(r.Body, []byte(wanted)) {
			t.Errorf("%s: %s has no %s", slug, r.Body, wanted)
		}
	}
	r := client.Request{Body: []byte("as it stands")}
	of(t, "json-blanks").Write(&r)
	if string(r.Body) != "as it stands" {
		t.Errorf("a body of the check's own became %s", r.Body)
	}
}

// Each spelling of a query is the same query.
func TestQueriesAreTheSame(t *testing.T) {
	t.Parallel()
	values := url.Values{"token": {"a+b/=c d~"}}
	for slug, wanted := range map[string]string{"escapes-small": "token=a%2bb%2f%3dc%20d~", "escapes-needless": "token=%61%2B%62"} {
		r := client.Request{Query: values}
		of(t, slug).Write(&r)
		got, err := url.ParseQuery(r.RawQuery)
		if err != nil || !reflect.DeepEqual(got, values) || !strings.HasPrefix(r.RawQuery, wanted) {
			t.Errorf("%s: %s: %v", slug, r.RawQuery, err)
		}
	}
}

func TestFieldsAreWrittenOtherwise(t *testing.T) {
	t.Parallel()
	for slug, wanted := range map[string]http.Header{
		"field-names-small":   {"authorization": {"Basic YQ=="}, "content-type": {"application/json"}, "User-Agent": {"u"}},
		"field-names-capital": {"AUTHORIZATION": {"Basic YQ=="}, "CONTENT-TYPE": {"application/json"}, "User-Agent": {"u"}},
		"scheme-small":        {"Authorization": {"basic YQ=="}, "Content-Type": {"application/json"}, "User-Agent": {"u"}},
		"charset-quoted":      {"Authorization": {"Basic YQ=="}, "Content-Type": {`application/json;charset="utf-8"`}, "User-Agent": {"u"}},
		"no-user-agent":       {"Authorization": {"Basic YQ=="}, "Content-Type": {"application/json"}, "User-Agent": nil},
	} {
		var r client.Request
		of(t, slug).Write(&r)
		req := &http.Request{Header: http.Header{"Authorization": {"Basic YQ=="}, "Content-Type": {"application/json"}, "User-Agent": {"u"}}}
		r.Spell(req)
		if !reflect.DeepEqual(req.Header, wanted) {
			t.Errorf("%s: %q", slug, req.Header)
		}
	}
}

func TestHeadsAreWrittenOtherwise(t *testing.T) {
	t.Parallel()
	head := "POST /a?b=c HTTP/1.1\r\nHost: h:1\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n"
	const login = "POST / HTTP/1.1\r\nHost: h:1\r\nAuthorization: NTLM TlRM\r\n\r\n"
	for slug, wanted := range map[string]string{
		"field-names-capital":    "POST / HTTP/1.1\r\nHost: h:1\r\nAUTHORIZATION: NTLM TlRM\r\n\r\n",
		"scheme-small":           "POST / HTTP/1.1\r\nHost: h:1\r\nAuthorization: ntlm TlRM\r\n\r\n",
		"no-blank-before-values": "POST /a?b=c HTTP/1.1\r\nHost: h:1\r\nContent-Length: 2\r\nContent-Type:application/json\r\n\r\n",
		"blanks-around-values":   "POST /a?b=c HTTP/1.1\r\nHost: h:1\r\nContent-Length: 2\r\nContent-Type:   application/json  \r\n\r\n",
		"absolute-form":          "POST http://h:1/a?b=c HTTP/1.1\r\nHost: h:1\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n",
		"http-1-0":               "POST /a?b=c HTTP/1.0\r\nHost: h:1\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n",
	} {
		var r client.Request
		of(t, slug).Write(&r)
		head := head
		if strings.Contains(wanted, "NTLM") || strings.Contains(wanted, "ntlm") {
			head = login
		}
		if got := string(r.Head([]byte(head))); got != wanted {
			t.Errorf("%s: %q", slug, got)
		}
	}
}

// A credential behind no word has no scheme that could be written otherwise.
func TestABareCredentialHasNoScheme(t *testing.T) {
	t.Parallel()
	const bare = "POST / HTTP/1.1\r\nHost: h:1\r\nAuthorization: eyJhbGciOi\r\n\r\n"
	var r client.Request
	of(t, "scheme-small").Write(&r)
	if got := string(r.Head([]byte(bare))); got != bare {
		t.Errorf("%q", got)
	}
}

// A body in chunks is the same body in two pieces, each time that it is sent.
func TestChunks(t *testing.T) {
	t.Parallel()
	var r client.Request
	of(t, "chunked").Write(&r)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://h/", strings.NewReader("12345"))
	if err != nil {
		t.Fatal(err)
	}
	r.Spell(req)
	for range 2 {
		body, err := req.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		piece := make([]byte, 5)
		n, err := body.Read(piece)
		rest, end := io.ReadAll(body)
		if err != nil || end != nil || string(piece[:n]) != "123" || string(rest) != "45" || req.ContentLength != -1 {
			t.Errorf("%q and %q: %v, %v", piece[:n], rest, err, end)
		}
	}
}

// What a contract says that samples write is a spelling here.
func TestSamplesAreKnown(t *testing.T) {
	t.Parallel()
	for _, profile := range openapi.Profiles() {
		doc, err := openapi.Load(profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, slug := range append(doc.Samples().Spellings, doc.Samples().First...) {
			of(t, slug)
		}
	}
}
