package winlogin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"

	"golang.org/x/net/http/httpguts"
)

// maxStep bounds the body of an answer to a step of a login, which nobody reads.
const maxStep = 1 << 20

// line is a connection on which requests follow each other.
type line struct {
	*http.ClientConn
	own net.Conn // where the transport speaks TLS by a dialler of its own: net/http does not know its state
}

// channel is the TLS by which an answer came on the line; nil without.
func (l *line) channel(answer *http.Response) *tls.ConnectionState {
	if secured, ok := l.own.(interface{ ConnectionState() tls.ConnectionState }); ok && answer.TLS == nil {
		state := secured.ConnectionState()
		return &state
	}
	return answer.TLS
}

// dial opens a line with the settings of a transport.
func dial(ctx context.Context, like *http.Transport, to *url.URL) (*line, error) {
	host, err := httpguts.PunycodeHostPort(to.Hostname())
	if err != nil {
		return nil, fmt.Errorf("writing the host's name in ASCII: %w", err)
	}
	t := like.Clone()
	t.DisableKeepAlives = false
	if t.Protocols = nil; t.TLSClientConfig != nil {
		t.TLSClientConfig.NextProtos = nil // a login is of its connection, which requests of HTTP/2 share: it offers none
	}
	plain := t.DialContext
	if plain == nil {
		plain = (&net.Dialer{}).DialContext
	}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := plain(ctx, network, address)
		return &inTurn{Conn: conn}, err
	}
	made := &line{}
	if secure := t.DialTLSContext; secure != nil {
		t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := secure(ctx, network, address)
			made.own = conn
			return conn, err
		}
	}
	if made.ClientConn, err = t.NewClientConn(ctx, to.Scheme, net.JoinHostPort(host, to.Port())); err != nil {
		return nil, err
	}
	return made, nil
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

// drain reads an answer to its end, so that its connection is free for the next request.
func drain(answer *http.Response) error {
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode == http.StatusSwitchingProtocols { // what follows has no end
		return errors.New("the answer to a step of the login is 101 Switching Protocols, which nobody asked for")
	}
	n, err := io.Copy(io.Discard, io.LimitReader(answer.Body, maxStep))
	if err != nil {
		return fmt.Errorf("reading the answer to a step of the login: %w", err)
	}
	if n == maxStep {
		return fmt.Errorf("the answer to a step of the login did not end within %d MiB", maxStep>>20)
	}
	return nil
}
