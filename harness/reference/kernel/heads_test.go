package kernel

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Each request of a connection is kept as it came, and those before it are not.
func TestHead(t *testing.T) {
	t.Parallel()
	s := Server{config: Config{KeepHeads: true}}
	plain, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "%q", Head(r))
	})
	server := http.Server{ConnContext: s.ConnContext, ReadHeaderTimeout: time.Minute, Handler: handler}
	go func() { _ = server.Serve(s.Listen(plain)) }()
	t.Cleanup(func() { _ = server.Close() })
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", plain.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	answers := bufio.NewReader(c)
	for _, request := range []string{
		"GET /a HTTP/1.1\r\nhost:h\r\nX: \t b \r\n\r\n",
		"POST /b HTTP/1.1\r\nHOST: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"GET /c HTTP/1.1\r\nhost: h\r\n\r\n",
	} {
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		if err != nil || string(got) != fmt.Sprintf("%q", request) {
			t.Errorf("%q was kept as %s: %v", request, got, err)
		}
		_ = answer.Body.Close()
	}
	if (&Server{}).Listen(plain) != plain || strings.Contains(Head(&http.Request{}), "/") {
		t.Error("a server that was not asked to keeps something")
	}
}
