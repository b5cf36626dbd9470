package client

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// endless is a client of a server that writes answers to the connection itself, until that is closed.
func endless(t *testing.T, write func(io.Writer)) *Client {
	return serving(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(time.Minute)) // for a client that never gives up
		write(conn)
	})
}

// endlessly writes a text until nobody reads any more.
func endlessly(w io.Writer, text string) {
	many := []byte(strings.Repeat(text, 1+(32<<10)/len(text)))
	for {
		if _, err := w.Write(many); err != nil {
			return
		}
	}
}

// Whatever an answer has too much of is named, and nothing of it is kept, by whoever reads it.
func TestAnswersBeyondBounds(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 200 OK\r\n"
	say := func(text string) func(io.Writer) { return func(w io.Writer) { _, _ = io.WriteString(w, text) } }
	text := func(body string) string {
		return head + "Content-Type: application/json\r\nConnection: close\r\n\r\n" + body
	}
	for name, c := range map[string]struct {
		write func(io.Writer)
		want  string
	}{
		"an endless status line":  {func(w io.Writer) { say("HTTP/1.1 200 ")(w); endlessly(w, "x") }, "64 KiB"},
		"a long reason phrase":    {say("HTTP/1.1 200 " + strings.Repeat("x", maxReason+1) + "\r\nContent-Length: 0\r\n\r\n"), "a reason phrase of"},
		"an endless field":        {func(w io.Writer) { say(head + "X: ")(w); endlessly(w, "x") }, "64 KiB"},
		"endless fields":          {func(w io.Writer) { say(head)(w); endlessly(w, "X: y\r\n") }, "64 KiB"},
		"many fields":             {say(head + strings.Repeat("X: y\r\n", maxFields) + "Content-Length: 0\r\n\r\n"), "201 fields"},
		"endless interim answers": {func(w io.Writer) { endlessly(w, "HTTP/1.1 103 Early Hints\r\n\r\n") }, "64 KiB"},
		"an endless body":         {func(w io.Writer) { say(head + "Connection: close\r\n\r\n")(w); endlessly(w, "x") }, "1 MiB"},
		"endless chunks":          {func(w io.Writer) { say(head + "Transfer-Encoding: chunked\r\n\r\n")(w); endlessly(w, "4\r\nabcd\r\n") }, "1 MiB"},
		"a bomb": {func(w io.Writer) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(make([]byte, MaxBody+1))
			_ = z.Close()
			say(head + "Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + b.String())(w)
		}, "1 MiB"},
		"deep JSON":           {say(text(strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1))), "JSON more than 500 deep"},
		"many values":         {say(text("[" + strings.Repeat("{},", maxValues) + "{}]")), "20000 values"},
		"a number beyond any": {say(text(`{"a": "b", "c": 0.` + strings.Repeat("1", maxDigits) + "}")), "1000 digits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := endless(t, c.write)
			begun := time.Now()
			a := do(t, client, Request{Operation: "probe", Once: true})
			if !errors.Is(a.Err, ErrBeyond) || !strings.Contains(a.Err.Error(), c.want) || a.Status != 0 || time.Since(begun) > client.opts.Timeout {
				t.Errorf("%d, %v after %s", a.Status, a.Err, time.Since(begun))
			}
		})
	}
}

// The reader of bytes has the same bounds.
func TestWireBeyondBounds(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct {
		write func(io.Writer)
		want  string
	}{
		"an endless status line":  {func(w io.Writer) { _, _ = io.WriteString(w, "HTTP/1.1 200 "); endlessly(w, "x") }, "64 KiB"},
		"an endless field":        {func(w io.Writer) { _, _ = io.WriteString(w, head+"X: "); endlessly(w, "x") }, "64 KiB"},
		"endless interim answers": {func(w io.Writer) { endlessly(w, "HTTP/1.1 100 Continue\r\n\r\n") }, "64 KiB"},
		"many fields":             {func(w io.Writer) { _, _ = io.WriteString(w, head+strings.Repeat("X: y\r\n", maxFields+1)+"\r\n") }, "201 fields"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := endless(t, c.write)
			w, err := client.OnWire(t.Context(), Request{Operation: "probe"}, Request{Operation: "probe"})
			if err != nil || !errors.Is(w.First.Err, ErrBeyond) || !strings.Contains(w.First.Err.Error(), c.want) {
				t.Errorf("%v, %v", err, w.First.Err)
			}
		})
	}
	t.Run("what follows", func(t *testing.T) {
		t.Parallel()
		client := endless(t, func(w io.Writer) { _, _ = io.WriteString(w, head+"\r\n"); endlessly(w, "x") })
		w, err := client.OnWire(t.Context(), Request{Operation: "probe"}, Request{Operation: "probe"})
		if err != nil || w.Next == nil || !errors.Is(w.Next.Err, ErrBeyond) {
			t.Errorf("%v, %+v", err, w.Next)
		}
	})
}

// What servers send is within the bounds, strings however long and bodies that are no JSON included.
func TestWithinBounds(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", `{"a":"` + strings.Repeat("[{1", 20_000) + `\""}`, "<html>" + strings.Repeat("[", 1000),
		"9" + strings.Repeat("aF7-", 500), "[" + strings.Repeat("1,", 10_000) + "1]",
	} {
		if err := boundedJSON([]byte(body)); err != nil {
			t.Errorf("%.20s: %v", body, err)
		}
	}
}

// Evidence keeps the head, the length and a digest of what is long.
func TestEvidenceIsShortened(t *testing.T) {
	t.Parallel()
	c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("A-Long", strings.Repeat("x", keptText+1))
		for _, letter := range "BCDEFGHIJ" {
			w.Header().Set("X-"+string(letter), strings.Repeat("y", keptText))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"a":"`+strings.Repeat("z", keptBody)+`"}`)
	})
	a := do(t, c, Request{Operation: "probe"})
	if a.Err != nil {
		t.Fatal(a.Err)
	}
	shown := a.Record(func(s string) string { return s })[0].Response
	long, last := shown.Headers[0].Value, shown.Headers[len(shown.Headers)-1]
	if len(long) > keptText+200 || !strings.Contains(long, "(2049 bytes, SHA-256 ") || last.Name != "…" || !strings.Contains(last.Value, "more fields, not shown; SHA-256 ") {
		t.Errorf("%d bytes of a field; the last is %+v", len(long), last)
	}
	if b := shown.Body; !b.Cut || len(b.Digest) != 64 || len(b.Text) > keptBody || b.Size != len(a.Body) {
		t.Errorf("%v, %q, %d of %d", b.Cut, b.Digest, len(b.Text), b.Size)
	}
}
