package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
)

// spelt is a transport whose connections write the head of each request as a function spells it. No two requests
// share one, and none says so: that would be another spelling.
func (c *Client) spelt(head func([]byte) []byte) (http.RoundTripper, func()) {
	t := c.plain.Clone()
	t.DisableKeepAlives = false
	t.Proxy = nil // a proxy would write the head in its own way
	over := func(scheme string) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, _, address string) (net.Conn, error) {
			conn, err := c.through(ctx, &url.URL{Scheme: scheme, Host: address})
			if err != nil {
				return nil, err
			}
			return &spelling{Conn: conn, head: head}, nil
		}
	}
	t.DialContext, t.DialTLSContext = over("http"), over("https")
	return c.opts.RoundTripper(t), t.CloseIdleConnections
}

// written has the answer to a request keep the head that a function makes of it.
func (a *Answer) written(head func([]byte) []byte) func([]byte) []byte {
	kept := &atomic.Pointer[[]byte]{}
	a.head = kept
	return func(plain []byte) []byte {
		spelt := head(plain)
		kept.Store(&spelt)
		return spelt
	}
}

// sentHead is that head, scrubbed; "" where nobody wrote one. A step of a login by Windows stands for the login in it, as in the header section.
func (a *Answer) sentHead(scrub func(string) string) string {
	if a.head == nil || a.head.Load() == nil {
		return ""
	}
	lines := strings.Split(string(*a.head.Load()), "\r\n")
	for i, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		text := strings.TrimSpace(value)
		shown := withoutCookie(http.CanonicalHeaderKey(name), scrub(text))
		if step.MatchString(text) {
			shown = scrub(a.RequestHeader.Get("Authorization"))
		}
		if before, after, has := strings.Cut(line, text); i > 0 && text != "" && has {
			lines[i] = scrub(before) + shown + scrub(after)
		} else {
			lines[i] = scrub(line)
		}
	}
	return strings.Join(lines, "\r\n")
}

// step is a message of a login by Windows.
var step = regexp.MustCompile(`(?i)^(NTLM|Negotiate)\b`)

// OnOneConnection is the client on a connection of its own, as long as the server keeps that open. The caller calls end.
func (c *Client) OnOneConnection() (own *Client, end func()) {
	t := c.plain.Clone()
	t.DisableKeepAlives, t.MaxConnsPerHost = false, 1
	one := *c
	one.pooled = c.opts.RoundTripper(t)
	return &one, t.CloseIdleConnections
}

// spelling is a connection that rewrites the heads of requests.
type spelling struct {
	net.Conn
	head    func([]byte) []byte
	pending []byte
	body    int // bytes of the body that are still to come
}

// ConnectionState is that of the TLS below, and zero where there is none: a login may be bound to it.
func (s *spelling) ConnectionState() (state tls.ConnectionState) {
	if secured, ok := s.Conn.(*tls.Conn); ok {
		state = secured.ConnectionState()
	}
	return state
}

// Write passes on what a request's head becomes once it is whole, and its body as it is.
func (s *spelling) Write(data []byte) (int, error) {
	s.pending = append(s.pending, data...)
	for {
		if n := min(s.body, len(s.pending)); n > 0 {
			if _, err := s.Conn.Write(s.pending[:n]); err != nil {
				return 0, err
			}
			s.pending, s.body = s.pending[n:], s.body-n
		}
		end := bytes.Index(s.pending, []byte("\r\n\r\n"))
		if end < 0 || s.body > 0 {
			return len(data), nil
		}
		head := s.pending[:end+4]
		s.body = contentLength(head)
		if _, err := s.Conn.Write(s.head(bytes.Clone(head))); err != nil {
			return 0, err
		}
		s.pending = s.pending[end+4:]
	}
}

func contentLength(head []byte) int {
	for _, line := range strings.Split(string(head), "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, "Content-Length") {
			n, _ := strconv.Atoi(strings.TrimSpace(value))
			return n
		}
	}
	return 0
}

// asked says whether a header section has a field, in whatever letter case its name is written.
func asked(h http.Header, name string) bool {
	for have, values := range h {
		if strings.EqualFold(have, name) && len(values) > 0 && values[0] != "" {
			return true
		}
	}
	return false
}
