package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.org/conform/openapi"
)

// raw is a server that answers each request on a connection with the next of its texts, and then closes it.
func raw(t *testing.T, texts ...string) *Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				reader := bufio.NewReader(conn)
				for _, text := range texts {
					req, err := http.ReadRequest(reader)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, req.Body)
					if _, err := io.WriteString(conn, text); err != nil {
						return
					}
				}
			}()
		}
	}()
	return newTestClient(t, "http://"+listener.Addr().String())
}

func newTestClient(t *testing.T, base string) *Client {
	t.Helper()
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	c := New(doc, Options{Base: base, Timeout: ample})
	t.Cleanup(c.Close)
	return c
}

// ample is more than any answer takes that is to come, also on a busy machine.
const ample = time.Minute

const (
	noContent = "HTTP/1.1 204 No Content\r\n"
	good      = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
)

func TestOnWire(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		texts     []string
		stray     string
		closed    bool
		announced bool
		next      int // 0: none
	}{
		"clean":                   {[]string{noContent + "\r\n", good}, "", false, false, 200},
		"lower-case header names": {[]string{"HTTP/1.1 204 No Content\r\ndate: x\r\n\r\n", good}, "", false, false, 200},
		"a body":                  {[]string{noContent + "\r\nhello", good}, "hello", false, false, 200},
		"a body with a capital H": {[]string{noContent + "\r\nHTTHello HTTP", good}, "HTTHello HTTP", false, false, 200},
		"a chunked end":           {[]string{noContent + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", good}, "0\r\n\r\n", false, false, 200},
		"closed":                  {[]string{noContent + "\r\n"}, "", true, false, 0},
		"closed as announced":     {[]string{noContent + "Connection: close\r\n\r\n"}, "", true, true, 0},
		"a body, then closed":     {[]string{noContent + "Connection: close\r\n\r\nbye"}, "bye", true, true, 0},
		"next is garbage":         {[]string{noContent + "\r\n", "HTTP/1.1 OK nonsense\r\n\r\n"}, "", false, false, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := raw(t, c.texts...).OnWire(t.Context(),
				Request{Operation: "terminateSession", Query: url.Values{"id": {"s"}}}, Request{Operation: "probe"})
			if err != nil {
				t.Fatal(err)
			}
			if w.First.Err != nil || w.First.Status != 204 {
				t.Fatalf("the first answer is %d (%v)", w.First.Status, w.First.Err)
			}
			if string(w.Stray) != c.stray || w.Closed != c.closed || w.Announced != c.announced {
				t.Errorf("stray %q, closed %v, announced %v", w.Stray, w.Closed, w.Announced)
			}
			switch {
			case c.next == 0 && w.Next != nil:
				t.Errorf("there is a next answer: %+v", w.Next)
			case c.next > 0 && (w.Next == nil || w.Next.Status != c.next):
				t.Errorf("the next answer is %+v", w.Next)
			case c.next < 0 && (w.Next == nil || w.Next.Err == nil):
				t.Errorf("garbage was taken for an answer: %+v", w.Next)
			}
			if (len(w.First.Differences) > 0) != (c.stray != "") {
				t.Errorf("differences %v", w.First.Differences)
			}
		})
	}
}

func TestOnWireWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"nothing": "", "not HTTP": "SSH-2.0-x\r\n\r\n", "no status": "HTTP/1.1\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := raw(t, text).OnWire(t.Context(), Request{Operation: "terminateSession"}, Request{Operation: "probe"})
			if err != nil {
				t.Fatal(err)
			}
			if w.First.Err == nil || w.First.Status != 0 {
				t.Errorf("status %d, error %v", w.First.Status, w.First.Err)
			}
		})
	}
}

// A server that swallows the next request is found out within the timeout.
func TestOnWireSwallowed(t *testing.T) {
	t.Parallel()
	c := raw(t, noContent+"\r\n", "") // reads the next request and answers nothing, then closes
	w, err := c.OnWire(t.Context(), Request{Operation: "terminateSession"}, Request{Operation: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	if !w.Closed || !strings.Contains(w.First.Wire, "closed the connection") {
		t.Errorf("closed %v: %s", w.Closed, w.First.Wire)
	}
}

// Throttling is obeyed on the wire as well, for either of the two requests.
func TestOnWireThrottled(t *testing.T) {
	t.Parallel()
	const throttled = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
	for name, texts := range map[string][]string{
		"the first": {throttled, good}, "the next": {noContent + "\r\n", throttled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := raw(t, texts...)
			var waited []time.Duration
			enough := errors.New("enough")
			c.opts.Throttled = func(_ context.Context, wait time.Duration) error {
				if waited = append(waited, wait); len(waited) == 2 {
					return enough
				}
				return nil
			}
			w, err := c.OnWire(t.Context(), Request{Operation: "terminateSession"}, Request{Operation: "probe"})
			if err != nil {
				t.Fatal(err)
			}
			if len(waited) != 2 || waited[0] != 7*time.Second || !errors.Is(errors.Join(w.First.Err, w.Next.Err), enough) {
				t.Errorf("waited %v; errors %v and %v", waited, w.First.Err, w.Next.Err)
			}
		})
	}
}

// Whatever stands on the wire, reading it ends without a panic.
func FuzzUntilStatusLine(f *testing.F) {
	for _, seed := range []string{"", "HTTP/1.1 200 OK\r\n", "HHTTP/1.1", "HTTP/1", "body", "0\r\n\r\nHTTP/1.0 204"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		stray, closed, err := untilStatusLine(bufio.NewReaderSize(strings.NewReader(text), 16))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if !strings.HasPrefix(text, string(stray)) || closed && string(stray) != text {
			t.Errorf("%q: stray %q, closed %v", text, stray, closed)
		}
		if !closed && !strings.HasPrefix(text[len(stray):], "HTTP/1.") {
			t.Errorf("%q: no status line after %q", text, stray)
		}
	})
}
