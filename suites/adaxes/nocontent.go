package adaxes

import (
	"context"
	"fmt"
	"net/url"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// noContent declares the checks of what a 204 is on the wire. They read the bytes of the connection, since HTTP
// libraries, Go's own among them, hide a body that follows a 204.
func noContent(s *check.Suite[*API]) {
	for _, of := range []struct {
		slug, words                     string
		content, connection, withLength string
		request                         func(ctx context.Context, api *API, t Ticket) client.Request
	}{
		{"terminate", "a session termination", "ADX-NOC-01", "ADX-NOC-03", "ADX-NOC-05",
			func(ctx context.Context, api *API, _ Ticket) client.Request {
				return client.Request{Operation: terminateSession, Query: url.Values{"id": {api.Session(ctx).ID}}}
			}},
		{"destroy", "a token destruction", "ADX-NOC-02", "ADX-NOC-04", "ADX-NOC-06",
			func(ctx context.Context, api *API, t Ticket) client.Request {
				return client.Request{Operation: destroyToken, Credential: t.Token, Query: url.Values{
					"token": {api.Ticket(ctx, api.Session(ctx)).Token},
				}}
			}},
	} {
		onWire := func(ctx context.Context, api *API) (*client.Wire, Ticket) {
			ticket := api.FreshTicket(ctx)
			first := of.request(ctx, api, ticket)
			first.Purpose = evidence.Act
			next := api.probeRequest(ticket.Token)
			next.Purpose = evidence.Act
			wire := api.SendOnWire(ctx, first, next)
			if wire.First.Err != nil || wire.First.Status != 204 {
				api.Inconclusive("%s was not answered 204: %s", of.words, check.Describe(wire.First))
			}
			return wire, ticket
		}
		s.Check("empty-"+of.slug, "sends nothing behind the 204 of "+of.words, func(ctx context.Context, api *API) {
			wire, _ := onWire(ctx, api)
			coding, length := wire.First.Header.Get("Transfer-Encoding"), wire.First.Header.Get("Content-Length")
			api.Require(len(wire.Stray) == 0, "nothing after the blank line", fmt.Sprintf("%d bytes", len(wire.Stray)))
			api.Require(coding == "", "no Transfer-Encoding", coding)
			api.Require(length == "" || length == "0", "no Content-Length above 0", length)
		}, check.Proves(of.content))
		s.Check("next-after-"+of.slug, "serves the next request on the connection after the 204 of "+of.words, func(ctx context.Context, api *API) {
			wire, ticket := onWire(ctx, api)
			if wire.Closed {
				// HTTP lets a server close a connection between two answers at any time.
				api.Require(len(wire.Stray) == 0, "nothing before the connection's end", fmt.Sprintf("%d bytes", len(wire.Stray)))
				return
			}
			if !check.Granted(wire.Next) {
				api.Fresh(wire.Next, ticket.Token)
				api.Fail("the next request on the connection, the probe with a valid token, is answered 2xx", check.Describe(wire.Next))
			}
		}, check.Proves(of.connection))
		s.Check("no-length-"+of.slug, "sends no Content-Length with the 204 of "+of.words, func(ctx context.Context, api *API) {
			wire, _ := onWire(ctx, api)
			length := wire.First.Header.Get("Content-Length")
			api.Require(length == "", "no Content-Length", length)
		}, check.Proves(of.withLength))
	}
}
