package adaxes

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"sync"
	"time"
)

// maxStrangers bounds the names without an account whose wrong passwords are remembered.
const maxStrangers = 4096

// SamePassword compares two passwords exactly, in a time that tells nothing of either.
func SamePassword(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// attempts counts wrong passwords in a row, by name. A name without an account is counted like any other, and locked
// like any other, so that nobody learns from the answers which accounts there are.
type attempts struct {
	mu        sync.Mutex
	allowed   int
	window    time.Duration
	accounts  map[string]*record
	strangers map[[sha256.Size]byte]*record
}

type record struct {
	wrong int
	last  time.Time
}

func newAttempts(allowed int, window time.Duration) attempts {
	return attempts{allowed: allowed, window: window,
		accounts: map[string]*record{}, strangers: map[[sha256.Size]byte]*record{}}
}

// logIn is the account of a name and a password, or the refusal. A locked account is refused before its password is
// looked at; any other state is told only to who knows the password.
func (c *Call) logIn(name, password string) (Account, *Refusal) {
	account, known := c.server.rules.Login.Find(c, name)
	if !known {
		account = c.server.decoy
	}
	if refusal := c.attempt(account, known, name, password); refusal != nil {
		return Account{}, refusal
	}
	return account, c.server.rules.Login.Admit(c, account)
}

// attempt looks at one password. Only one is looked at a time, so that no more are tried at once than are allowed.
func (c *Call) attempt(account Account, known bool, name, password string) *Refusal {
	a := &c.server.attempts
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.find(account.Username, canonical(name), known, c.Now)
	if a.allowed > 0 && r.wrong >= a.allowed {
		return forbidden(AccountLockedOut)
	}
	right := false
	if known {
		right = c.server.rules.Login.Matches(c, account, password)
	} else {
		SamePassword(account.Password, password) // for the time that it takes; a decoy lets nobody in
	}
	if right {
		r.wrong = 0
		c.server.activity.rightPassword(account.Username)
		return nil
	}
	r.wrong++
	r.last = c.Now
	c.server.activity.wrongPassword(account.Username)
	refusal := forbidden(InvalidCredentials)
	if left := a.allowed - r.wrong; a.allowed > 0 {
		refusal.Inner.AttemptsLeft = &left
	}
	return refusal
}

// find is the record of a name, without what has been forgotten by now. The caller holds the lock.
func (a *attempts) find(username, name string, known bool, now time.Time) *record {
	if known {
		if a.accounts[username] == nil {
			a.accounts[username] = &record{}
		}
		return a.accounts[username].after(now, a.window)
	}
	key := sha256.Sum256([]byte(name)) // of one size, however long the name
	if a.strangers[key] == nil {
		a.makeRoom(now)
		a.strangers[key] = &record{last: now}
	}
	return a.strangers[key].after(now, a.window)
}

func (r *record) after(now time.Time, window time.Duration) *record {
	if !now.Before(r.last.Add(window)) {
		r.wrong = 0
	}
	return r
}

// makeRoom forgets strangers: those whose time has passed, and for want of such the one that has been away longest.
func (a *attempts) makeRoom(now time.Time) {
	if len(a.strangers) < maxStrangers {
		return
	}
	var oldest *record
	var oldestKey [sha256.Size]byte
	for key, r := range a.strangers {
		if !now.Before(r.last.Add(a.window)) {
			delete(a.strangers, key)
			continue
		}
		if oldest == nil || r.last.Before(oldest.last) {
			oldest, oldestKey = r, key
		}
	}
	if len(a.strangers) >= maxStrangers {
		delete(a.strangers, oldestKey)
	}
}

// canonical writes both forms of a name in this domain as one, as they are one for an account that exists.
func canonical(name string) string {
	name = strings.ToLower(name)
	if user, found := strings.CutPrefix(name, strings.ToLower(domainNetBIOS)+`\`); found {
		return user + "@" + domainDNS
	}
	return name
}
