package spelling

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// Every spelling is in one group, but for those that stay alone.
func TestGroupsHoldEverySpellingOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, g := range Groups() {
		parts := map[string]bool{}
		for _, s := range g {
			if seen[s.Slug]++; parts[s.Part] {
				t.Errorf("%s: two write %s", g.Name(), s.Part)
			}
			parts[s.Part] = true
		}
	}
	for _, s := range All() {
		g, ok := GroupOf(s)
		if alone := s.Requirement == "RFC-SPL-12" || s.Slug == HTTP2 || declined[s.Slug] != 0; seen[s.Slug] > 1 || alone != (seen[s.Slug] == 0) || alone == ok {
			t.Errorf("%s is in %d groups, of %s", s.Slug, seen[s.Slug], g.Name())
		}
	}
}

// What a spelling does to a request it does in company too: left out of its group, it leaves another request.
func TestEachOfAGroupIsWritten(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	sent := make(chan string, 1)
	go record(listener, sent)
	form, err := openapi.ReadBrought(fstest.MapFS{"form.yaml": {Data: []byte(formLogin)}}, "form.yaml", openapi.BroughtOptions{Profile: "form"})
	if err != nil {
		t.Fatal(err)
	}
	raw := func(g Group, of Spelling) string {
		doc := doc
		if strings.HasPrefix(of.Slug, ofForms) {
			doc = form
		}
		c := client.New(doc, client.Options{Base: "http://" + listener.Addr().String(), Timeout: 10 * time.Second})
		defer c.Close()
		r := client.Request{
			Operation: doc.Login().By.ID(), Form: doc == form, JSON: map[string]any{"username": "a/b&<ü> z", "password": `p"\x`}, Query: url.Values{"q": {"a+b/=c d"}},
			Header: http.Header{"Authorization": {"Basic YQ=="}},
		}
		g.Write(&r)
		if a, err := c.Do(t.Context(), r); err != nil || a.Err != nil {
			t.Fatal(err, a.Err)
		}
		return <-sent
	}
	for _, g := range Groups() {
		for i, s := range g {
			whole := raw(g, s)
			if others := slices.Delete(slices.Clone(g), i, i+1); raw(others, s) == whole && !wished(s, whole) && s.Slug != zeroLength { // which is of what has no body
				t.Errorf("%s goes without %s: %q", g.Name(), s.Slug, whole)
			}
		}
	}
}

// formLogin is a contract whose login takes a form.
const formLogin = `openapi: 3.0.3
info: {title: Form, version: '1'}
paths:
  /login:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {properties: {username: {type: string, x-account: username}, password: {type: string, x-account: password}}}
      responses: {'200': {description: in, x-hands-out: {kind: token, value: $response.cookie.SID}}}
  /me:
    get: {x-probe: true, security: [{cookie: []}], responses: {'200': {description: me}}}
components: {securitySchemes: {cookie: {type: apiKey, in: cookie, name: SID, x-credential: {kind: token}}}}
`

// wished says whether a request has the wish to close the connection also without the spelling that is about it.
func wished(s Spelling, raw string) bool {
	return s.Slug == "connection-close" && strings.Contains(raw, "Connection: close\r\n")
}

// record answers requests, each on a connection of its own, and passes on what they were as they came.
func record(listener net.Listener, sent chan<- string) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		var raw bytes.Buffer
		if req, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw))); err == nil {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		_ = conn.Close()
		sent <- raw.String()
	}
}
