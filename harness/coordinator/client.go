package coordinator

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/rpc"
	"time"
)

// Client is a worker's end of the coordinator. It is safe for concurrent use.
type Client struct {
	rpc  *rpc.Client
	lost chan struct{}
}

// Dial connects a worker process to the command that started it.
func Dial(address string) (*Client, error) {
	conn, err := net.Dial("unix", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to the run's coordinator: %w", err)
	}
	return newClient(conn), nil
}

// Connect gives a client of a state in the same process, for runs without worker processes.
func Connect(state *State) *Client {
	near, far := net.Pipe()
	go state.serve(far)
	return newClient(near)
}

func newClient(conn io.ReadWriteCloser) *Client {
	c := &Client{lost: make(chan struct{})}
	c.rpc = rpc.NewClient(&watched{conn, c.lost})
	return c
}

// watched tells when the connection's reading side ends, which is when the command has gone.
type watched struct {
	io.ReadWriteCloser
	lost chan struct{}
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadWriteCloser.Read(p)
	if err != nil {
		select {
		case <-w.lost:
		default:
			close(w.lost)
		}
	}
	return n, err
}

// Lost is closed when the command has gone: a worker then has nobody to work for.
func (c *Client) Lost() <-chan struct{} { return c.lost }

// Close ends the connection; what the worker held is released.
func (c *Client) Close() error { return c.rpc.Close() }

func call[R any](ctx context.Context, c *Client, method string, args any) (R, error) {
	var reply R
	pending := c.rpc.Go("Run."+method, args, &reply, make(chan *rpc.Call, 1))
	select {
	case <-pending.Done:
		return reply, known(pending.Error)
	case <-ctx.Done():
		var none R // reply may still be written to
		return none, ctx.Err()
	}
}

// known gives back the package's own errors, which travel as text.
func known(err error) error {
	if err == nil {
		return nil
	}
	for _, own := range []error{ErrBudget, ErrThrottled} {
		if err.Error() == own.Error() {
			return own
		}
	}
	return fmt.Errorf("asking the run's coordinator: %w", err)
}

// Job returns what there is to do.
func (c *Client) Job(ctx context.Context) (Job, error) { return call[Job](ctx, c, "Job", None{}) }

// Name returns the name under which a secret is shown within this run.
func (c *Client) Name(ctx context.Context, kind, value string) (string, error) {
	return call[string](ctx, c, "Name", NameArgs{kind, value})
}

// Made enters an item that the run must end.
func (c *Client) Made(ctx context.Context, item Item) error {
	_, err := call[None](ctx, c, "Made", item)
	return err
}

// Given is how many answers of the run gave a credential.
func (c *Client) Given(ctx context.Context, run int, credential string) (int, error) {
	return call[int](ctx, c, "Given", CredentialArgs{run, credential})
}

// Ended strikes an item that has been ended.
func (c *Client) Ended(ctx context.Context, item Item) error {
	_, err := call[None](ctx, c, "Ended", item)
	return err
}

// LockAccount waits for the sole right to send one wrong password for a real account, and counts it. The caller
// holds the right until a good login has followed, then calls unlock. The error is ErrBudget when the run may not
// send another.
func (c *Client) LockAccount(ctx context.Context, run int, account string) (unlock func() error, err error) {
	release := func() error {
		// The right is given back also when the check's own time is up.
		_, err := call[None](context.WithoutCancel(ctx), c, "UnlockAccount", AccountArgs{run, account})
		return err
	}
	pending := c.rpc.Go("Run.LockAccount", AccountArgs{run, account}, &None{}, make(chan *rpc.Call, 1))
	select {
	case <-pending.Done:
		if pending.Error != nil {
			return nil, known(pending.Error)
		}
		return release, nil
	case <-ctx.Done():
		go func() { // the right may still arrive, and nobody would give it back
			if <-pending.Done; pending.Error == nil {
				_ = release()
			}
		}()
		return nil, ctx.Err()
	}
}

// Throttle enters that the server asked for a wait. The error is ErrThrottled when that is more than a run may spend.
func (c *Client) Throttle(ctx context.Context, run int, wait time.Duration) error {
	_, err := call[None](ctx, c, "Throttle", ThrottleArgs{run, wait})
	return err
}

// Turn says how long to wait before the next request, as the target's rate limit asks.
func (c *Client) Turn(ctx context.Context, run int) (time.Duration, error) {
	return call[time.Duration](ctx, c, "Turn", run)
}

// Once returns a value that is made once in a run, by whichever worker asks first. When make fails the next asker
// tries again.
func (c *Client) Once(ctx context.Context, key string, make func() ([]byte, error)) ([]byte, error) {
	reply, err := call[OnceReply](ctx, c, "Once", key)
	if err != nil {
		return nil, err
	}
	if !reply.Make {
		return reply.Value, nil
	}
	var value []byte
	defer func() { // also when make panics: others wait for it
		_, shareErr := call[None](context.WithoutCancel(ctx), c, "Share", OnceArgs{key, value})
		if err == nil {
			err = shareErr
		}
	}()
	value, err = make()
	return value, err
}

// Report tells what a check is at.
func (c *Client) Report(ctx context.Context, p Progress) error {
	_, err := call[None](ctx, c, "Report", p)
	return err
}

// Finish hands in a check's result.
func (c *Client) Finish(ctx context.Context, r Result) error {
	_, err := call[None](ctx, c, "Finish", r)
	return err
}

// Await waits until a check has been handed in, by whichever worker.
func (c *Client) Await(ctx context.Context, run int, check string) (Result, error) {
	return call[Result](ctx, c, "Await", AwaitArgs{run, check})
}

func resultKey(run int, check string) string { return fmt.Sprintf("%d %s", run, check) }
