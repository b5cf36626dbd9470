// Package client sends a check's requests. Method, path, media type and security header come from the operation of
// the OpenAPI document; every answer is validated against that operation as it arrives and recorded as evidence.
package client

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/clock"
	"example.org/conform/openapi"
)

// idle is how long a connection is kept that nobody uses: a run that waits for something to expire, at hundreds of servers, would hold
// thousands.
const idle = 10 * time.Second

// Options configure a Client.
type Options struct {
	// Base is the URL below which the document's paths lie.
	Base string
	// TLS is nil for the system's own roots.
	TLS *tls.Config
	// Proxies says through which proxy what is reached; nil for none at all.
	Proxies Proxies
	// Timeout bounds one exchange, from dialling to the last byte of the body.
	Timeout time.Duration
	// Hurry ends when nothing that is under way is worth waiting for any more; nil for never.
	Hurry context.Context
	// Turn is called before each request and waits until the target's limits let it be sent; the request calls done when
	// it has its answer, or an error. Nil for no limit.
	Turn func(context.Context) (done func(), err error)
	// Throttled is called when the server answers that it wants to be asked less often, with the time to wait; it
	// waits, or returns an error to give up. Nil lets such answers through.
	Throttled func(context.Context, time.Duration) error
	// RoundTripper wraps the transport, for systems whose authentication lives there; nil for none. What it adds to a
	// request it shows by ShowSent.
	RoundTripper func(*http.Transport) http.RoundTripper
	// Close is called by Client.Close, for what RoundTripper holds; nil for nothing.
	Close func()
}

// Client talks to one target as one document describes it. It is safe for concurrent use.
type Client struct {
	doc    *openapi.Document
	opts   Options
	plain  *http.Transport
	pooled http.RoundTripper
	alone  http.RoundTripper
	ending http.RoundTripper // as pooled, but apart from it
	empty  http.RoundTripper // for what is answered without content: alone, or ending
	// For requests that may go in HTTP/2, pooled and alone. Its frames say where an answer ends, also one without content.
	pooled2, alone2 http.RoundTripper
	closers         []func()
	clocks          *sync.Map // *clock.Clock by host
	asked           *certificateAsked
	spoken          *spoken
	unserved        *atomic.Bool // a gateway stands before no server
	recovered       *atomic.Bool // a request that was sent again for a hiccup got an answer
	spoilt          *atomic.Bool // behind an answer without content a connection got none in time
	seen            func(Request, *Answer)
}

// New returns a client for a document.
func New(doc *openapi.Document, opts Options) *Client {
	if opts.Turn == nil {
		opts.Turn = func(context.Context) (func(), error) { return func() {}, nil }
	}
	if opts.RoundTripper == nil {
		opts.RoundTripper = func(t *http.Transport) http.RoundTripper { return t }
	}
	wanted := &certificateAsked{}
	opts.TLS = wanted.by(opts.TLS)
	pooled := &http.Transport{
		DialContext:     (&net.Dialer{Timeout: opts.Timeout}).DialContext,
		TLSClientConfig: opts.TLS.Clone(),
		// An empty map keeps the exchange on HTTP/1.1, where the bytes of an answer can be read and shown.
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		TLSHandshakeTimeout:    opts.Timeout,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        idle,
		MaxResponseHeaderBytes: maxHead,
	}
	opts.Proxies.use(pooled)
	alone := pooled.Clone()
	alone.DisableKeepAlives = true
	ending := pooled.Clone()
	pooled2, alone2 := offering(pooled), offering(alone)
	c := &Client{
		doc: doc, opts: opts, plain: alone, pooled: opts.RoundTripper(pooled), alone: opts.RoundTripper(alone),
		ending: opts.RoundTripper(ending), pooled2: opts.RoundTripper(pooled2), alone2: opts.RoundTripper(alone2), clocks: &sync.Map{}, asked: wanted,
		spoken: &spoken{}, unserved: &atomic.Bool{}, recovered: &atomic.Bool{}, spoilt: &atomic.Bool{},
	}
	c.empty = c.alone
	for _, t := range []*http.Transport{pooled, alone, ending, pooled2, alone2} {
		c.closers = append(c.closers, t.CloseIdleConnections)
	}
	if opts.Close != nil {
		c.closers = append(c.closers, opts.Close)
	}
	return c
}

// Unjudged is the client for requests whose answers nobody judges, as those that end what checks made: what has no content
// shares connections with others of its kind, and what breaks on one is asked for again on a new one.
func (c *Client) Unjudged() *Client {
	u := *c
	u.empty = c.ending
	return &u
}

