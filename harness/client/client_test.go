package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/openapi"
)

func serving(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return newTestClient(t, s.URL)
}

func do(t *testing.T, c *Client, r Request) *Answer {
	t.Helper()
	a, err := c.Do(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A request is what its operation says, and what the caller puts in its place.
func TestRequestFollowsTheOperation(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	do(t, c, Request{Operation: "createSession", JSON: map[string]string{"username": "u"}})
	if got.Method != "POST" || got.URL.Path != "/api/authSessions/create" || got.Header.Get("Content-Type") != "application/json" || string(body) != `{"username":"u"}` {
		t.Errorf("%s %s %v %s", got.Method, got.URL, got.Header, body)
	}
	do(t, c, Request{Operation: "renewToken", Credential: "c", RawQuery: "token=%41"})
	if got.Method != "PATCH" || got.URL.RawQuery != "token=%41" || got.Header.Get("Adm-Authorization") != "c" || got.Header.Get("Content-Type") != "" {
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	}
	do(t, c, Request{Operation: "createSession", Method: "PUT", Body: []byte("x"), ContentType: "text/plain"})
	if got.Method != "PUT" || got.Header.Get("Content-Type") != "text/plain" || string(body) != "x" {
		t.Errorf("%s %v %s", got.Method, got.Header, body)
	}
	if _, err := c.Do(t.Context(), Request{Operation: "noSuchOperation"}); err == nil {
		t.Error("an operation that the document does not have is no error")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var times atomic.Int32
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		times.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	if a := do(t, c, Request{Operation: "probe"}); a.Status != http.StatusFound || times.Load() != 1 {
		t.Errorf("status %d after %d requests", a.Status, times.Load())
	}
}

// A connection that breaks before an answer is tried again, and every attempt is evidence.
func TestDroppedConnectionIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, drops := range []int32{1, hiccups, hiccups + 1} {
		var times atomic.Int32
		c := serving(t, func(w http.ResponseWriter, _ *http.Request) {
			if times.Add(1) <= drops {
				conn, _, _ := http.NewResponseController(w).Hijack()
				_ = conn.Close()
			}
		})
		a := do(t, c, Request{Operation: "createSession", JSON: map[string]string{}})
		sent := min(drops, hiccups) + 1
		if a.First == nil || (a.Err == nil) != (drops <= hiccups) || times.Load() != sent {
			t.Errorf("%d drops: first %v, error %v, %d requests", drops, a.First != nil, a.Err, times.Load())
		}
		if n := len(a.Record(func(s string) string { return s })); int32(n) != sent {
			t.Errorf("%d drops: %d exchanges recorded", drops, n)
		}
	}
}

func TestThrottlingIsObeyed(t *testing.T) {
	t.Parallel()
	var times atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if times.Add(1) < 3 {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	t.Cleanup(server.Close)
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	var waited time.Duration
	c := New(doc, Options{Base: server.URL, Timeout: time.Second, Throttled: func(_ context.Context, wait time.Duration) error {
		waited += wait
		return nil
	}})
	t.Cleanup(c.Close)
	if a := do(t, c, Request{Operation: "probe"}); a.Status != http.StatusOK || waited != 14*time.Second {
		t.Errorf("status %d, waited %s", a.Status, waited)
	}
	times.Store(0)
	enough := errors.New("enough")
	c = New(doc, Options{Base: server.URL, Timeout: time.Second, Throttled: func(context.Context, time.Duration) error { return enough }})
	t.Cleanup(c.Close)
	if a := do(t, c, Request{Operation: "probe"}); !errors.Is(a.Err, enough) {
		t.Errorf("error %v", a.Err)
	}
}

// A request that was asked to come later may meet a connection that breaks then, and is sent again all the same; and the other way round.
func TestThrottledAndDropped(t *testing.T) {
	t.Parallel()
	for _, dropped := range []int32{1, 2} {
		var times atomic.Int32
		c := serving(t, func(w http.ResponseWriter, _ *http.Request) {
			switch n := times.Add(1); {
			case n == dropped:
				conn, _, _ := http.NewResponseController(w).Hijack()
				_ = conn.Close()
			case n < 3:
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		c.opts.Throttled = func(context.Context, time.Duration) error { return nil }
		if a := do(t, c, Request{Operation: "createSession", JSON: map[string]string{}}); a.Err != nil || a.Status != http.StatusOK || times.Load() != 3 {
			t.Errorf("request %d of %d is dropped: status %d, error %v", dropped, times.Load(), a.Status, a.Err)
		}
	}
}

// A connection that ends in the head of an answer has broken, and the request is sent again; a head that is malformed and goes on has not.
func TestConnectionEndsInHead(t *testing.T) {
	t.Parallel()
	for head, cut := range map[string]bool{
		"HTTP/1.": true, "HTTP/1.1 200 OK": true, "HTTP/1.1 200 OK\r\n": true, "HTTP/1.1 200 OK\r\nContent-": true,
		"HTTP/1.1 200 OK\r\nContent-Type: text": true, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n": true,
		"HTTP/1.1 200 OK\r\nno field\r\n\r\n": false, "HTTP/1.1 200 OK\r\n: x\r\n\r\n": false, "{}": false, "HTTP/1.1 2e2 OK\r\n\r\n": false,
	} {
		t.Run(head, func(t *testing.T) {
			t.Parallel()
			var times atomic.Int32
			c := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				if times.Add(1) > 1 {
					return
				}
				conn, _, _ := http.NewResponseController(w).Hijack()
				_, _ = io.WriteString(conn, head)
				_ = conn.Close()
			})
			a := do(t, c, Request{Operation: "probe"})
			if again := a.First != nil; again != cut || cut && (a.Err != nil || !strings.HasPrefix(a.First.Err.Error(), errUnfinished.Error())) || !cut && (a.Err == nil || a.Cut()) {
				t.Errorf("sent again %t, error %v, cut %t", again, a.Err, a.Err != nil && a.Cut())
			}
			times.Store(0)
			w, err := c.OnWire(t.Context(), Request{Operation: "probe"}, Request{Operation: "probe"})
			if err != nil || (w.First.Err == nil) != cut {
				t.Errorf("on the wire: %v, %v", err, w.First.Err)
			}
		})
	}
}

// What TLS finds changed on the way is no answer of the server's, and nothing that it said.
func TestRecordChangedOnTheWay(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, out, _ := http.NewResponseController(w).Hijack()
		_, _ = io.WriteString(out, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
		_ = out.Flush()
		below := conn.(*tls.Conn).NetConn()
		_, _ = io.WriteString(below, "\x17\x03\x03\x00\x05noise")
		_ = below.Close()
	}))
	t.Cleanup(server.Close)
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	c := New(doc, Options{Base: server.URL, Timeout: ample, TLS: server.Client().Transport.(*http.Transport).TLSClientConfig})
	t.Cleanup(c.Close)
	if a := do(t, c, Request{Operation: "probe"}); a.Err == nil || !a.Cut() || a.Begun != http.StatusOK || a.First != nil {
		t.Errorf("error %v, begun %d, cut %t", a.Err, a.Begun, a.Err != nil && a.Cut())
	}
}

// Every answer that does not come, or does not end, is an answer with an error that says so in one line.
func TestNoAnswerInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		timeout time.Duration
		want    string
	}{
		"never": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 100 * time.Millisecond, "no complete answer within"},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			for block := strings.Repeat("a", 1<<20); ; {
				if _, err := io.WriteString(w, block); err != nil {
					return
				}
			}
		}, ample, "did not end within 1 MiB"},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "short")
		}, ample, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serving(t, c.handler)
			client.opts.Timeout = c.timeout
			a := do(t, client, Request{Operation: "probe"})
			if a.Err == nil || a.Status != 0 || !strings.Contains(a.Err.Error(), c.want) {
				t.Errorf("status %d, error %v", a.Status, a.Err)
			}
		})
	}
}

