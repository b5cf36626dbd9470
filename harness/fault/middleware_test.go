package fault_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/fault"
)

// plain answers with the method, the path and the body of the request.
func plain(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/plain")
	if r.Method == http.MethodDelete {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
}

func at(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == path }
}

func start(t *testing.T, m fault.Middleware) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(m(http.HandlerFunc(plain)))
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

func TestOnChangesWhatMatches(t *testing.T) {
	t.Parallel()
	server := start(t, fault.On(at("/changed"), func(r *http.Request, a *fault.Response) {
		a.Status = http.StatusTeapot
		a.Header.Set("X-Was", fmt.Sprint(len(a.Body)))
		a.Header.Set("Content-Length", "1") // follows the body, whatever it is set to
		a.Body = append(a.Body, " and more"...)
	}))
	if status, _, body := get(t, server.URL+"/left"); status != http.StatusOK || body != "GET /left " {
		t.Errorf("what does not match is answered %d %q", status, body)
	}
	status, header, body := get(t, server.URL+"/changed")
	if status != http.StatusTeapot || body != "GET /changed  and more" || header.Get("X-Was") != "13" {
		t.Errorf("what matches is answered %d %q, X-Was %q", status, body, header.Get("X-Was"))
	}
	if header.Get("Content-Type") != "text/plain" {
		t.Errorf("the header of the server is lost: %v", header)
	}
}

func TestEveryCountsWhatMatches(t *testing.T) {
	t.Parallel()
	every := fault.Every(3, at("/counted"))
	request := func(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }
	var seen []bool
	for range 7 {
		every(request("/other"))
		seen = append(seen, every(request("/counted")))
	}
	if got, want := fmt.Sprint(seen), "[false false true false false true false]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestEveryIsExactUnderLoad(t *testing.T) {
	t.Parallel()
	every := fault.Every(5, at("/"))
	var wg sync.WaitGroup
	var mu sync.Mutex
	hits := 0
	for range 100 {
		wg.Go(func() {
			if every(httptest.NewRequest(http.MethodGet, "/", nil)) {
				mu.Lock()
				defer mu.Unlock()
				hits++
			}
		})
	}
	wg.Wait()
	if hits != 20 {
		t.Errorf("%d of 100, want 20", hits)
	}
}

// dial opens a connection that cannot outlast the test.
func dial(t *testing.T, server *httptest.Server) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

func send(t *testing.T, conn net.Conn, method, path, body string) {
	t.Helper()
	if _, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s", method, path, len(body), body); err != nil {
		t.Fatal(err)
	}
}

func TestRawWritesBytesAndCloses(t *testing.T) {
	t.Parallel()
	server := start(t, fault.Raw(at("/raw"), false, func(a fault.Response) string {
		return fmt.Sprintf("HTTP/1.1 204 Fine\r\ncontent-length: 4\r\n\r\nnull%d %s", a.Status, a.Body)
	}))
	if status, _, body := get(t, server.URL+"/left"); status != http.StatusOK || body != "GET /left " {
		t.Errorf("what does not match is answered %d %q", status, body)
	}
	conn, reader := dial(t, server)
	send(t, conn, http.MethodPost, "/raw", "abc")
	all, err := io.ReadAll(reader) // ends, since the connection is closed
	if want := "HTTP/1.1 204 Fine\r\ncontent-length: 4\r\n\r\nnull200 POST /raw abc"; err != nil || string(all) != want {
		t.Errorf("%q and error %v, want %q", all, err, want)
	}
}

func TestRawWithoutTextDropsTheConnection(t *testing.T) {
	t.Parallel()
	server := start(t, fault.Raw(at("/raw"), false, func(fault.Response) string { return "" }))
	if _, err := http.Post(server.URL+"/raw", "text/plain", strings.NewReader("abc")); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want the end of the connection", err)
	}
}

