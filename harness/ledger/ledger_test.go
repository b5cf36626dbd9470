package ledger

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/harness/target"
)

// Never two wrong passwords for an account at a time, and never more than allowed, whichever run sends them.
func TestAccountGuard(t *testing.T) {
	t.Parallel()
	const allowed = 3
	server := NewServer(target.Limits{BadLogins: allowed})
	runs := []*Run{NewRun(server), NewRun(server)}
	var inside, sent, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			err := runs[i%2].WrongPassword(t.Context(), "account", 1, func() {
				if inside.Add(1) != 1 {
					t.Error("two wrong passwords at once")
				}
				sent.Add(1)
				inside.Add(-1)
			})
			if errors.Is(err, ErrBudget) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := runs[0].WrongPassword(t.Context(), "another", 1, func() { sent.Add(-1) }); err != nil {
		t.Errorf("what was sent for one account counts for another: %v", err)
	}
	sent.Add(1)
	if counted := runs[0].WrongPasswords() + runs[1].WrongPasswords(); sent.Load() != allowed || refused.Load() != 12-allowed || counted != allowed+1 {
		t.Errorf("%d sent, %d refused, %d counted", sent.Load(), refused.Load(), counted)
	}
}

// A check that panics with the right to an account gives it back, and one that waits for it can be interrupted.
func TestRightToAnAccountIsGivenBack(t *testing.T) {
	t.Parallel()
	run := NewRun(NewServer(target.Limits{BadLogins: 9}))
	func() {
		defer func() { _ = recover() }()
		_ = run.WrongPassword(t.Context(), "account", 1, func() { panic("the check ended") })
	}()
	err := run.WrongPassword(t.Context(), "account", 1, func() {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := run.WrongPassword(ctx, "account", 1, func() { t.Error("two at once") }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOnceIsMadeOnce(t *testing.T) {
	t.Parallel()
	var o Once
	var made, own atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			value, mine, err := Do(t.Context(), &o, "key", func() (string, error) {
				made.Add(1)
				return "value", nil
			})
			if err != nil || value != "value" {
				t.Errorf("%q, %v", value, err)
			}
			if mine {
				own.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 || own.Load() != 1 {
		t.Errorf("made %d times, by %d", made.Load(), own.Load())
	}
}

func TestWhatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	var o Once
	failure := errors.New("not this time")
	if _, _, err := Do(t.Context(), &o, "key", func() (int, error) { return 0, failure }); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _, _ = Do(t.Context(), &o, "key", func() (int, error) { panic("the check ended") })
	}()
	if value, own, err := Do(t.Context(), &o, "key", func() (int, error) { return 7, nil }); err != nil || value != 7 || !own {
		t.Errorf("a failure is not tried again: %d, %v", value, err)
	}
}

func TestThrottleBudget(t *testing.T) {
	t.Parallel()
	s := NewServer(target.Limits{})
	if err := s.Throttle(t.Context(), time.Millisecond); err != nil || s.Throttled() {
		t.Errorf("within the budget: %v", err)
	}
	for range 3 { // more years than a duration holds when they are added up
		if err := s.Throttle(t.Context(), 1<<62); !errors.Is(err, ErrThrottled) || !s.Throttled() {
			t.Errorf("beyond the budget: %v", err)
		}
	}
}

// The limits of a target bound the requests under way, and their pace.
func TestTurns(t *testing.T) {
	t.Parallel()
	done, cancelled := context.WithCancel(t.Context())
	cancelled()
	two := NewServer(target.Limits{Concurrency: 2})
	first, err := two.Turn(t.Context())
	second, err2 := two.Turn(t.Context())
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Turn(done); err == nil {
		t.Error("a third request is under way")
	}
	first()
	second()
	if third, err := two.Turn(done); err == nil {
		third()
	}
	slow := NewServer(target.Limits{RequestsPerSecond: 0.001})
	if _, err := slow.Turn(t.Context()); err != nil {
		t.Errorf("the first request waits: %v", err)
	}
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := slow.Turn(soon); err == nil {
		t.Error("the second request did not wait for 1000 s")
	}
}

// What was made is pending until it is struck, and over when the server's own word says so.
func TestWhatWasMade(t *testing.T) {
	t.Parallel()
	run := NewRun(NewServer(target.Limits{}))
	lives, over := Item{Kind: "session", Value: "a"}, Item{Kind: "token", Value: "b", Key: "c"}
	run.Made(lives, func() bool { return false })
	run.Made(over, func() bool { return true })
	run.Made(over, func() bool { return true })
	if got := run.Pending(); !slices.Equal(got, []Item{lives, over}) {
		t.Errorf("pending %v", got)
	}
	if run.Over(lives) || !run.Over(over) {
		t.Error("what is over is not told from what lives")
	}
	if run.Given("a") != 1 || run.Given("b") != 2 || run.Given("c") != 2 || run.Given("d") != 0 {
		t.Error("the answers that gave a credential are counted wrongly")
	}
	run.Ended(lives)
	if got := run.Pending(); !slices.Equal(got, []Item{over}) || !run.Over(lives) {
		t.Errorf("pending %v", got)
	}
}

// What fails is given up soon, and what has worked before only after many failures in a row for one reason.
func TestHopeless(t *testing.T) {
	t.Parallel()
	why, other := Why{"500", "R-1"}, Why{"502", "R-1"}
	fails := func(r *Run, why Why, times int) bool {
		for range times {
			r.Failed("op", why)
		}
		_, hopeless := r.Hopeless("op", Asked{Arranges: true})
		return hopeless
	}
	never := NewRun(NewServer(target.Limits{}))
	if fails(never, why, neverWorked-1) || fails(never, other, neverWorked-1) || !fails(never, other, 1) {
		t.Error("given up too early or too late")
	}
	worked := NewRun(NewServer(target.Limits{}))
	worked.Worked("op")
	if fails(worked, why, workedOnce-1) {
		t.Error("given up too early")
	}
	worked.Worked("op")
	if fails(worked, why, workedOnce-1) || !fails(worked, why, 1) {
		t.Error("a success between does not count, or failures do not")
	}
	loses := NewRun(NewServer(target.Limits{}))
	for range mostLost {
		if _, lost := loses.Hopeless("op", Asked{Odd: "R"}); lost {
			t.Error("given up too early")
		}
		loses.Lost("op", Asked{Odd: "R"}, why)
	}
	if got, lost := loses.Hopeless("op", Asked{Odd: "R"}); !lost || got != why || loses.Losses()["op"] != mostLost {
		t.Error("what cannot be ended is made without end")
	}
	if _, lost := loses.Hopeless("op", Asked{}); !lost {
		t.Error("what is no login goes on")
	}
	if _, lost := loses.Hopeless("op", Asked{Sound: true}); lost {
		t.Error("what odd logins are granted keeps sound ones")
	}
	if _, lost := loses.Hopeless("op", Asked{Odd: "S"}); lost {
		t.Error("a promise is not seen once")
	}
	if _, lost := loses.Hopeless("op", Asked{Arranges: true}); lost {
		t.Error("good requests are given up for what odd ones are granted")
	}
}

// Between logins in a row no other is made, and those that wait for them go on afterwards.
func TestLoginsInARow(t *testing.T) {
	t.Parallel()
	s := NewServer(target.Limits{})
	end, err := s.LoggingInAlone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.LoggingIn(soon); err == nil {
		t.Error("a login between those in a row")
	}
	end()
	for range 2 { // side by side
		if _, err := s.LoggingIn(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
