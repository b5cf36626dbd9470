package kernel

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"slices"
	"sync"
	"time"

	"example.org/conform/harness/reference/random"
)

// SamePassword compares two passwords exactly, in a time that tells nothing of either.
func SamePassword(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// MaxStrangers bounds the names without an account whose wrong passwords are remembered.
const MaxStrangers = 4096

// attempts counts wrong passwords: by name those in a row, for the lock-out, and by account all of them.
type attempts struct {
	mu        sync.Mutex
	config    Config
	decoy     string // a password that nobody has
	accounts  map[string]*attempt
	strangers map[stranger]*attempt
	wrong     map[string]int
}

// stranger is a name without an account.
type stranger [sha256.Size]byte

// attempt is what is remembered of a name.
type attempt struct {
	wrong int
	last  time.Time
}

func newAttempts(config Config) *attempts {
	return &attempts{
		config: config, decoy: random.ID(16),
		accounts: map[string]*attempt{}, strangers: map[stranger]*attempt{}, wrong: map[string]int{},
	}
}

// Outcome is what comes of one password.
type Outcome struct {
	Right bool
	// Locked says that the account was locked already, and its password not looked at.
	Locked bool
	// Left is how many wrong passwords the name has left, nil where no account is ever locked.
	Left *int
}

// Try judges a password that is given for a name. The password of an account is compared by matches; for a name without an
// account the comparison with one that nobody has takes as long, and lets nobody in. Only one is looked at a time, so that
// no more are tried at once than are allowed. A name without an account is counted like any other, and locked like any
// other, but not remembered without end.
func (a *attempts) Try(name string, known bool, now time.Time, given string, matches func() bool) Outcome {
	account := name
	if !known {
		account, matches = "", func() bool {
			SamePassword(a.decoy, given)
			return false
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	of := a.find(name, known, now)
	allowed := a.config.LockoutAfter
	if a.gone(of, now) {
		of.wrong = 0
	}
	if allowed > 0 && of.wrong >= allowed {
		return Outcome{Locked: true}
	}
	if matches() {
		of.wrong = 0
		return Outcome{Right: true}
	}
	a.wrong[account]++
	of.wrong++
	of.last = now
	if left := allowed - of.wrong; allowed > 0 {
		return Outcome{Left: &left}
	}
	return Outcome{}
}

// find is what is remembered of a name. The caller holds the lock.
func (a *attempts) find(name string, known bool, now time.Time) *attempt {
	if known {
		if a.accounts[name] == nil {
			a.accounts[name] = &attempt{}
		}
		return a.accounts[name]
	}
	key := sha256.Sum256([]byte(name)) // of one size, however long the name
	if a.strangers[key] == nil {
		a.makeRoom(now)
		a.strangers[key] = &attempt{last: now}
	}
	return a.strangers[key]
}

// gone tells whether an attempt is forgotten by now.
func (a *attempts) gone(of *attempt, now time.Time) bool {
	return !now.Before(of.last.Add(a.config.LockoutFor))
}

// makeRoom forgets the strangers whose time has passed and, for want of such, the one that has been away longest.
func (a *attempts) makeRoom(now time.Time) {
	if len(a.strangers) < MaxStrangers {
		return
	}
	longest := slices.MinFunc(slices.Collect(maps.Keys(a.strangers)), func(x, y stranger) int {
		return a.strangers[x].last.Compare(a.strangers[y].last)
	})
	delete(a.strangers, longest)
	maps.DeleteFunc(a.strangers, func(_ stranger, of *attempt) bool { return a.gone(of, now) })
}

// Tried counts a password that was judged by other means than Try.
func (a *attempts) Tried(account string, right bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !right {
		a.wrong[account]++
	}
}

// Wrong counts the wrong passwords for each account, by the name that the server has for it. Names without an account
// count under "".
func (a *attempts) Wrong() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.wrong)
}

// WrongPasswords counts the wrong passwords that were tried on accounts that exist.
func (a *attempts) WrongPasswords() (total int) {
	for account, n := range a.Wrong() {
		if account != "" {
			total += n
		}
	}
	return total
}

// Strangers counts the names without an account that are remembered.
func (a *attempts) Strangers() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.strangers)
}