func TestRawHangsUntilTheClientGoes(t *testing.T) {
	t.Parallel()
	var handlers sync.WaitGroup
	handlers.Add(1)
	inner := fault.Raw(at("/raw"), true, fault.Response.Text)(http.HandlerFunc(plain))
	server := start(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer handlers.Done()
			inner.ServeHTTP(w, r)
		})
	})
	conn, reader := dial(t, server)
	send(t, conn, http.MethodDelete, "/raw", "")
	response, err := http.ReadResponse(reader, nil)
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatalf("answer %v, error %v", response, err)
	}
	send(t, conn, http.MethodGet, "/next", "")
	// That nothing comes cannot be waited for; that the request is read and not served shows in what follows: the
	// connection ends without an answer when the client stops sending.
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(reader); err != nil || len(rest) > 0 {
		t.Errorf("%q and error %v after the answer, want nothing", rest, err)
	}
	handlers.Wait() // the goroutine of the connection has ended
}

func TestConnectionLivesOnUnderAWriter(t *testing.T) {
	t.Parallel()
	server := start(t, fault.Connection(func(r, previous *http.Request, a fault.Response) string {
		if previous != nil {
			a.Header.Set("X-Previous", previous.URL.Path)
		}
		text := a.Text()
		if r.Method == http.MethodDelete {
			text += "stray"
		}
		return text
	}))
	conn, reader := dial(t, server)
	send(t, conn, http.MethodPost, "/one", "body of one")
	expect := func(status int, previous, body string) {
		t.Helper()
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != status || response.Header.Get("X-Previous") != previous || string(got) != body {
			t.Errorf("%d after %q: %q, error %v; want %d after %q: %q",
				response.StatusCode, response.Header.Get("X-Previous"), got, err, status, previous, body)
		}
		if date, err := http.ParseTime(response.Header.Get("Date")); err != nil || time.Since(date) > time.Hour {
			t.Errorf("Date %q", response.Header.Get("Date"))
		}
	}
	expect(http.StatusOK, "", "POST /one body of one")
	send(t, conn, http.MethodDelete, "/two", "")
	expect(http.StatusNoContent, "/one", "")
	stray := make([]byte, len("stray"))
	if _, err := io.ReadFull(reader, stray); err != nil || string(stray) != "stray" {
		t.Errorf("%q behind the 204, error %v", stray, err)
	}
	send(t, conn, http.MethodPost, "/three", "body of three")
	expect(http.StatusOK, "/two", "POST /three body of three")
}

func TestConnectionEndsWithTheClientsWish(t *testing.T) {
	t.Parallel()
	server := start(t, fault.Connection(func(_, _ *http.Request, a fault.Response) string { return a.Text() }))
	conn, reader := dial(t, server)
	if _, err := io.WriteString(conn, "GET /one HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(reader)
	if err != nil || !strings.HasSuffix(string(all), "\r\n\r\nGET /one ") {
		t.Errorf("%q, error %v", all, err)
	}
}

func TestTextIsWhatTheAnswerSays(t *testing.T) {
	t.Parallel()
	header := http.Header{"B": {"2"}, "A": {"1", "one"}, "Date": {"today"}}
	for _, test := range []struct {
		name   string
		answer fault.Response
		want   string
	}{
		{"with content", fault.Response{Status: 200, Header: header, Body: []byte("abc")},
			"HTTP/1.1 200 OK\r\nA: 1\r\nA: one\r\nB: 2\r\nContent-Length: 3\r\nDate: today\r\n\r\nabc"},
		{"without content", fault.Response{Status: 204, Header: header}, "HTTP/1.1 204 No Content\r\nA: 1\r\nA: one\r\nB: 2\r\nDate: today\r\n\r\n"},
		{"an empty body", fault.Response{Status: 404, Header: http.Header{"Date": nil}}, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.answer.Text(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	if header.Get("Content-Length") != "" {
		t.Error("writing an answer changes its header")
	}
}