// An interrupt lets a request under way end, and begins no other.
func TestInterruptEndsBetweenRequests(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := serving(t, func(w http.ResponseWriter, _ *http.Request) { cancel() })
	a, err := c.Do(ctx, Request{Operation: "probe"})
	if err != nil || a.Err != nil || a.Status != http.StatusOK {
		t.Errorf("the request under way was cut: %v, %v", err, a.Err)
	}
	if a, err = c.Do(ctx, Request{Operation: "probe"}); err != nil || !errors.Is(a.Err, context.Canceled) {
		t.Errorf("another was begun: %v, %v", err, a.Err)
	}
}

func TestBodiesAreKeptSafely(t *testing.T) {
	t.Parallel()
	plain := func(s string) string { return s }
	if b := body(nil, plain, false, keptBody); b != nil {
		t.Errorf("a body that was not there is kept: %+v", b)
	}
	if b := body([]byte(strings.Repeat("ä", keptBody)), plain, true, keptBody); !b.Cut || len(b.Text) > keptBody || b.Size != 2*keptBody {
		t.Errorf("cut %v, %d of %d bytes", b.Cut, len(b.Text), b.Size)
	}
	if b := body([]byte{0xff, 0, 1}, plain, true, keptBody); !b.Binary || !strings.Contains(b.Text, "ff 00 01") {
		t.Errorf("%+v", b)
	}
	// Scrubbing comes before the cut.
	secret := strings.Repeat("x", keptBody-3) + "SECRET"
	if b := body([]byte(secret), func(s string) string { return strings.ReplaceAll(s, "SECRET", "‹s›") }, true, keptBody); strings.Contains(b.Text, "SEC") {
		t.Error("half a secret stands at the cut")
	}
}

