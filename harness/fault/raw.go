package fault

import (
	"bufio"
	"io"
	"maps"
	"net"
	"net/http"
	"time"
)

// abandoned is how long a connection that was taken over is kept without a word from its client. The server that it was
// taken from does not know it any more and cannot end it.
const abandoned = time.Minute

// Raw returns a middleware that answers the requests that match with bytes of its own, written to the connection as
// they are, after the server has done its work: for what net/http would not write. The connection is then closed, or
// left to rot when hang is set: nothing more is answered on it until the client gives up.
func Raw(match func(*http.Request) bool, hang bool, text func(Response) string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !match(r) {
				next.ServeHTTP(w, r)
				return
			}
			takeOver(next, w, r, func(conn net.Conn, rw *bufio.ReadWriter, answer Response) {
				_, _ = rw.WriteString(text(answer))
				_ = rw.Flush()
				if hang {
					_ = conn.SetDeadline(time.Now().Add(abandoned))
					_, _ = io.Copy(io.Discard, rw) // ends when the client closes
				}
			})
		})
	}
}

// Writer says what goes out for a request: every byte of its answer. Previous is the request before it on the same
// connection, nil for the first.
type Writer func(r, previous *http.Request, answer Response) string

// Connection returns a middleware that takes over every connection at its first request and goes on serving it, so
// that a writer decides on each byte and the connection lives on. A writer that changes nothing is Response.Text.
func Connection(write Writer) Middleware { return Conversation(write.speak) }

// speak writes the answer, after which the connection lives on unless one side has said that it will not.
func (w Writer) speak(t Turn) bool {
	_, _ = t.Out.WriteString(w(t.Request, t.Previous, t.Answer))
	return !t.Request.Close && t.Answer.Header.Get("Connection") != "close"
}

// Turn is a request that came on a connection which was taken over, with what the server has to say to it.
type Turn struct {
	Conn net.Conn
	// Out is what goes out on the connection; it is flushed after each turn.
	Out *bufio.Writer
	// Previous is the request before on the same connection, nil for the first.
	Request, Previous *http.Request
	Answer            Response
}

// Conversation is Connection for what says more than a text: what has no end, what waits, what breaks off. It says whether the
// connection lives on.
func Conversation(speak func(Turn) (goesOn bool)) Middleware {
	return line{speak: speak, idle: abandoned}.middleware()
}

// line says how a connection that was taken over is served.
type line struct {
	// speak writes the server's own answers where it is nil.
	speak func(Turn) bool
	// idle is how long the connection is kept without a word from its client.
	idle time.Duration
	// drop says that the connection is closed on a request that has come, which is neither done nor answered; nil drops none.
	drop func() bool
}

func (l line) middleware() Middleware {
	if l.speak == nil {
		l.speak = Writer(func(_, _ *http.Request, answer Response) string { return answer.Text() }).speak
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			takeOver(next, w, r, func(conn net.Conn, rw *bufio.ReadWriter, answer Response) {
				l.serve(rw.Reader, next, Turn{Conn: conn, Out: rw.Writer, Request: r, Answer: answer})
			})
		})
	}
}

// serve writes the answer to the first request and goes on with those that follow, until the client or an answer
// closes the connection.
func (l line) serve(in *bufio.Reader, next http.Handler, t Turn) {
	for {
		goesOn := l.speak(t)
		if err := t.Out.Flush(); err != nil || !goesOn {
			return
		}
		_ = t.Conn.SetDeadline(time.Now().Add(l.idle))
		following, err := http.ReadRequest(in)
		if err != nil || l.drop != nil && l.drop() {
			return
		}
		_ = t.Conn.SetDeadline(time.Now().Add(abandoned))
		// What a server keeps beside a connection goes with it.
		following.RemoteAddr = t.Request.RemoteAddr
		t.Previous, t.Request = t.Request, following.WithContext(t.Request.Context())
		t.Answer = record(next, t.Request)
		if _, err := io.Copy(io.Discard, t.Request.Body); err != nil {
			return
		}
	}
}

// record has the request answered into memory.
func record(next http.Handler, r *http.Request) Response {
	b := &buffer{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(b, r)
	return Response{Status: b.status, Header: b.header, Body: b.body.Bytes()}
}

// takeOver has the request answered into memory and takes the connection from net/http for as long as do lasts, with the rest
// of the request read: what is left unread when a connection is closed would reset it, and the answer could be lost.
func takeOver(next http.Handler, w http.ResponseWriter, r *http.Request, do func(net.Conn, *bufio.ReadWriter, Response)) {
	answer := record(next, r)
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		http.Error(w, "reading the rest of the request: "+err.Error(), http.StatusInternalServerError)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "taking over the connection: "+err.Error(), http.StatusInternalServerError)
		return
	}
	defer func() { _ = conn.Close() }()
	do(conn, rw, answer)
}

// Chunked returns a middleware that keeps answers from having a Content-Length, and sends each body in the pieces that it
// is cut to.
func Chunked(cut func(body []byte) [][]byte) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := record(next, r)
			maps.Copy(w.Header(), answer.Header)
			w.Header().Del("Content-Length")
			w.WriteHeader(answer.Status)
			if len(answer.Body) == 0 {
				return
			}
			for _, piece := range cut(answer.Body) {
				_, _ = w.Write(piece) // a client that has gone needs no more
				_ = http.NewResponseController(w).Flush()
			}
		})
	}
}
