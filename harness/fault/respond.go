package fault

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Response is an answer on its way out. A change may set anything; a Content-Length that is there follows the body.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Middleware stands between a server and the network.
type Middleware func(http.Handler) http.Handler

// Always holds for every request.
func Always(*http.Request) bool { return true }

// Before returns a middleware that changes requests on their way in.
func Before(change func(*http.Request)) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			next.ServeHTTP(w, r)
		})
	}
}

// On returns a middleware that changes the answers to the requests that match.
func On(match func(*http.Request) bool, change func(*http.Request, *Response)) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !match(r) {
				next.ServeHTTP(w, r)
				return
			}
			answer := record(next, r)
			change(r, &answer)
			answer.write(w)
		})
	}
}

func (a *Response) write(w http.ResponseWriter) {
	header := w.Header()
	maps.Copy(header, a.Header)
	if header.Get("Content-Length") != "" {
		header.Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // a client that has gone needs no answer
}

// Text is the answer as HTTP/1.1 writes it, for a Writer or for Raw to change. It has a Date, and a Content-Length where
// the status has content. The names of the header are sorted.
func (a Response) Text() string {
	header := http.Header{}
	maps.Copy(header, a.Header)
	if _, set := header["Date"]; !set {
		header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	if a.Status >= 200 && a.Status != http.StatusNoContent && a.Status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.Status, http.StatusText(a.Status))
	_ = header.Write(&b) // a builder takes everything
	b.WriteString("\r\n")
	b.Write(a.Body)
	return b.String()
}

// Every returns a match that holds for every nth request that the inner match holds for, beginning with the nth.
func Every(n int64, match func(*http.Request) bool) func(*http.Request) bool {
	nth := Nth(n)
	return func(r *http.Request) bool { return match(r) && nth() }
}

// buffer keeps an answer until it has been changed.
type buffer struct {
	header http.Header
	status int
	wrote  bool
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header { return b.header }

func (b *buffer) WriteHeader(status int) {
	if !b.wrote {
		b.status, b.wrote = status, true
	}
}

func (b *buffer) Write(p []byte) (int, error) {
	b.wrote = true
	return b.body.Write(p)
}
