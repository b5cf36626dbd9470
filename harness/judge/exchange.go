package judge

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/felixge/httpsnoop"

	"example.org/conform/openapi"
)

// mostRead bounds what is looked at of a body, in bytes.
const mostRead = 1 << 20

// exchange is a request as it came, and what went out for it.
type exchange struct {
	openapi.Received
	body              []byte
	arrived, answered time.Time
	// given says that the answer went out whole.
	given  bool
	status int
	header http.Header
	answer []byte

	op    *openapi.Operation // nil for what the contract does not describe
	exact bool               // the path is written as the document writes it
	flaws []openapi.Difference
}

// Watch is the server as its clients see it, watched.
func (j *Judge) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-j.known:
		case <-r.Context().Done():
			return
		}
		x := &exchange{arrived: time.Now()}
		kept := *r // what stands behind may change it
		kept.Header, kept.URL = r.Header.Clone(), cloned(r.URL)
		x.Request = &kept
		if r.Body != nil {
			x.body, _ = io.ReadAll(io.LimitReader(r.Body, mostRead)) // what breaks off breaks off for the server too
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.MultiReader(bytes.NewReader(x.body), r.Body), r.Body}
		}
		out := &answer{}
		defer func() {
			broken := recover() // net/http has handlers break a connection off so
			out.into(x)
			x.unpack()
			x.given = x.given && broken == nil && r.Context().Err() == nil
			j.see(x)
			if broken != nil {
				panic(broken)
			}
		}()
		next.ServeHTTP(out.watch(w), r)
	})
}

func cloned(u *url.URL) *url.URL {
	c := *u
	return &c
}

// mediaType is that of the body, without parameters.
func (x *exchange) mediaType() string {
	media, _, _ := mime.ParseMediaType(x.Header.Get("Content-Type"))
	return media
}

// came is the answer in the contract's form.
func (x *exchange) came() openapi.Answer {
	return openapi.Answer{Status: x.status, Header: x.header, Body: x.answer}
}

// grants reports whether the client was given what it asked for.
func (x *exchange) grants() bool {
	works, dead := x.op.Judge(x.came())
	return x.given && (works || !dead && x.status/100 == 2 && !x.op.NeedsMore())
}

// refuses reports whether the client was told that what it sent is not right, and not that it is to come again later.
func (x *exchange) refuses() bool {
	_, dead := x.op.Judge(x.came())
	later := x.status == http.StatusTooManyRequests || x.status == http.StatusRequestTimeout
	return x.given && (dead || x.status/100 == 4 && !later)
}

// answer is what a handler writes.
type answer struct {
	mu     sync.Mutex
	begun  time.Time
	status int
	header http.Header
	body   bytes.Buffer
	taken  *bytes.Buffer // what was written on a connection that was taken over
}

func (a *answer) begin(status int, header http.Header) {
	if a.status == 0 && status/100 != 1 {
		a.status, a.header, a.begun = status, header.Clone(), time.Now()
	}
}

func keep(into *bytes.Buffer, data []byte) {
	into.Write(data[:min(len(data), max(0, mostRead-into.Len()))])
}

func (a *answer) watch(w http.ResponseWriter) http.ResponseWriter {
	return httpsnoop.Wrap(w, httpsnoop.Hooks{
		WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(status int) {
				a.mu.Lock()
				a.begin(status, w.Header())
				a.mu.Unlock()
				next(status)
			}
		},
		Write: func(next httpsnoop.WriteFunc) httpsnoop.WriteFunc {
			return func(data []byte) (int, error) {
				a.mu.Lock()
				a.begin(http.StatusOK, w.Header())
				keep(&a.body, data)
				a.mu.Unlock()
				return next(data)
			}
		},
		Hijack: func(next httpsnoop.HijackFunc) httpsnoop.HijackFunc {
			return func() (net.Conn, *bufio.ReadWriter, error) {
				conn, both, err := next()
				if err != nil {
					return conn, both, err
				}
				a.mu.Lock()
				defer a.mu.Unlock()
				a.taken, a.begun = &bytes.Buffer{}, time.Now()
				watched := &taken{conn, a}
				return watched, bufio.NewReadWriter(both.Reader, bufio.NewWriter(watched)), nil
			}
		},
	})
}

// taken is a connection that was taken over.
type taken struct {
	net.Conn
	of *answer
}

func (t *taken) Write(data []byte) (int, error) {
	t.of.mu.Lock()
	keep(t.of.taken, data)
	t.of.mu.Unlock()
	return t.Conn.Write(data)
}

// unpack reads an answer that went out in gzip, as its client does: what it gives is in it. One that cannot be read was none.
func (x *exchange) unpack() {
	if len(x.answer) == 0 || !strings.EqualFold(x.header.Get("Content-Encoding"), "gzip") {
		return
	}
	var plain []byte
	z, err := gzip.NewReader(bytes.NewReader(x.answer))
	if err == nil {
		plain, err = io.ReadAll(io.LimitReader(z, mostRead))
	}
	x.answer, x.given = plain, x.given && err == nil
}

// into puts what was written into the exchange.
func (a *answer) into(x *exchange) {
	a.mu.Lock()
	defer a.mu.Unlock()
	x.status, x.header, x.answer, x.answered = a.status, a.header, bytes.Clone(a.body.Bytes()), a.begun
	if a.taken != nil {
		x.status, x.given = 0, false
		if resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(a.taken.Bytes())), x.Request); err == nil {
			body, err := io.ReadAll(resp.Body)
			x.status, x.header, x.answer, x.given = resp.StatusCode, resp.Header, body, err == nil
		}
		return
	}
	x.given = true
	if x.status == 0 { // a handler that writes nothing grants
		x.status, x.header, x.answered = http.StatusOK, http.Header{}, time.Now()
	}
}

// read finds what a request asks for, and what is in it.
func (j *Judge) read(x *exchange) {
	escaped := x.URL.EscapedPath()
	below, under := strings.CutPrefix(escaped, j.base)
	x.exact = under
	if !under && len(escaped) >= len(j.base) && strings.EqualFold(escaped[:len(j.base)], j.base) {
		below, under = escaped[len(j.base):], true
	}
	if !under {
		return
	}
	ops, values := j.contract.Route(below)
	if len(ops) == 0 {
		ops, values = j.contract.RouteInAnyCase(below)
		x.exact = false
	}
	for _, op := range ops {
		if op.Method() == x.Method {
			x.op, x.Path = op, values
			x.Members, x.flaws = op.FlawsOf(x.mediaType(), x.body)
		}
	}
	if x.op == nil && len(ops) > 0 && x.Method != http.MethodOptions && x.Method != http.MethodHead {
		j.broke("method", ops[0].ID(), "", x, ops[0].Method(), x.Method)
	}
}