// Watched is the client whose every answer seen is told, with the request that got it.
func (c *Client) Watched(seen func(Request, *Answer)) *Client {
	w := *c
	w.seen = seen
	return &w
}

// Close gives up the idle connections.
func (c *Client) Close() {
	for _, f := range c.closers {
		f()
	}
}

// Document is the contract that the client follows.
func (c *Client) Document() *openapi.Document { return c.doc }

// Do sends a request. It returns an error only for a request that cannot be made from the document; whatever the
// server or the network does is in the answer.
func (c *Client) Do(ctx context.Context, r Request) (*Answer, error) {
	answer, err := c.do(ctx, r)
	if err == nil && c.seen != nil {
		c.seen(r, answer)
	}
	return answer, err
}

func (c *Client) do(ctx context.Context, r Request) (*Answer, error) {
	if c.spoken.newer.Load() {
		if r.Head != nil {
			return c.unspoken(ctx, r)
		}
		r.HTTP2 = true
	}
	answer, err := c.send(ctx, r)
	switch {
	case err != nil:
	case answer.Err == nil && answer.Proto != newer:
		c.spoken.older.Store(true)
	case c.mayBeNewer(r, answer):
		r.HTTP2 = true
		if again, err := c.send(ctx, r); err == nil && again.Err == nil && again.Proto == newer {
			c.spoken.newer.Store(true)
			return again, nil
		}
	}
	return answer, err
}

// send is Do in the version of HTTP that the request names.
func (c *Client) send(ctx context.Context, r Request) (*Answer, error) {
	req, blank, err := c.build(ctx, r)
	if err != nil {
		return nil, err
	}
	transport := c.pooled
	if blank.Operation.Success() == http.StatusNoContent {
		// A broken framing behind a 204 must fail its own check and not the next request of another: what has no
		// content gets a connection to itself.
		if transport = c.empty; c.spoilt.Load() { // to wait for each of them would take the run's time
			transport = c.alone
		}
	}
	alone := c.alone
	if r.Head != nil {
		spelt, end := c.spelt(blank.written(r.Head))
		defer end()
		transport, alone = spelt, spelt
	}
	if r.HTTP2 {
		transport, alone = c.pooled2, c.alone2
	}
	if r.Once { // a connection that has stood idle may be closed just as it comes
		transport = alone
	}
	answer := &Answer{}
	send := func(by http.RoundTripper, first *Answer) {
		next := c.exchange(ctx, by, req, blank)
		next.Times, next.First, answer = answer.Times+1, first, next
	}
	send(transport, nil)
	if transport == c.ending && answer.Err != nil && answer.Received.Sub(answer.Sent) >= c.opts.Timeout {
		c.spoilt.Store(true)
	}
	if answer.sentBack() {
		transport, alone, blank.HTTP2 = c.alone, c.alone, false
		send(transport, answer)
	}
	// What broke on the way says nothing about the request; browsers and libraries send again, on a new connection, and
	// every attempt is kept. So may one that the server asked to send later.
	for tries := 0; ; {
		once := r.Once && !errors.Is(answer.Err, ErrMoved)
		switch broke := tries < c.hiccup(answer) && !once; {
		case broke && ctx.Err() == nil && (answer.Err == nil || r.Again == nil || r.Again(ctx)):
			await(ctx, tries)
			tries++
			send(alone, answer)
		case c.throttled(ctx, answer):
			send(transport, answer.First)
		default:
			c.served(answer, tries > 0)
			return answer, nil
		}
	}
}

// build makes a request, and what every answer to it has in common.
func (c *Client) build(ctx context.Context, r Request) (*http.Request, Answer, error) {
	op, err := c.doc.Operation(r.Operation)
	if err != nil {
		return nil, Answer{}, err
	}
	if r.HTTP2 && r.Head != nil {
		return nil, Answer{}, fmt.Errorf("%s: %w", op.ID(), errUnspoken)
	}
	body := r.Body
	if members, isObject := r.JSON.(map[string]any); body == nil && isObject && op.IsForm() {
		body = openapi.EncodeForm(members)
	}
	if body == nil && r.JSON != nil {
		if body, err = json.Marshal(r.JSON); err != nil {
			return nil, Answer{}, fmt.Errorf("%s: writing the request body: %w", op.ID(), err)
		}
	}
	path := r.Path
	if path == "" {
		if path, err = op.PathFor(r.PathValues); err != nil {
			return nil, Answer{}, err
		}
	}
	address := cmp.Or(r.Base, c.opts.Base) + path
	if query := cmp.Or(r.RawQuery, r.Query.Encode()); query != "" {
		address += "?" + query
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(r.Method, op.Method()), address, bytes.NewReader(body))
	if err != nil {
		return nil, Answer{}, fmt.Errorf("%s: making the request: %w", op.ID(), err)
	}
	if req.Method == http.MethodGet {
		req.Header.Set("Cache-Control", "no-cache") // what is asked for is the server's own word of this moment (RFC 9111, 5.2.1.4)
	}
	for name, values := range r.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("User-Agent", "conform")
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "*/*")
	}
	if body != nil {
		if media := cmp.Or(r.ContentType, op.RequestMediaType()); media != "" {
			req.Header.Set("Content-Type", media)
		}
	}
	if r.Credential != "" {
		req.Header.Set(op.CredentialHeader(), r.Credential)
	}
	if r.Spell != nil {
		r.Spell(req)
	}
	return req, Answer{
		Operation: op, Purpose: r.Purpose, Sound: r.Sound, Method: req.Method, URL: req.URL.String(), Clock: c.clock(req.URL.Host),
		RequestHeader: framed(req), RequestBody: body, HTTP2: r.HTTP2, wary: r.Wary,
	}, nil
}

