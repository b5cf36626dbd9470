package adaxes_test

import (
	"maps"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

func TestWrongPasswordsAreCounted(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{LockoutAfter: 3}})
	accounts := b.server.Accounts()
	name, off := accounts[adaxes.Ordinary].Username, accounts[adaxes.Disabled]
	before := b.server.Wrong()
	b.attempt(name, "wrong").expect(403)
	b.attempt(accounts[adaxes.Ordinary].DownLevelName, "w").expect(403)
	b.attempt(name, accounts[adaxes.Ordinary].Password).expect(200)
	b.attempt(name, "wrong").expect(403)
	b.attempt("nobody@example.com", "wrong").expect(403)
	b.attempt(off.Username, off.Password).expect(403)            // the password is right
	for _, password := range []string{"w", "w", "w", "w", "w"} { // 3 in a row, then the lock, which counts none
		b.attempt(accounts[adaxes.Expired].Username, password).expect(403)
	}
	seen := b.server.Wrong()
	if want := map[string]int{name: 3, "": 1, accounts[adaxes.Expired].Username: 3}; !maps.Equal(seen, want) || b.server.WrongPasswords() != 6 {
		t.Errorf("wrong passwords %v, %d on accounts, want %v", seen, b.server.WrongPasswords(), want)
	}
	seen[name] = 0
	if again := b.server.Wrong(); len(before) != 0 || again[name] != 3 {
		t.Errorf("a snapshot is not its own: %v, %v", before, again)
	}
}
