package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"example.org/conform/openapi"
)

// second is a client of a server that speaks HTTP/2 under TLS, unless it is told not to.
func second(t *testing.T, offers bool, h http.HandlerFunc, own func(*httptest.Server), o Options) *Client {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = offers
	if own != nil {
		own(s)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	o.Base, o.TLS = s.URL, &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12}
	if o.Timeout == 0 {
		o.Timeout = ample
	}
	c := New(doc, o)
	t.Cleanup(c.Close)
	return c
}

// HTTP/2 is spoken where it is asked for and offered, and nowhere else.
func TestHTTP2IsAskedFor(t *testing.T) {
	t.Parallel()
	answer := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Got", r.Proto+" "+string(body))
		w.WriteHeader(http.StatusFound)
	}
	for _, c := range []struct {
		offers, asks bool
		want         string
	}{{true, true, "HTTP/2.0"}, {true, false, "HTTP/1.1"}, {false, true, "HTTP/1.1"}} {
		client := second(t, c.offers, answer, nil, Options{})
		for range 2 {
			a := do(t, client, Request{Operation: "createSession", Body: []byte("x"), HTTP2: c.asks})
			if a.Proto != c.want || a.Header.Get("X-Got") != c.want+" x" || a.Status != http.StatusFound || (a.Reason == "") != (c.want == "HTTP/2.0") {
				t.Errorf("%+v: %s %d %q, %v", c, a.Proto, a.Status, a.Reason, a.Header)
			}
			if e := a.Record(func(s string) string { return s })[0]; e.Request.HTTP2 != c.asks || e.Response.Proto != c.want {
				t.Errorf("%+v: recorded are %+v", c, e)
			}
		}
	}
	if a := do(t, serving(t, answer), Request{Operation: "createSession", HTTP2: true}); a.Proto != "HTTP/1.1" {
		t.Errorf("without TLS %s is spoken", a.Proto)
	}
}

// What there is in HTTP/1.1 alone is an error beside HTTP/2.
func TestHTTP2HasNoHead(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "https://127.0.0.1:1")
	if _, err := c.Do(t.Context(), Request{Operation: "probe", HTTP2: true, Head: slices.Clone[[]byte]}); !errors.Is(err, errUnspoken) {
		t.Errorf("a head in HTTP/2: %v", err)
	}
	if _, err := c.OnWire(t.Context(), Request{Operation: "probe"}, Request{Operation: "probe", HTTP2: true}); !errors.Is(err, errUnspoken) {
		t.Errorf("on the wire: %v", err)
	}
}

// Throttling and timeouts are as in HTTP/1.1.
func TestHTTP2IsBounded(t *testing.T) {
	t.Parallel()
	var times atomic.Int32
	c := second(t, true, func(w http.ResponseWriter, r *http.Request) {
		if times.Add(1) == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		} else {
			<-r.Context().Done()
		}
	}, nil, Options{Timeout: 300 * time.Millisecond, Throttled: func(context.Context, time.Duration) error { return nil }})
	if a := do(t, c, Request{Operation: "probe", HTTP2: true}); a.Err == nil || !strings.Contains(a.Err.Error(), "within 300ms") || times.Load() != 2 {
		t.Errorf("%v after %d requests", a.Err, times.Load())
	}
}

// A connection that breaks before an answer is tried again on a new one, as in HTTP/1.1; one that breaks in the middle of it is not.
func TestHTTP2IsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, begun := range []bool{false, true} {
		var times atomic.Int32
		got := make(chan struct{})
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotFirstResponseByte: sync.OnceFunc(func() { close(got) })})
		c := second(t, true, func(w http.ResponseWriter, r *http.Request) {
			if times.Add(1) > 1 {
				return
			}
			if begun {
				_, _ = io.WriteString(w, "{")
				_ = http.NewResponseController(w).Flush()
				<-got
			}
			_ = r.Context().Value(connKey{}).(net.Conn).Close()
		}, keepConn, Options{})
		a, err := c.Do(ctx, Request{Operation: "createSession", Body: []byte("{}"), HTTP2: true})
		if err != nil {
			t.Fatal(err)
		}
		if (a.Err != nil) != begun || (a.First == nil) != begun || !begun && a.Proto != "HTTP/2.0" {
			t.Errorf("begun %v: %v in %s, first %v", begun, a.Err, a.Proto, a.First)
		}
	}
}

// What the server wants in HTTP/1.1 is sent so: it has said nothing of the request.
func TestHTTP2IsSentBack(t *testing.T) {
	t.Parallel()
	var plain atomic.Int32
	c := second(t, true, func(http.ResponseWriter, *http.Request) { plain.Add(1) }, func(s *httptest.Server) {
		s.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
			sendBack(conn)
		}}
		s.EnableHTTP2 = false
		s.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
	}, Options{})
	a := do(t, c, Request{Operation: "createSession", Body: []byte("{}"), HTTP2: true})
	if a.Err != nil || a.Proto != "HTTP/1.1" || a.First == nil || a.First.Err == nil || plain.Load() != 1 {
		t.Errorf("%v in %s after %v", a.Err, a.Proto, a.First)
	}
	if e := a.Record(func(s string) string { return s }); len(e) != 2 || !e[0].Request.HTTP2 || e[1].Request.HTTP2 {
		t.Errorf("recorded are %+v", e)
	}
}

// sendBack asks for HTTP/1.1 in the place of every request.
func sendBack(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_, _ = io.ReadFull(conn, make([]byte, len(http2.ClientPreface)))
	frames := http2.NewFramer(conn, conn)
	_ = frames.WriteSettings()
	for {
		f, err := frames.ReadFrame()
		if err != nil {
			return
		}
		if _, ok := f.(*http2.HeadersFrame); ok {
			_ = frames.WriteRSTStream(f.Header().StreamID, http2.ErrCodeHTTP11Required)
		}
	}
}

// connKey finds the connection of a request in its context.
type connKey struct{}

func keepConn(s *httptest.Server) {
	s.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) }
}

// A server that speaks HTTP/2 alone is judged in it, and what HTTP/1.1 alone has is said to be out of reach.
func TestHTTP2Alone(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP2(true)
	s.TLS = &tls.Config{NextProtos: []string{"h2"}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	c := clientOf(t, s)
	for range 2 {
		if a := do(t, c, Request{Operation: "createSession", JSON: map[string]any{}}); a.Err != nil || string(a.Body) != "HTTP/2.0" || !a.HTTP2 {
			t.Fatalf("%v, %q, in HTTP/2: %v", a.Err, a.Body, a.HTTP2)
		}
	}
	spelt := do(t, c, Request{Operation: "createSession", JSON: map[string]any{}, Head: func(h []byte) []byte { return h }})
	wire, err := c.OnWire(t.Context(), Request{Operation: "terminateSession"}, Request{Operation: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []*Answer{spelt, wire.First} {
		if reason, _ := Unreadable(a); !strings.Contains(reason, "HTTP/2 alone") {
			t.Errorf("%v, unreadable: %q", a.Err, reason)
		}
	}
}
