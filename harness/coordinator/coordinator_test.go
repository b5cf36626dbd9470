package coordinator

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/harness/redact"
	"example.org/conform/harness/verdict"
)

// workers returns clients of a listening state, as the processes of a run are.
func workers(t *testing.T, n int, limits Limits) (*State, []*Client) {
	t.Helper()
	state := New(&Job{Runs: []RunJob{{Profile: "p"}}}, []Limits{limits}, &redact.Redactor{})
	listener, err := Listen(state)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(listener.Dir()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the private folder is still there: %v", err)
		}
	})
	if info, err := os.Stat(listener.Dir()); err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("others can enter the private folder: %v, %v", info.Mode(), err)
	}
	var clients []*Client
	for range n {
		c, err := Dial(listener.Address())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		clients = append(clients, c)
	}
	return state, clients
}

func TestNamesAreTheSameForEveryWorker(t *testing.T) {
	t.Parallel()
	state, w := workers(t, 2, Limits{})
	ctx := t.Context()
	a, err := w[0].Name(ctx, "token", "secret-value-1")
	if err != nil {
		t.Fatal(err)
	}
	b, err := w[1].Name(ctx, "credential", "secret-value-1")
	if err != nil || a != b {
		t.Errorf("two names for one secret: %q and %q (%v)", a, b, err)
	}
	if other, _ := w[1].Name(ctx, "token", "secret-value-2"); other == a {
		t.Errorf("one name for two secrets: %q", a)
	}
	if got := state.redactor.Scrub("x secret-value-1 y"); got != "x ‹"+a+"› y" {
		t.Errorf("the run's redactor does not know the secret: %q", got)
	}
}

// Never two wrong passwords for an account without a good login between, and never more than allowed.
func TestAccountGuard(t *testing.T) {
	t.Parallel()
	const allowed = 3
	state, w := workers(t, 4, Limits{WrongPasswords: allowed})
	var inside, sent, refused atomic.Int32
	var wg sync.WaitGroup
	for _, c := range w {
		for range 3 {
			wg.Go(func() {
				unlock, err := c.LockAccount(t.Context(), 0, "account")
				if errors.Is(err, ErrBudget) {
					refused.Add(1)
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two workers hold the right at once")
				}
				sent.Add(1)
				inside.Add(-1)
				if err := unlock(); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if sent.Load() != allowed || refused.Load() != 12-allowed || state.WrongPasswords(0) != allowed {
		t.Errorf("%d sent, %d refused, %d counted", sent.Load(), refused.Load(), state.WrongPasswords(0))
	}
}

// A worker that dies gives back its rights, and what it was to make is made by another; its ledger stays.
func TestDeadWorkerReleases(t *testing.T) {
	t.Parallel()
	state, w := workers(t, 2, Limits{WrongPasswords: 5})
	ctx := t.Context()
	if _, err := w[0].LockAccount(ctx, 0, "account"); err != nil {
		t.Fatal(err)
	}
	item := Item{Kind: "token", Value: "v"}
	if err := w[0].Made(ctx, item); err != nil {
		t.Fatal(err)
	}
	if reply, err := call[OnceReply](ctx, w[0], "Once", "key"); err != nil || !reply.Make {
		t.Fatalf("%+v, %v", reply, err)
	}
	if err := w[0].Close(); err != nil {
		t.Fatal(err)
	}
	unlock, err := w[1].LockAccount(ctx, 0, "account")
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	value, err := w[1].Once(ctx, "key", func() ([]byte, error) { return []byte("made"), nil })
	if err != nil || string(value) != "made" {
		t.Errorf("%q, %v", value, err)
	}
	if pending := state.Pending(0); len(pending) != 1 || pending[0] != item {
		t.Errorf("the ledger holds %v", pending)
	}
}

func TestOnceIsMadeOnce(t *testing.T) {
	t.Parallel()
	_, w := workers(t, 4, Limits{})
	var made atomic.Int32
	var wg sync.WaitGroup
	for _, c := range w {
		wg.Go(func() {
			value, err := c.Once(t.Context(), "key", func() ([]byte, error) {
				made.Add(1)
				return []byte("value"), nil
			})
			if err != nil || string(value) != "value" {
				t.Errorf("%q, %v", value, err)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	failure := errors.New("not this time")
	if _, err := w[0].Once(t.Context(), "other", func() ([]byte, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	if value, err := w[1].Once(t.Context(), "other", func() ([]byte, error) { return []byte("x"), nil }); err != nil || string(value) != "x" {
		t.Errorf("a failure is not tried again: %q, %v", value, err)
	}
}

func TestAwaitTakesAResultOfAnyWorker(t *testing.T) {
	t.Parallel()
	_, w := workers(t, 2, Limits{})
	got := make(chan Result, 1)
	go func() {
		r, err := w[0].Await(t.Context(), 0, "p/R/s")
		if err != nil {
			t.Error(err)
		}
		got <- r
	}()
	if err := w[1].Finish(t.Context(), Result{Check: verdict.Check{ID: "p/R/s", Status: verdict.Passed}}); err != nil {
		t.Fatal(err)
	}
	if r := <-got; r.Check.Status != verdict.Passed {
		t.Errorf("got %+v", r)
	}
}

// A worker that dies while it waits is let go of.
func TestDeadWorkerWaits(t *testing.T) {
	t.Parallel()
	state := New(&Job{Runs: []RunJob{{}}}, []Limits{{}}, &redact.Redactor{})
	listener, err := Listen(state)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(listener.Address())
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error, 1)
	go func() {
		_, err := c.Await(t.Context(), 0, "p/R/never")
		waiting <- err
	}()
	if err := c.Report(t.Context(), Progress{Check: "p/R/never"}); err != nil { // the wait has been sent before it
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err == nil {
		t.Error("a wait for what never comes has ended well")
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
}

func TestThrottleBudget(t *testing.T) {
	t.Parallel()
	state, w := workers(t, 2, Limits{})
	if err := w[0].Throttle(t.Context(), 0, throttleBudget); err != nil {
		t.Errorf("within the budget: %v", err)
	}
	if err := w[1].Throttle(t.Context(), 0, time.Second); !errors.Is(err, ErrThrottled) || !state.Throttled(0) {
		t.Errorf("beyond the budget: %v", err)
	}
}

func TestTurnsAreSpacedOut(t *testing.T) {
	t.Parallel()
	_, w := workers(t, 1, Limits{RequestsPerSecond: 0.001})
	first, err := w[0].Turn(t.Context(), 0)
	if err != nil || first != 0 {
		t.Errorf("the first request waits %s: %v", first, err)
	}
	if second, err := w[0].Turn(t.Context(), 0); err != nil || second < 900*time.Second {
		t.Errorf("the second request waits %s: %v", second, err)
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	_, w := workers(t, 2, Limits{WrongPasswords: 9})
	unlock, err := w[0].LockAccount(t.Context(), 0, "account")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w[1].LockAccount(ctx, 0, "account"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	// The right that came too late was given back.
	again, err := w[0].LockAccount(t.Context(), 0, "account")
	if err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

func TestLostIsToldWhenTheCommandGoes(t *testing.T) {
	t.Parallel()
	listener, err := Listen(New(&Job{}, nil, &redact.Redactor{}))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(listener.Address())
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	<-c.Lost()
	_ = c.Close()
}
