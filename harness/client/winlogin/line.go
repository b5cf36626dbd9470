package winlogin

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
)

// maxStep bounds the body of an answer to a step of a login, which nobody reads.
const maxStep = 1 << 20

// line is one connection to a server, on which requests follow each other.
type line struct {
	transport *http.Transport
	dialled   int // connections so far; a second one means that the server closed the first
}

// newLine makes a line with the settings of a transport.
func newLine(like *http.Transport) *line {
	t := like.Clone()
	t.DisableKeepAlives = false
	t.MaxConnsPerHost = 1
	return &line{transport: t}
}

// send sends a request. The body of the answer before it has been read, or the connection would not be free.
func (l *line) send(req *http.Request, body []byte) (*http.Response, error) {
	if body != nil {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			l.dialled++
		}
	}}
	return l.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
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
