package adaxes_test

import (
	"maps"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

func TestActivity(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{Lockout: kernel.Lockout{LockoutAfter: 3}}})
	accounts := b.server.Accounts()
	name, off := accounts.Ordinary.Username, accounts.Disabled
	before := b.server.Activity()

	made := b.logIn()                                            // 200
	got, other := b.issue(made), b.issue(made)                   // 200, 200
	renewed := b.renew(got.Token, other.ID).ticket()             // 200
	b.destroy(got.Token, renewed.Token)                          // 204, destroys
	b.destroy(got.Token, renewed.Token)                          // 204, does not
	b.destroy("made-up", got.Token)                              // 204, does not
	b.terminate(made)                                            // 204, terminates
	b.terminate(made)                                            // 204, does not
	b.obtain(made).expect(404)                                   // 404
	b.expectRead("a token", got.Token, 200)                      // 200
	b.expectRead("nothing", "", 401)                             // 401
	b.renew(got.Token, "").expect(400)                           // 400
	b.do("PUT", "/api/auth", "").expect(405)                     // 405
	b.do("GET", "/nothing", "").expect(404)                      // 404
	b.attempt(name, "wrong").expect(403)                         // 403: 1 in a row
	b.attempt(accounts.Ordinary.DownLevelName, "w").expect(403)  // 403: 2 in a row
	b.attempt(name, accounts.Ordinary.Password).expect(200)      // 200
	b.attempt(name, "wrong").expect(403)                         // 403: 1 in a row
	b.attempt("nobody@example.com", "wrong").expect(403)         // 403
	b.attempt(off.Username, off.Password).expect(403)            // 403, but the password is right
	for _, password := range []string{"w", "w", "w", "w", "w"} { // 403: 3 in a row, then the lock, which counts none
		b.attempt(accounts.Expired.Username, password).expect(403)
	}

	seen := b.server.Activity()
	for what, pair := range map[string][2]int{
		"sessions created":    {seen.Done[adaxes.CreateSession], 2},
		"sessions terminated": {seen.Done[adaxes.TerminateSession], 1},
		"tokens issued":       {seen.Done[adaxes.IssueToken], 2},
		"tokens renewed":      {seen.Done[adaxes.RenewToken], 1},
		"tokens destroyed":    {seen.Done[adaxes.DestroyToken], 1},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%d %s, want %d", pair[0], what, pair[1])
		}
	}
	if want := map[int]int{200: 6, 204: 5, 400: 1, 401: 1, 403: 10, 404: 2, 405: 1}; !maps.Equal(seen.Statuses, want) {
		t.Errorf("statuses %v, want %v", seen.Statuses, want)
	}
	if want := (map[adaxes.Operation]int{
		adaxes.CreateSession: 12, adaxes.TerminateSession: 2, adaxes.IssueToken: 3, adaxes.RenewToken: 2, adaxes.DestroyToken: 3,
		adaxes.Probe: 2, adaxes.NoOperation: 2,
	}); !maps.Equal(seen.Requests, want) {
		t.Errorf("requests %v, want %v", seen.Requests, want)
	}
	if want := map[string]int{name: 3, "": 1, accounts.Expired.Username: 3}; !maps.Equal(seen.WrongPasswords, want) {
		t.Errorf("wrong passwords %v, want %v", seen.WrongPasswords, want)
	}
	if want := map[string]int{name: 2, "": 1, accounts.Expired.Username: 3}; !maps.Equal(seen.WrongInARow, want) {
		t.Errorf("wrong in a row %v, want %v", seen.WrongInARow, want)
	}
	if len(before.Statuses) != 0 || before.Done[adaxes.CreateSession] != 0 {
		t.Errorf("a snapshot changed after it was taken: %+v", before)
	}
	seen.Statuses[200], seen.WrongPasswords[name] = 0, 0
	if again := b.server.Activity(); again.Statuses[200] != 6 || again.WrongPasswords[name] != 3 {
		t.Errorf("a change of a snapshot changed the server's: %+v", again)
	}
}
