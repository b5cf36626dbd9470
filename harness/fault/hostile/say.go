package hostile

import (
	"context"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.org/conform/harness/fault"
)

// stay is how long a connection is held, or written to without an end, where its client does not give up.
const stay = 10 * time.Minute

// block is the size of the pieces in which what is long goes out.
const block = 64 << 10

// turn is a request and the server's own answer to it.
type turn struct {
	fault.Turn
	// before is what the address has answered last, to whomever; nil at first.
	before *fault.Response
}

func (a *address) turn(t fault.Turn) *turn {
	_ = t.Conn.SetDeadline(time.Now().Add(stay))
	context.AfterFunc(t.Request.Context(), func() { _ = t.Conn.Close() })
	kept := t.Answer
	kept.Header = kept.Header.Clone()
	return &turn{Turn: t, before: a.last.Swap(&kept)}
}

// plain gives the server's own answer.
func (t *turn) plain() bool {
	_, _ = t.Out.WriteString(t.Answer.Text())
	return !t.Request.Close && t.Answer.Header.Get("Connection") != "close"
}

// pieces are what goes out, one after the other; an empty one has those before it go out at once.
type pieces = iter.Seq[string]

// text is one piece.
func text(s string) pieces { return times(1, s) }

func times(n int, s string) pieces {
	return func(yield func(string) bool) {
		for range n {
			if !yield(s) {
				return
			}
		}
	}
}

// long is n bytes of a text that is repeated.
func long(n int, s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }

// endless is a text without an end.
func endless(s string) pieces {
	s = strings.Repeat(s, block/len(s)+1)
	return func(yield func(string) bool) {
		for yield(s) {
		}
	}
}

// slowly is a text without an end, a piece of it a second.
func slowly(s string) pieces {
	return func(yield func(string) bool) {
		for yield(s) && yield("") {
			time.Sleep(time.Second)
		}
	}
}

// numbered are n pieces that a function makes of their numbers.
func numbered(n int, of func(i int) string) pieces {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(of(i)) {
				return
			}
		}
	}
}

func then(all ...pieces) pieces {
	return func(yield func(string) bool) {
		for _, p := range all {
			for s := range p {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// say writes pieces for as long as somebody reads them.
func (t *turn) say(all ...pieces) bool {
	for s := range then(all...) {
		var err error
		if s == "" {
			err = t.Out.Flush()
		} else {
			_, err = t.Out.WriteString(s)
		}
		if err != nil {
			return false
		}
	}
	return true
}

// hold says no more, until the client gives up.
func (t *turn) hold() bool {
	_ = t.Out.Flush()
	_, _ = io.Copy(io.Discard, t.Conn)
	return false
}

// The parts of the server's own answer: its status line, its fields but for those that say where it ends, and these.
func (t *turn) line() string {
	return "HTTP/1.1 " + strconv.Itoa(t.Answer.Status) + " " + http.StatusText(t.Answer.Status) + "\r\n"
}

func (t *turn) fields() string {
	head, _, _ := strings.Cut(t.Answer.Text(), "\r\n\r\n")
	_, head, _ = strings.Cut(head+"\r\n", "\r\n")
	var kept strings.Builder
	for line := range strings.SplitAfterSeq(head, "\r\n") {
		if !strings.HasPrefix(line, "Content-Length:") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func (t *turn) length() string {
	return "Content-Length: " + strconv.Itoa(len(t.Answer.Body)) + "\r\n"
}

func (t *turn) body() string { return string(t.Answer.Body) }

// The frames that most kinds fill: each says the answer with something in one place of it.

// begun has the answer begin so, in place of its status line.
func begun(line pieces) says {
	return func(t *turn) bool { return t.say(line, text("\r\n"+t.fields()+t.length()+"\r\n"+t.body())) }
}

// reasoned has a text for its reason.
func reasoned(reason pieces) says {
	return func(t *turn) bool { return begun(then(text("HTTP/1.1 "+strconv.Itoa(t.Answer.Status)+" "), reason))(t) }
}

// with has further fields.
func with(more pieces) says {
	return func(t *turn) bool { return t.say(text(t.line()+t.fields()), more, text(t.length()+"\r\n"+t.body())) }
}

// framed says otherwise where it ends, and sends a body of its own where it is not nil.
func framed(fields string, body func(t *turn) pieces) says {
	return func(t *turn) bool {
		sent := text(t.body())
		if body != nil {
			sent = body(t)
		}
		return t.say(text(t.line()+t.fields()+fields+"\r\n"), sent) && false
	}
}

// chunked sends chunks of its own, last one and all.
func chunked(body func(t *turn) pieces) says { return framed("Transfer-Encoding: chunked\r\n", body) }

// answered has another body, and says what it is.
func answered(media, fields string, body func(t *turn) string) says {
	return func(t *turn) bool {
		t.Answer.Header.Set("Content-Type", media)
		t.Answer.Body = []byte(body(t))
		return t.say(text(t.line() + t.fields() + fields + t.length() + "\r\n" + t.body()))
	}
}

// refused has another status, and further fields, and nothing else.
func refused(status int, fields pieces) says {
	return func(t *turn) bool {
		t.Answer.Status, t.Answer.Body = status, nil
		return t.say(text(t.line()), fields, text("Content-Length: 0\r\n\r\n"))
	}
}

// chunk is one of the right size.
func chunk(s string) string { return strconv.FormatInt(int64(len(s)), 16) + "\r\n" + s + "\r\n" }
