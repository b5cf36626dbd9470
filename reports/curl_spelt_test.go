package reports_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/reports"
)

// headOf runs the command of an exchange, and gives the lines of the head that went on the connection.
func headOf(t *testing.T, e evidence.Exchange) []string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	heads := make(chan []string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			heads <- nil
			return
		}
		defer conn.Close()
		var lines []string
		for r := bufio.NewReader(conn); ; {
			line, err := r.ReadString('\n')
			if line = strings.TrimRight(line, "\r\n"); err != nil || line == "" {
				break
			}
			lines = append(lines, line)
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		heads <- lines
	}()
	const named = "api.example.com"
	e.Request.URL = strings.ReplaceAll(e.Request.URL, named, listener.Addr().String())
	e.Request.Head = strings.ReplaceAll(e.Request.Head, named, listener.Addr().String())
	command, _ := reports.Curl(e)
	inShell(t, command, map[string]string{"CONFORM_TOKEN_1": "abc"})
	lines := <-heads
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(line, listener.Addr().String(), named)
	}
	return lines
}

// How a request was written is how it is repeated: else who pastes the command sees nothing of what is wrong.
func TestCurlWritesAsTheCheckWrote(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, head string
		fields       []string
		want, not    []string
	}{
		"the wish to close": {"GET", "", []string{"Accept", "*/*", "Connection", "close"}, []string{"Connection: close"}, nil},
		"chunks":            {"POST", "", []string{"Content-Type", "application/json", "Transfer-Encoding", "chunked"}, []string{"Transfer-Encoding: chunked"}, []string{"Content-Length: 2"}},
		"no blanks": {"POST", "POST /x HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent:conform\r\nContent-Length: 2\r\nAccept:*/*\r\nContent-Type:application/json\r\n\r\n", nil,
			[]string{"POST /x HTTP/1.1", "Host: api.example.com", "User-Agent:conform", "Accept:*/*", "Content-Type:application/json", "Content-Length: 2"}, []string{"Accept: */*"}},
		"blanks around": {"GET", "GET /x HTTP/1.1\r\nHost: api.example.com\r\nAuthorization:   T ‹token-1›  \r\n\r\n", nil, []string{"Authorization:   T abc  "}, nil},
		"small letters": {"POST", "POST /x HTTP/1.1\r\nhost: api.example.com\r\ncontent-length: 2\r\naccept: */*\r\n\r\n", nil,
			[]string{"content-length: 2", "accept: */*"}, []string{"Content-Length: 2", "Accept: */*"}},
		"the absolute form": {"GET", "GET http://api.example.com/x HTTP/1.1\r\nHost: api.example.com\r\nAccept: */*\r\n\r\n", nil, []string{"GET http://api.example.com/x HTTP/1.1", "Accept: */*"}, nil},
		"a backslash":       {"GET", "GET /a\\b HTTP/1.1\r\nHost: api.example.com\r\nAccept: */*\r\n\r\n", nil, []string{`GET /a\b HTTP/1.1`}, nil},
		"HTTP/1.0":          {"GET", "GET /x HTTP/1.0\r\nHost: api.example.com\r\nAccept: */*\r\n\r\n", nil, []string{"GET /x HTTP/1.0"}, nil},
		"no program":        {"GET", "", []string{"Accept", "*/*"}, []string{"Accept: */*"}, []string{"User-Agent: "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := ""
			if c.method == http.MethodPost {
				body = "{}"
			}
			e := exchange(c.method, "http://api.example.com/x", body, c.fields...)
			e.Request.Head = c.head
			lines := headOf(t, e)
			for _, want := range c.want {
				if !slices.Contains(lines, want) {
					t.Errorf("no %q in %q", want, lines)
				}
			}
			for _, not := range c.not {
				if slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, not) }) {
					t.Errorf("%q in %q", not, lines)
				}
			}
		})
	}
}
