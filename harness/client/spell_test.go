package client

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/evidence"
)

// clientOf is a client of a server with TLS, whatever its certificate.
func clientOf(t *testing.T, s *httptest.Server) *Client {
	t.Helper()
	c := New(newTestClient(t, s.URL).Document(), Options{Base: s.URL, Timeout: 5 * time.Second, TLS: &tls.Config{InsecureSkipVerify: true}})
	t.Cleanup(c.Close)
	return c
}

// A head goes on the connection as it is spelt, with TLS or without, and the body behind it as it is.
func TestAHeadIsSpelt(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(http.Handler) *httptest.Server{"plain": httptest.NewServer, "TLS": httptest.NewTLSServer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var proto, body string
			s := start(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				proto, body = r.Proto, string(data)
			}))
			t.Cleanup(s.Close)
			long := strings.Repeat("POST / HTTP/1.1\r\n\r\n", 10_000) // heads in it are none
			a := do(t, clientOf(t, s), Request{Operation: "createSession", Body: []byte(long), Head: func(head []byte) []byte {
				return bytes.ReplaceAll(head, []byte("HTTP/1.1"), []byte("HTTP/1.0"))
			}})
			if a.Err != nil || proto != "HTTP/1.0" || body != long {
				t.Errorf("%v: the server saw %s and %d bytes", a.Err, proto, len(body))
			}
		})
	}
}

// A head in pieces is whole before it is spelt.
func TestAHeadInPieces(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	heads := 0
	conn := &spelling{Conn: here, head: func(head []byte) []byte { heads++; return bytes.ToUpper(head) }}
	done := make(chan string)
	go func() {
		data, _ := io.ReadAll(there)
		done <- string(data)
	}()
	for _, piece := range strings.SplitAfter("a\r\ncontent-length: 3\r\n\r\nbc|d|e\r\n\r\n|", "|") {
		if _, err := conn.Write([]byte(strings.TrimSuffix(piece, "|"))); err != nil {
			t.Fatal(err)
		}
	}
	_ = here.Close()
	if got := <-done; got != "A\r\nCONTENT-LENGTH: 3\r\n\r\nbcdE\r\n\r\n" || heads != 2 {
		t.Errorf("%q after %d heads", got, heads)
	}
}

// A body in the encoding that was asked for is read as what it holds.
func TestGzipIsUnpacked(t *testing.T) {
	t.Parallel()
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, r.Header.Get("Accept-Encoding"))
		_ = z.Close()
	})
	asking := Request{Operation: "probe", Spell: func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }}
	if a := do(t, c, asking); string(a.Body) != "gzip" {
		t.Errorf("%q, %v", a.Body, a.Err)
	}
	if a := do(t, c, Request{Operation: "probe"}); bytes.HasPrefix(a.Body, []byte("gzip")) || a.Err != nil {
		t.Errorf("what nobody asked for was unpacked: %q, %v", a.Body, a.Err)
	}
}

// What stood on the connection is in the evidence, without what is secret in it.
func TestAHeadIsKept(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	c := newTestClient(t, s.URL)
	scrub := func(text string) string { return strings.ReplaceAll(text, "s3cret", "‹token-1›") }
	kept := func(r Request) evidence.Request { return do(t, c, r).Record(scrub)[0].Request }
	spelt := kept(Request{Operation: "createSession", JSON: map[string]any{}, Header: http.Header{"Cookie": {"a=bcd"}, "Adm-Authorization": {"s3cret"}, "Authorization": {"NTLM TlRMTVNTUAAD"}},
		Head: func(h []byte) []byte {
			return bytes.ReplaceAll(h, []byte("Adm-Authorization: "), []byte("ADM-AUTHORIZATION:  "))
		}})
	for _, want := range []string{"POST /api/authSessions/create HTTP/1.1\r\nHost: 127.0.0.1:", "\r\nADM-AUTHORIZATION:  ‹token-1›\r\n", "\r\nCookie: a=‹cookie›\r\n", "\r\n\r\n"} {
		if !strings.Contains(spelt.Head, want) {
			t.Errorf("there is no %q in %q", want, spelt.Head)
		}
	}
	if plain := kept(Request{Operation: "createSession", JSON: map[string]any{}}); plain.Head != "" {
		t.Errorf("a plain request has the head %q", plain.Head)
	}
	closed := kept(Request{Operation: "createSession", JSON: map[string]any{}, Spell: func(r *http.Request) { r.Close, r.ContentLength = true, -1 }})
	for _, want := range []evidence.Header{{Name: "Connection", Value: "close"}, {Name: "Transfer-Encoding", Value: "chunked"}} {
		if !slices.Contains(closed.Headers, want) {
			t.Errorf("%v is not in %v", want, closed.Headers)
		}
	}
}
