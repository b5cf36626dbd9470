package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hiccups is how often a request is sent again that met one on the way, pages how often where it was a gateway's page, and moves how
// often where others were sent again before and answered then, and a login, which is several requests, any of which may meet one.
const hiccups, pages, moves = 2, 5, 6

// unsaid is how often a request is sent again that is answered 429 without a word of when.
const unsaid = 5

// longestWait stands for any that is longer.
const longestWait = 365 * 24 * time.Hour

// pause is how long a request waits that is to be sent again for the nth time: a gateway has to find another server, or the same again.
// The first goes at once.
func pause(n int) time.Duration {
	if n == 0 {
		return 0
	}
	return 50 * time.Millisecond << n
}

// hiccup reports how often a request is to be sent again at most because something on the way to the API has failed, and not the
// API: the connection broke before an answer, or a gateway answers in its place. One that says when to come again is throttled. Where a
// gateway has found no server for all that a request was sent again, others are not to wait as long for it, until one is there.
func (c *Client) hiccup(a *Answer) int {
	switch {
	case errors.Is(a.Err, ErrMoved):
		return moves
	case a.Err != nil && a.Begun == 0 && (Dropped(a.Err) || a.broke()):
		switch { // where connections break now and then, whatever is sent, two that do in a row say nothing of what was sent
		case c.recovered.Load():
			return moves
		case a.wary:
			return 1
		}
		return hiccups
	case a.Err == nil && gateway(a) && a.Header.Get("Retry-After") == "":
		if c.unserved.Load() {
			return 1
		}
		return pages
	}
	return 0
}

// served enters whether a gateway has found a server, by the last answer to a request: one that was not sent again says nothing of it where
// it met a page.
func (c *Client) served(a *Answer, again bool) {
	if again && a.Err == nil {
		c.recovered.Store(true)
	}
	if a.Err == nil && (again || !gateway(a)) {
		c.unserved.Store(gateway(a))
	}
}

// await waits for the nth time to send a request again, or for the end of its context.
func await(ctx context.Context, n int) {
	select {
	case <-time.After(pause(n)):
	case <-ctx.Done():
	}
}

// ErrMoved is the error of a login whose connection the server closed half-way: the rest of it can only fail, and what a
// server says to it is no answer to the credentials. Like any connection that breaks, it has the client begin anew.
var ErrMoved error = moved{}

type moved struct{}

func (moved) Error() string { return "the server closed the connection in the middle of the login" }

// Unwrap has the client take it for a connection that broke before an answer.
func (moved) Unwrap() error { return io.EOF }

// ErrMayHaveCounted is in the error of a login that got no answer and is not sent again, since the server may count it as one with a
// wrong password.
var ErrMayHaveCounted = errors.New("no answer to the proof, which may have counted")

// errUnfinished is the error of an answer whose connection ended before its header section did.
var errUnfinished = fmt.Errorf("the connection ended in the status line or the header section of the answer: %w", io.ErrUnexpectedEOF)

// unfinished is how net/http and net/textproto complain of a connection that ended there. Where it did in the middle of a line they take what
// came for the whole line, and do not say that nothing came after it: it is known by being the beginning of a good one, of a status line or
// of a field's name.
var unfinished = regexp.MustCompile(`(?:transport connection broken: unexpected EOF|malformed HTTP response "H(?:T(?:T(?:P(?:/(?:1\.?)?)?)?)?)?"|missing colon: "[!#$%&'*+.^_\x60|~0-9A-Za-z-]+")$`)

// endedInHead tells by what was complained of whether a connection ended in the head of an answer.
func endedInHead(err error) bool {
	return unfinished.MatchString(err.Error()) && !errors.Is(err, ErrMayHaveCounted)
}

// Dropped reports whether a connection broke before any byte of an answer, or before its header section was whole.
func Dropped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, errUnfinished) || endedInHead(err) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, net.ErrClosed) || // the transport has seen the server's end of it while the request was being written
		strings.Contains(err.Error(), "server closed idle connection")
}

// Cut reports whether the answer did not come, or broke off, for what may be the network's doing.
func (a *Answer) Cut() bool {
	return a.Err != nil && (Dropped(a.Err) || a.broke() || tampered(a.Err) || errors.Is(a.Err, ErrSilent) || errors.Is(a.Err, io.ErrUnexpectedEOF))
}

// tampered reports whether what came is not what the server's TLS had sent: it was changed, or somebody has spoken in its stead.
func tampered(err error) bool {
	local, ok := errors.AsType[*net.OpError](err)
	return ok && local.Op == "local error"
}

// throttled reports whether the request of an answer is to be sent again, after the time that the server asks for. Where
// the run has no such time, that is the answer's error.
func (c *Client) throttled(ctx context.Context, a *Answer) bool {
	wait, asked := retryAfter(a)
	if !asked || c.opts.Throttled == nil || a.Header.Get("Retry-After") == "" && (a.wary || a.Times > unsaid) {
		return false
	}
	err := c.opts.Throttled(ctx, max(wait, unasked(a.Times)))
	if err != nil {
		a.Err = fmt.Errorf("the server asked to wait %s (status %d): %w", wait, a.Status, err)
	}
	return err == nil
}

// unasked is how long a request waits at least that was asked so often to come later, whatever was asked: a server that says "at once" each
// time would have it sent without an end.
func unasked(times int) time.Duration {
	return min(50*time.Millisecond<<min(times, 10), time.Second)
}

// retryAfter reports whether the server asks to be asked later (429, or 503 with Retry-After), and how much later.
func retryAfter(a *Answer) (time.Duration, bool) {
	header := a.Header.Get("Retry-After")
	if a.Err != nil || a.Status != http.StatusTooManyRequests && (a.Status != http.StatusServiceUnavailable || header == "") {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(header, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return max(time.Duration(min(seconds, uint64(longestWait/time.Second)))*time.Second, 50*time.Millisecond), true
	}
	if when, err := http.ParseTime(header); err == nil {
		wait := time.Until(when)
		if !a.Date.IsZero() { // it is a moment of the server's clock, and this machine's may be elsewhere
			wait = when.Sub(a.Date)
		}
		return min(max(wait, 50*time.Millisecond), longestWait), true
	}
	return time.Second, true
}
