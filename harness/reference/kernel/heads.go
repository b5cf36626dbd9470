package kernel

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// net/http hands a request over in its own spelling: names of fields in one letter case, values without the blanks around them. A
// server that minds how a request was spelt keeps what came on the connection (Config.KeepHeads).

// Listen has the connections of a listener remember what the server wants to know of them.
func (s *Server) Listen(l net.Listener) net.Listener {
	if s.config.KeepHeads {
		return listener{l}
	}
	return l
}

// ConnContext keeps the connection, where it remembers something.
func (s *Server) ConnContext(ctx context.Context, c net.Conn) context.Context {
	if kept, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, kept)
	}
	return ctx
}

// Head is a request as it came on the connection, from its request line on, as far as it has been read; "" where nobody keeps that.
func Head(r *http.Request) string {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if !ok {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.read)
}

type connKey struct{}

type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

// conn remembers what was read since the last answer.
type conn struct {
	net.Conn
	mu       sync.Mutex
	read     []byte
	answered bool
}

// mostRead bounds what is remembered of a request.
const mostRead = 16 << 10

func (c *conn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answered && n > 0 {
		c.read, c.answered = c.read[:0], false
	}
	c.read = append(c.read, into[:min(n, max(mostRead-len(c.read), 0))]...)
	return n, err
}

func (c *conn) Write(data []byte) (int, error) {
	c.mu.Lock()
	c.answered = true
	c.mu.Unlock()
	return c.Conn.Write(data)
}
