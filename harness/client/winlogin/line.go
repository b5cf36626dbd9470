package winlogin

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
)

// maxStep bounds the body of an answer to a step of a login, which nobody reads.
const maxStep = 1 << 20

// line is one connection to a server, on which requests follow each other.
type line struct{ *http.ClientConn }

// dial opens a line with the settings of a transport.
func dial(ctx context.Context, like *http.Transport, to *url.URL) (*line, error) {
	t := like.Clone()
	t.DisableKeepAlives = false
	if t.DialContext == nil {
		t.DialContext = (&net.Dialer{}).DialContext
	}
	plain := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := plain(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &inTurn{Conn: conn}, nil
	}
	conn, err := t.NewClientConn(ctx, to.Scheme, net.JoinHostPort(to.Hostname(), to.Port()))
	if err != nil {
		return nil, err
	}
	return &line{conn}, nil
}

// inTurn is a connection on which no answer is read before the request has been written. Otherwise net/http gives a
// connection up whose writer has not come back 50 ms after the answer was read (golang.org/issue/7569), as happens on a
// loaded machine: a login could not be ended, and the server would be said to have closed the connection.
type inTurn struct {
	net.Conn
	writing sync.Mutex
}

func (c *inTurn) Write(b []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.Conn.Write(b)
}

func (c *inTurn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.writing.Lock()
	defer c.writing.Unlock()
	return n, err
}

// send sends a request. The body of the answer before it has been read, or the connection would not be free. Without an
// answer, sent says whether the server may have got any of the request.
func (l *line) send(req *http.Request, body []byte) (answer *http.Response, sent bool, err error) {
	if body != nil {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	var begun atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { begun.Store(true) }}
	answer, err = l.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	return answer, begun.Load(), err
}

// drain reads an answer to its end, so that its connection is free for the next request.
func drain(answer *http.Response) error {
	defer func() { _ = answer.Body.Close() }()
	n, err := io.Copy(io.Discard, io.LimitReader(answer.Body, maxStep))
	if err != nil {
		return fmt.Errorf("reading the answer to a step of the login: %w", err)
	}
	if n == maxStep {
		return fmt.Errorf("the answer to a step of the login did not end within %d MiB", maxStep>>20)
	}
	return nil
}
