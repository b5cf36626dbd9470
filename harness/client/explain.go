package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
)

// ErrSilent is in the error of an exchange whose time was up.
var ErrSilent = errors.New("no complete answer")

// explain says in one line what failed, naming the timeout where that was it.
func (c *Client) explain(outer, bounded context.Context, err error) error {
	switch {
	case errors.Is(outer.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w in the time that there was", ErrSilent)
	case bounded.Err() != nil:
		return fmt.Errorf("%w within %s", ErrSilent, c.opts.Timeout)
	}
	if endedInHead(err) {
		return &silenced{errUnfinished.Error(), errors.Join(errUnfinished, err)}
	}
	if text := err.Error(); strings.Contains(text, "server response headers exceeded") || strings.Contains(text, "response header list larger than advertised") {
		return beyond("its status line and header section did not end within %d KiB", maxHead>>10)
	}
	return unquoted(c.asked.blamed(err))
}

// quote is what net/http quotes of an answer that it cannot read, at the end of a sentence or in quotation marks.
var quote = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?|(malformed MIME header(?: initial)? line: ).*`)

// AlertOfTLS is in the error of an exchange in plain HTTP that a server answered by an alert of TLS.
const AlertOfTLS = "an alert of TLS"

// unquoted is an error whose text does not repeat what came: an answer that cannot be read may well hold a session in its first line.
func unquoted(err error) error {
	if network, ok := errors.AsType[*net.OpError](err); ok && network.Op == "dial" {
		return err // nothing came
	}
	if strings.Contains(err.Error(), `"\x15\x03`) { // the head of an alert of TLS
		return &silenced{"malformed HTTP response: " + AlertOfTLS, err}
	}
	if text := quote.ReplaceAllString(err.Error(), "$1…"); text != err.Error() {
		return &silenced{text, err}
	}
	return err
}

// silenced is an error with another text.
type silenced struct {
	text string
	error
}

func (s *silenced) Error() string { return s.text }
func (s *silenced) Unwrap() error { return s.error }
