package client

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"example.org/conform/harness/evidence"
)

// Wire is what stood on a connection around two requests, read byte by byte: an HTTP library hides a body that
// follows a 204, and with it the damage that such a body does to the next answer.
type Wire struct {
	// First is the answer to the first request, judged by its header section alone. Its Header keeps
	// Content-Length and Transfer-Encoding, which net/http takes out.
	First *Answer
	// Stray is what stood between the first answer's header section and the next answer, or the connection's end.
	Stray []byte
	// Next is the answer to the second request on the same connection; nil when the server had closed it.
	Next *Answer
	// Closed says that the server closed the connection in place of a next answer, and Announced that it had said so.
	Closed, Announced bool
}

// OnWire sends first on a connection of its own, then next on the same one, and reports the bytes in between.
// It returns an error only for requests that cannot be made from the document.
func (c *Client) OnWire(ctx context.Context, first, next Request) (*Wire, error) {
	if c.spoken.newer.Load() {
		answer, err := c.unspoken(ctx, first)
		return &Wire{First: answer, Closed: true}, err
	}
	for tries := 0; ; tries++ {
		w, err := c.onWire(ctx, first, next)
		if err != nil {
			return nil, err
		}
		if most := max(c.hiccup(w.First), c.hiccup(cmp.Or(w.Next, w.First))); tries < most && ctx.Err() == nil {
			await(ctx, tries)
			continue
		}
		answer := w.First
		if w.Next != nil && w.Next.Status == http.StatusTooManyRequests {
			answer = w.Next
		}
		if !c.throttled(ctx, answer) {
			return w, nil
		}
	}
}

func (c *Client) onWire(ctx context.Context, first, next Request) (*Wire, error) {
	firstReq, firstBlank, err := c.build(ctx, first)
	if err != nil {
		return nil, err
	}
	nextReq, nextBlank, err := c.build(ctx, next)
	if err != nil {
		return nil, err
	}
	if first.HTTP2 || next.HTTP2 {
		return nil, fmt.Errorf("%s: %w", firstBlank.Operation.ID(), errUnspoken)
	}
	done, err := c.opts.Turn(ctx)
	defer done()
	w := &Wire{First: firstBlank.begun()}
	if err != nil {
		w.First.Received, w.First.Err = time.Now(), err
		return w, nil
	}
	bounded, cancel := c.bound(ctx)
	defer cancel()
	conn, err := c.through(bounded, firstReq.URL)
	if err != nil {
		w.First.Received, w.First.Err = time.Now(), c.explain(ctx, bounded, err)
		return w, nil
	}
	defer func() { _ = conn.Close() }()
	deadline, _ := bounded.Deadline()
	_ = conn.SetDeadline(deadline)

	arriving := &coming{conn, maxHead, "its status line and header section did not end within 64 KiB"}
	reader := bufio.NewReaderSize(arriving, maxHead)
	if err := errors.Join(firstReq.Write(conn), readHead(reader, w.First)); err != nil {
		if arriving.left <= 0 && !errors.Is(err, ErrBeyond) { // a line was cut in its middle
			err = beyond("%s", arriving.what)
		}
		w.First.Received, w.First.Status, w.First.Err = time.Now(), 0, c.explain(ctx, bounded, err)
		return w, nil
	}
	w.First.Received = time.Now()
	w.Announced = strings.EqualFold(w.First.Header.Get("Connection"), "close") || w.First.Proto == "HTTP/1.0"

	arriving.left, arriving.what = MaxBody+maxHead, "what followed it did not end within 1 MiB"
	w.Next = nextBlank.begun()
	_ = nextReq.Write(conn) // a server that has closed is seen by the read that follows
	w.Stray, w.Closed, err = untilStatusLine(reader)
	switch {
	case w.Closed:
		w.Next = nil
	case err == nil:
		err = readWhole(reader, nextReq, w.Next)
	}
	if w.Next != nil {
		w.Next.Received = time.Now()
		if err != nil {
			w.Next.Status, w.Next.Err = 0, c.explain(ctx, bounded, err)
		}
	}
	w.First.Body = w.Stray
	w.First.Wire = w.describe()
	w.First.seal(w.Stray)
	w.First.Validate()
	return w, nil
}

