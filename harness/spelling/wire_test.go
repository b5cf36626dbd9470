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

// What has no body says so, or does not.
func TestLengthOfNothing(t *testing.T) {
	t.Parallel()
	const length = "Content-Length: 0\r\n"
	for _, c := range []struct{ slug, given, want string }{
		{noLength, "PATCH /a HTTP/1.1\r\nHost: h\r\n" + length + "A: b\r\n\r\n", "PATCH /a HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"},
		{zeroLength, "DELETE /a HTTP/1.1\r\nHost: h\r\n\r\n", "DELETE /a HTTP/1.1\r\nHost: h\r\n" + length + "\r\n"},
		{zeroLength, "PATCH /a HTTP/1.1\r\n" + length + "\r\n", "PATCH /a HTTP/1.1\r\n" + length + "\r\n"},
		{zeroLength, "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n", "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n"},
		{zeroLength, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"},
	} {
		var r client.Request
		of(t, c.slug).Write(&r)
		if got := string(r.Head([]byte(c.given))); got != c.want {
			t.Errorf("%s: %q, want %q", c.slug, got, c.want)
		}
	}
}
