package adaxes_test

import (
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// at moves the clock to a time that an answer stated.
func (b bench) at(stated string, before time.Duration) {
	b.Helper()
	expiry, err := time.Parse(time.RFC3339Nano, stated)
	if err != nil {
		b.Fatal(err)
	}
	b.clock.Add(expiry.Add(-before).Sub(b.clock.Now()))
}

// Sessions and tokens live until the very instant that their answers state, whatever the unit of time.
func TestExpiresAsStated(t *testing.T) {
	t.Parallel()
	for unit, stated := range map[time.Duration]string{
		0: "2023-01-20T21:41:48.1234568Z", time.Nanosecond: "2023-01-20T21:41:48.123456789Z",
		time.Microsecond: "2023-01-20T21:41:48.123457Z", time.Millisecond: "2023-01-20T21:41:48.124Z",
		250 * time.Millisecond: "2023-01-20T21:41:48.25Z", time.Second: "2023-01-20T21:41:49Z",
	} {
		t.Run(unit.String(), func(t *testing.T) {
			t.Parallel()
			b := start(t, adaxes.Config{Config: kernel.Config{SessionLifetime: time.Minute, TokenLifetime: 2 * time.Minute},
				Rules: adaxes.Rules{Answers: adaxes.AnswerRules{TimeRules: kernel.TimeRules{TimeUnit: unit}}}})
			made := b.logIn()
			if made.ExpiresAtUtc != stated {
				t.Errorf("the session expires at %s, want %s", made.ExpiresAtUtc, stated)
			}
			b.at(made.ExpiresAtUtc, time.Nanosecond)
			got := b.issue(made)
			b.expectLive(1, 1)
			b.clock.Add(time.Nanosecond)
			b.expectLive(0, 1)
			b.obtain(made).expect(404)
			b.terminate(made)
			b.expectRead("a token whose session has expired", got.Token, 200)

			b.at(got.ExpiresAtUtc, time.Nanosecond)
			b.expectRead("a token just before it expires", got.Token, 200)
			b.expectRead("an id just before it expires", got.ID, 200)
			b.clock.Add(time.Nanosecond)
			b.expectRead("an expired token", got.Token, 401)
			b.expectRead("an expired id", got.ID, 401)
			b.destroy(got.Token, got.Token)
			b.expectLive(0, 0)
		})
	}
}

// A renewal does not lengthen the old token's life, and gives the new one a full life.
func TestExpiryAndRenewal(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{TokenLifetime: time.Minute}})
	made := b.logIn()
	old, witness := b.issue(made), ticket{}
	b.clock.Add(40 * time.Second)
	renewed := b.renew(old.ID, old.ID).ticket()
	b.at(old.ExpiresAtUtc, 0)
	for what, credential := range map[string]string{"token": old.Token, "id": old.ID} {
		b.expectRead("the expired "+what, credential, 401)
		b.renew(credential, credential).expect(401)
		b.renew(renewed.Token, credential).expect(404)
	}
	b.expectRead("the renewed token", renewed.Token, 200)
	witness = b.issue(made)
	b.at(renewed.ExpiresAtUtc, time.Nanosecond)
	b.expectRead("the renewed id", renewed.ID, 200)
	b.clock.Add(time.Nanosecond)
	b.expectRead("the expired renewed token", renewed.Token, 401)
	b.expectRead("the expired renewed id", renewed.ID, 401)
	b.renew(witness.Token, renewed.Token).expect(404)
	b.expectLive(1, 1)
}

// Use, of a session or of a token, lengthens no life.
func TestUseDoesNotLengthenLives(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{SessionLifetime: time.Minute, TokenLifetime: time.Minute}})
	made := b.logIn()
	got := b.issue(made)
	for range 59 {
		b.clock.Add(time.Second)
		b.issue(made)
		b.expectRead("the token", got.Token, 200)
	}
	b.at(made.ExpiresAtUtc, 0)
	b.obtain(made).expect(404)
	b.expectRead("the expired token", got.Token, 401)
	b.expectLive(0, 59)
}

// Where answers state whole seconds, a token renewed within the second of its issue still expires later.
func TestRenewalExpiresLaterInAnyUnit(t *testing.T) {
	t.Parallel()
	for unit, later := range map[time.Duration]time.Duration{time.Second: time.Second, time.Millisecond: time.Millisecond, 0: 100 * time.Nanosecond} {
		b := start(t, adaxes.Config{Rules: adaxes.Rules{Answers: adaxes.AnswerRules{TimeRules: kernel.TimeRules{TimeUnit: unit}}}})
		last := b.issue(b.logIn())
		for range 3 {
			renewed := b.renew(last.Token, last.Token).ticket()
			before, err := time.Parse(time.RFC3339Nano, last.ExpiresAtUtc)
			if err != nil {
				t.Fatal(err)
			}
			after, err := time.Parse(time.RFC3339Nano, renewed.ExpiresAtUtc)
			if err != nil {
				t.Fatal(err)
			}
			if after.Sub(before) != later {
				t.Errorf("unit %s: renewed from %s to %s", unit, last.ExpiresAtUtc, renewed.ExpiresAtUtc)
			}
			last = renewed
		}
	}
}

// The defaults are those of a fresh installation.
func TestDefaultLifetimes(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	got := b.issue(made)
	if made.ExpiresAtUtc != "2023-01-20T21:50:48.1234568Z" || got.ExpiresAtUtc != "2023-01-20T22:10:48.1234568Z" {
		t.Errorf("a session until %s, a token until %s", made.ExpiresAtUtc, got.ExpiresAtUtc)
	}
}