// framed is the header section of a request with what net/http adds of itself where a check asks for it.
func framed(req *http.Request) http.Header {
	if !req.Close && req.ContentLength >= 0 {
		return req.Header
	}
	header := req.Header.Clone()
	if req.Close {
		header.Set("Connection", "close")
	}
	if req.ContentLength < 0 {
		header.Set("Transfer-Encoding", "chunked")
	}
	return header
}

func (c *Client) exchange(ctx context.Context, transport http.RoundTripper, req *http.Request, blank Answer) *Answer {
	done, err := c.opts.Turn(ctx)
	defer done()
	a := blank.begun()
	if a.Err = cmp.Or(err, ctx.Err()); a.Err != nil {
		a.Received = a.Sent
		return a
	}
	bounded, cancel := c.bound(context.WithValue(ctx, answerKey{}, a))
	defer cancel()
	req = req.Clone(bounded)
	req.Body, _ = req.GetBody() // of bytes: there is no error
	resp, err := transport.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusSwitchingProtocols {
		// What follows is no body and has no end: nothing would bound the reading of it.
		err = errors.Join(errors.New("the answer is 101 Switching Protocols, which nobody asked for"), resp.Body.Close())
	}
	if err == nil {
		a.Status, a.Header, a.Proto = resp.StatusCode, resp.Header, resp.Proto
		if resp.ProtoMajor < 2 { // net/http makes one up
			a.Reason = strings.TrimSpace(strings.TrimPrefix(resp.Status, fmt.Sprint(resp.StatusCode)))
		}
		if a.Body, err = readAll(resp.Body); err == nil {
			err = cmp.Or(c.opts.Proxies.refused(a, req.URL), boundedHead(a.Reason, a.Header), a.unpack())
		}
	}
	a.Received = time.Now()
	if err != nil {
		a.Begun, a.Status, a.Err = a.Status, 0, c.explain(ctx, bounded, err)
		return a
	}
	a.Date, _ = http.ParseTime(a.Header.Get("Date"))
	a.Clock.Observe(a.Date, a.Sent, a.Received)
	a.Validate()
	return a
}

// clock is that of the server at a host.
func (c *Client) clock(host string) *clock.Clock {
	known, _ := c.clocks.LoadOrStore(host, &clock.Clock{})
	return known.(*clock.Clock)
}

// ClocksApart are the hosts whose answers contradict each other in what the time is: a clock was set anew, or several servers answer.
func (c *Client) ClocksApart() (hosts []string) {
	for host, known := range c.clocks.Range {
		if known.(*clock.Clock).Apart() {
			hosts = append(hosts, host.(string))
		}
	}
	slices.Sort(hosts)
	return hosts
}

// answerKey finds, in the context of a request under way, the answer that will record it.
type answerKey struct{}

// ShowSent is for a RoundTripper that adds a header to a request: it has the record of the request show the header
// with a text in place of the value, which may be a credential. The context is that of the request.
func ShowSent(ctx context.Context, header, text string) {
	if a, ok := ctx.Value(answerKey{}).(*Answer); ok {
		a.RequestHeader.Set(header, text)
	}
}

// bound gives an exchange its own time. An interrupt lets a request under way come to its end: what the server makes
// for it could not be ended otherwise, since nobody would know of it. A deadline of the caller's holds, and so does its hurry.
func (c *Client) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	end := time.Now().Add(c.opts.Timeout)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		end = deadline
	}
	bounded, cancel := context.WithDeadline(context.WithoutCancel(ctx), end)
	if c.opts.Hurry == nil {
		return bounded, cancel
	}
	stop := context.AfterFunc(c.opts.Hurry, cancel)
	return bounded, func() { stop(); cancel() }
}
