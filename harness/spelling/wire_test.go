package spelling

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// A body in chunks comes in two: a server that reads the first alone would not be seen otherwise.
func TestChunksAreTwo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	seen := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		var all strings.Builder
		buffer := make([]byte, 4096)
		for !strings.HasSuffix(all.String(), "0\r\n\r\n") {
			n, err := conn.Read(buffer)
			if err != nil {
				break
			}
			all.Write(buffer[:n])
		}
		seen <- all.String()
		_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
	}()
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	c := client.New(doc, client.Options{Base: "http://" + l.Addr().String(), Timeout: 5 * time.Second})
	t.Cleanup(c.Close)
	r := client.Request{Operation: "createSession", Body: []byte("0123456789")}
	of(t, "chunked").Write(&r)
	if _, err := c.Do(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if got := <-seen; !strings.Contains(got, "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n") {
		t.Errorf("%q", got)
	}
}
