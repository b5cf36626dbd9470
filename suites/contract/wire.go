package contract

import (
	"context"
	"fmt"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// The checks of what a 204 is on the wire read the bytes of the connection, since HTTP libraries, Go's own among them, hide a body
// that follows one.

func granted(ctx context.Context, l Lender, op *openapi.Operation) *client.Wire {
	wire := l.OnWire(ctx, op)
	if wire.First.Err != nil || wire.First.Status != op.Success() {
		l.Checked().Inconclusive("%s was not answered %d: %s", op.Wire.Words, op.Success(), check.Describe(wire.First))
	}
	return wire
}

func empty(ctx context.Context, l Lender, op *openapi.Operation) {
	wire, c := granted(ctx, l, op), l.Checked()
	coding, length := wire.First.Header.Get("Transfer-Encoding"), wire.First.Header.Get("Content-Length")
	c.Require(len(wire.Stray) == 0, "nothing after the blank line", fmt.Sprintf("%d bytes", len(wire.Stray)))
	c.Require(coding == "", "no Transfer-Encoding", coding)
	c.Require(length == "" || length == "0", "no Content-Length above 0", length)
}

func nextServed(ctx context.Context, l Lender, op *openapi.Operation) {
	wire, c := granted(ctx, l, op), l.Checked()
	if wire.Closed {
		// HTTP lets a server close a connection between two answers at any time.
		c.Require(len(wire.Stray) == 0, "nothing before the connection's end", fmt.Sprintf("%d bytes", len(wire.Stray)))
		return
	}
	if !check.Granted(wire.Next) {
		c.Aged(wire.Next)
		c.Fail("the next request on the connection, the probe with a valid credential, is answered 2xx", check.Describe(wire.Next))
	}
}

func noLength(ctx context.Context, l Lender, op *openapi.Operation) {
	length := granted(ctx, l, op).First.Header.Get("Content-Length")
	l.Checked().Require(length == "", "no Content-Length", length)
}
