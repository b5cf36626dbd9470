package adaxes_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// expectAttempt checks the inner code of a refused login and the attempts that it says are left; -1 means that it does
// not say.
func (b bench) expectAttempt(username, password, code string, left int) {
	b.Helper()
	answer := b.attempt(username, password).expect(403)
	inner := answer.fault().InnerError
	got := -1
	if inner != nil && inner.AttemptsLeft != nil {
		got = *inner.AttemptsLeft
	}
	if inner == nil || inner.Code != code || got != left {
		b.Errorf("%s, %d left: %s", code, left, answer.body)
	}
}

func TestLockout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		config  adaxes.Config
		allowed int
		lasts   time.Duration
	}{
		{adaxes.Config{}, kernel.DefaultLockoutAfter, kernel.DefaultLockoutFor},
		{adaxes.Config{Config: kernel.Config{LockoutAfter: 1, LockoutFor: time.Second}}, 1, time.Second},
		{adaxes.Config{Config: kernel.Config{Instances: 2, LockoutAfter: 3, LockoutFor: time.Hour}}, 3, time.Hour},
	} {
		t.Run(fmt.Sprint(c.allowed), func(t *testing.T) {
			t.Parallel()
			b := start(t, c.config)
			account := b.server.Accounts()[adaxes.Ordinary]
			for left := c.allowed - 1; left >= 0; left-- {
				b.expectAttempt(account.Username, "wrong", "invalidCredentials", left)
				b.clock.Add(time.Millisecond)
			}
			last := b.clock.Now().Add(-time.Millisecond)
			b.expectAttempt(account.Username, "wrong", "accountLockedOut", -1)
			b.expectAttempt(account.DownLevelName, account.Password, "accountLockedOut", -1)
			other := b.server.Accounts()[adaxes.PasswordExpired]
			b.attempt(other.Username, other.Password).expect(200)

			b.clock.Add(last.Add(c.lasts).Sub(b.clock.Now()) - time.Nanosecond)
			b.expectAttempt(account.Username, account.Password, "accountLockedOut", -1)
			b.clock.Add(time.Nanosecond)
			b.attempt(account.Username, account.Password).expect(200)
			b.expectAttempt(account.Username, "wrong", "invalidCredentials", c.allowed-1)
		})
	}
}

// The right password, or time, makes wrong ones forgotten.
func TestWrongPasswordsAreForgotten(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{LockoutAfter: 3, LockoutFor: time.Minute}})
	account := b.server.Accounts()[adaxes.Ordinary]
	for range 3 {
		b.expectAttempt(account.Username, "wrong", "invalidCredentials", 2)
		b.expectAttempt(account.Username, "wrong", "invalidCredentials", 1)
		b.attempt(account.Username, account.Password).expect(200)
	}
	b.expectAttempt(account.Username, "wrong", "invalidCredentials", 2)
	b.clock.Add(time.Minute - time.Nanosecond)
	b.expectAttempt(account.Username, "wrong", "invalidCredentials", 1)
	b.clock.Add(time.Minute)
	b.expectAttempt(account.Username, "wrong", "invalidCredentials", 2)
}

// As many wrong passwords at once are tried as in a row: never more than are allowed.
func TestLockoutUnderLoad(t *testing.T) {
	t.Parallel()
	const allowed, tries = 4, 40
	tried := 0
	b := start(t, adaxes.Config{Config: kernel.Config{Instances: 2, LockoutAfter: allowed}, Rules: adaxes.Rules{Login: adaxes.LoginRules{
		Matches: func(*adaxes.Call, adaxes.Account, string) bool { tried++; return false }, // under the server's lock
	}}})
	username := b.server.Accounts()[adaxes.Ordinary].Username
	codes := make([]string, tries)
	var wg sync.WaitGroup
	for i := range tries {
		wg.Go(func() {
			if inner := b.attempt(username, "wrong").fault().InnerError; inner != nil {
				codes[i] = inner.Code
			}
		})
	}
	wg.Wait()
	counted := map[string]int{}
	for _, code := range codes {
		counted[code]++
	}
	if tried != allowed || counted["invalidCredentials"] != allowed || counted["accountLockedOut"] != tries-allowed {
		t.Errorf("%d passwords tried, answers %v; %d are allowed", tried, counted, allowed)
	}
}
