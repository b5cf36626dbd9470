package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// offering is a transport like another that offers HTTP/2 as well, under TLS: what is spoken is the server's choice.
func offering(like *http.Transport) *http.Transport {
	t := like.Clone()
	t.TLSNextProto, t.Protocols = nil, new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.Protocols.SetHTTP2(true)
	return t
}

// newer is the version of HTTP that some servers speak alone.
const newer = "HTTP/2.0"

// spoken is what is known of the versions that a server speaks: that an answer came in HTTP/1.1, or that it speaks HTTP/2 alone.
type spoken struct{ older, newer atomic.Bool }

// mayBeNewer reports whether a request failed as one does at a server that speaks HTTP/2 alone: in HTTP/1.1, which has not had one answer
// from it, and after the server was reached. No login that may have counted is sent again to find out.
func (c *Client) mayBeNewer(r Request, a *Answer) bool {
	if c.spoken.older.Load() || a.Err == nil || r.HTTP2 || r.Once || r.Head != nil || !strings.HasPrefix(a.URL, "https:") {
		return false
	}
	text := a.Err.Error()
	return Dropped(a.Err) || errors.Is(a.Err, io.ErrUnexpectedEOF) || strings.Contains(text, "malformed HTTP") || strings.Contains(text, "no application protocol")
}

// errNewerOnly is the error of a request of which HTTP/1.1 alone has what it is about.
var errNewerOnly = errors.New("the server speaks HTTP/2 alone, and the request is about bytes that HTTP/1.1 alone has")

// unspoken is the answer to a request that is not sent, since the server does not speak its version.
func (c *Client) unspoken(ctx context.Context, r Request) (*Answer, error) {
	_, blank, err := c.build(ctx, r)
	if err != nil {
		return nil, err
	}
	a := blank.begun()
	a.Received, a.Err = a.Sent, errNewerOnly
	return a, nil
}

// errUnspoken is that of a request which goes in HTTP/2 and has something that only HTTP/1.1 has.
var errUnspoken = errors.New("HTTP/2 has no request line and no header section as they go on a connection")

// broke reports whether a connection broke, or was given up by the server, before any of an answer in HTTP/2. What says so in
// HTTP/1.1 is io.EOF; net/http has no error of its own to know these by.
func (a *Answer) broke() bool {
	if !a.HTTP2 || a.Proto != "" {
		return false
	}
	text := a.Err.Error()
	return errors.Is(a.Err, io.ErrUnexpectedEOF) || strings.Contains(text, "server sent GOAWAY") ||
		strings.Contains(text, "client connection lost") || strings.Contains(text, "REFUSED_STREAM")
}

// sentBack reports whether the server wants the request in HTTP/1.1 (RFC 9113, 7), as one does that asks for a client's certificate
// or for a login of the connection. Whoever asks in HTTP/2 asks again then.
func (a *Answer) sentBack() bool {
	return a.HTTP2 && a.Err != nil && strings.Contains(a.Err.Error(), "HTTP_1_1_REQUIRED")
}
