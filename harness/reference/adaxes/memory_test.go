package adaxes_test

import (
	"fmt"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// expectKept checks how many records there are.
func (b bench) expectKept(sessions, tickets int) {
	b.Helper()
	if s, t := b.server.Kept(); s != sessions || t != tickets {
		b.Errorf("%d sessions and %d tickets are kept, want %d and %d", s, t, sessions, tickets)
	}
}

// What has expired does not stay: a server that is used for long needs no more room than the live credentials.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const rounds, step, lifetime = 1000, time.Second, time.Minute
	b := start(t, adaxes.Config{Config: kernel.Config{SessionLifetime: lifetime, TokenLifetime: lifetime}})
	const live = int(lifetime / step)
	most := 0
	for range rounds {
		got := b.issue(b.logIn())
		b.renew(got.Token, got.ID).expect(200)
		sessions, tickets := b.server.Kept()
		if tickets != 2*sessions {
			t.Fatalf("%d sessions and %d tickets are kept, twice as many are made", sessions, tickets)
		}
		most = max(most, sessions)
		b.clock.Add(step)
	}
	// The server looks for expired records four times in a lifetime.
	if most < live || most > live+live/4+1 {
		t.Errorf("%d sessions were kept at once, with %d live", most, live)
	}
	b.expectLive(live, 2*live) // the oldest for as long as their expiry was rounded up
	b.clock.Add(2 * lifetime)
	b.expectLive(0, 0)
	b.do("GET", "/", "").expect(404) // any request will do
	b.expectKept(0, 0)
}

// What is ended goes at once.
func TestEndedStateGoes(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	for range 3 {
		made := b.logIn()
		got, other := b.issue(made), b.issue(made)
		renewed := b.renew(got.Token, got.Token).ticket()
		b.expectKept(1, 3)
		b.terminate(made)
		b.destroy(got.Token, renewed.ID)
		b.destroy(got.Token, other.Token)
		b.expectKept(0, 1)
		b.destroy(got.Token, got.Token)
		b.expectKept(0, 0)
	}
}

// Ended state stays as long as KeepEnded says, and gives nothing to servers whose rules do not ask for it.
func TestKeepEnded(t *testing.T) {
	t.Parallel()
	const keep = time.Hour
	b := start(t, adaxes.Config{Config: kernel.Config{SessionLifetime: time.Minute, TokenLifetime: time.Minute}, Rules: adaxes.Rules{Seams: adaxes.Seams{KeepEnded: keep}}})
	made := b.logIn()
	ended, expired := b.issue(made), b.issue(made)
	b.terminate(made)
	b.destroy(ended.Token, ended.Token)
	for _, credential := range []string{ended.Token, ended.ID} {
		b.expectRead("a destroyed token", credential, 401)
	}
	b.obtain(made).expect(404)
	b.expectKept(1, 2)
	b.expectLive(0, 1)
	b.clock.Add(keep)
	b.expectRead("an expired token", expired.Token, 401)
	b.expectKept(0, 1) // what was ended is an hour old; what expired a minute later is not
	b.clock.Add(time.Minute + time.Microsecond)
	b.expectRead("an expired token", expired.Token, 401)
	b.expectKept(0, 0)
}

// Names without an account are remembered for their wrong passwords, but not without end.
func TestStrangersAreBounded(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{LockoutAfter: 2, LockoutFor: time.Hour}})
	name := func(i int) string { return fmt.Sprintf("stranger-%d@example.com", i) }
	for i := range adaxes.MaxStrangers + 200 {
		b.attempt(name(i), "wrong").expect(403)
		b.clock.Add(time.Microsecond)
	}
	if got := b.server.Strangers(); got != adaxes.MaxStrangers {
		t.Errorf("%d strangers are remembered, want %d", got, adaxes.MaxStrangers)
	}
	b.expectAttempt(name(adaxes.MaxStrangers+199), "wrong", "invalidCredentials", 0) // the newest is known
	b.expectAttempt(name(0), "wrong", "invalidCredentials", 1)                       // the oldest is forgotten
	b.clock.Add(time.Hour)
	b.attempt("another@example.com", "wrong").expect(403)
	if got := b.server.Strangers(); got != 1 {
		t.Errorf("%d strangers are remembered, all but one have had their time", got)
	}
}