func (w *Wire) describe() string {
	end := "then the next answer began"
	switch {
	case w.Closed && w.Announced:
		end = "then the server closed the connection, as it had announced"
	case w.Closed:
		end = "then the server closed the connection"
	case w.Next.Err != nil:
		end = "and no next answer could be read: " + evidence.OneLine(w.Next.Err.Error())
	}
	return fmt.Sprintf("%d bytes after the blank line, %s", len(w.Stray), end)
}

// readHead reads a status line and a header section, and nothing after the blank line.
func readHead(r *bufio.Reader, a *Answer) error {
	for {
		if err := readOneHead(r, a); err != nil || !interim(a.Status) {
			return err
		}
	}
}

// interim tells whether an answer only goes before the one that was asked for (RFC 9110, 15.2). Nobody asks for 101.
func interim(status int) bool { return status/100 == 1 && status != http.StatusSwitchingProtocols }

func readOneHead(r *bufio.Reader, a *Answer) error {
	text := textproto.NewReader(r)
	line, err := text.ReadLine()
	if err != nil {
		return fmt.Errorf("reading the status line: %w", err)
	}
	proto, rest, _ := strings.Cut(line, " ")
	if _, _, ok := http.ParseHTTPVersion(proto); !ok {
		if strings.HasPrefix("HTTP/1.", line) {
			return errUnfinished
		}
		return errors.New("what came is not an HTTP/1 status line")
	}
	code, reason, _ := strings.Cut(rest, " ")
	status, err := strconv.ParseUint(code, 10, 16)
	if len(code) != 3 || err != nil || status < 100 { // three digits (RFC 9110, 15)
		return errors.New("the status line has no status code")
	}
	a.Status = int(status)
	header, err := text.ReadMIMEHeader()
	if err != nil {
		return fmt.Errorf("reading the header section: %w", err)
	}
	a.Proto, a.Reason, a.Header = proto, reason, http.Header(header)
	a.Date, _ = http.ParseTime(a.Header.Get("Date"))
	return boundedHead(reason, a.Header)
}

// untilStatusLine reads up to where a status line begins, which it leaves unread, and returns what stood before it.
func untilStatusLine(r *bufio.Reader) (stray []byte, closed bool, err error) {
	const start = "HTTP/1."
	for len(stray) <= MaxBody {
		peek, err := r.Peek(len(start))
		if string(peek) == start {
			return stray, false, nil
		}
		if err != nil {
			// What is left is shorter than a status line; it is still content.
			stray = append(stray, peek...)
			if errors.Is(err, io.EOF) || Dropped(err) {
				return stray, true, nil
			}
			return stray, false, err
		}
		// Skip to the next byte at which a status line could begin.
		skip := bytes.IndexByte(peek[1:], start[0]) + 1
		if skip == 0 {
			skip = len(peek)
		}
		stray = append(stray, peek[:skip]...)
		_, _ = r.Discard(skip)
	}
	return stray, false, beyond("what follows the blank line did not end within %d MiB", MaxBody>>20)
}

func readWhole(r *bufio.Reader, req *http.Request, a *Answer) error {
	resp, err := http.ReadResponse(r, req)
	for err == nil && interim(resp.StatusCode) {
		resp, err = http.ReadResponse(r, req)
	}
	if err != nil {
		return err
	}
	a.Status, a.Header, a.Proto = resp.StatusCode, resp.Header, resp.Proto
	a.Reason = http.StatusText(resp.StatusCode)
	a.Date, _ = http.ParseTime(a.Header.Get("Date"))
	if a.Body, err = readAll(resp.Body); err == nil {
		err = cmp.Or(boundedHead("", a.Header), a.unpack())
	}
	return err
}
