package client

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

// offering is a transport like another that offers HTTP/2 as well, under TLS: what is spoken is the server's choice.
func offering(like *http.Transport) *http.Transport {
	t := like.Clone()
	t.TLSNextProto, t.Protocols = nil, new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.Protocols.SetHTTP2(true)
	return t
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