// An answer that switches to another protocol has no body that ends: it is no answer, and is not waited for.
func TestSwitchingProtocolsIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = conn.Close() }) // and not before
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
	})
	if a := do(t, c, Request{Operation: "probe"}); a.Err == nil || !strings.Contains(a.Err.Error(), "101 Switching Protocols") {
		t.Errorf("%d, %v", a.Status, a.Err)
	}
}

// The Dates of a server's answers, and of no other's, tell its clock.
func TestAnswersTellTheClock(t *testing.T) {
	t.Parallel()
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
	})
	first, second := do(t, c, Request{Operation: "probe"}), do(t, c, Request{Operation: "probe"})
	earliest, latest := first.Clock.Theirs(time.Now())
	if ahead := time.Until(earliest); first.Clock != second.Clock || ahead < 59*time.Minute || time.Until(latest) > 61*time.Minute {
		t.Errorf("the server's clock is taken to be between %s and %s", earliest, latest)
	}
	dead := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(dead.Close)
	if other := do(t, c, Request{Operation: "probe", Base: dead.URL}); other.Clock == first.Clock {
		t.Error("two servers are taken to have one clock")
	}
}

// A gateway's page is no answer of the API: the request is sent again once, and both attempts are kept.
func TestGatewayPageIsAHiccup(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var broken int32 = 1
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) <= broken {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if a := do(t, c, Request{Operation: "probe"}); a.Status != http.StatusNoContent || a.First == nil || a.First.Status != http.StatusServiceUnavailable {
		t.Errorf("%d after %+v", a.Status, a.First)
	}
	broken = 1000
	if a := do(t, c, Request{Operation: "probe"}); a.Status != http.StatusServiceUnavailable || asked.Load() != 3+pages {
		t.Errorf("%d after %d requests", a.Status, asked.Load())
	}
}

// What ends what checks made goes on where a server answers nothing behind an answer without content: one of them waits, and the others do not.
func TestUnjudgedRequestsDoNotWaitEachTime(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked, waited := map[string]int{}, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.RemoteAddr]++
		again := asked[r.RemoteAddr] > 1
		if again {
			waited++
		}
		mu.Unlock()
		if again {
			<-r.Context().Done()
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	c := New(newTestClient(t, server.URL).Document(), Options{Base: server.URL, Timeout: time.Second})
	t.Cleanup(c.Close)
	for range 6 {
		do(t, c.Unjudged(), Request{Operation: "destroyToken", Query: url.Values{"token": {"x"}}})
	}
	if waited != 1 {
		t.Errorf("%d of 6 requests waited in vain", waited)
	}
}
