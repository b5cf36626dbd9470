package aria

import (
	"crypto/sha256"
	"crypto/subtle"
	"sync"
	"time"
)

// SamePassword compares two passwords exactly, in a time that tells nothing of either.
func SamePassword(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// attempts counts wrong passwords in a row, by the account's ID. Names without an account are not counted: they are
// answered as a wrong password is, and as a locked account is, so nothing can be learned from them.
type attempts struct {
	mu      sync.Mutex
	allowed int
	window  time.Duration
	wrong   map[string]record
}

type record struct {
	inARow int
	last   time.Time
}

func newAttempts(allowed int, window time.Duration) attempts {
	return attempts{allowed: allowed, window: window, wrong: map[string]record{}}
}

// logIn is the account of the credentials, or the refusal, which is the same whatever is wrong with them.
func (c *Call) logIn(given Credentials) (Account, *Refusal) {
	rules, a := c.server.rules.Login, &c.server.attempts
	var account Account
	source, known := rules.Source(c, given.AuthSource)
	if known {
		account, known = rules.Find(c, source, given.Username)
	}
	if !known {
		SamePassword(c.server.decoy.Password, given.Password)
		c.server.activity.wrongPassword("")
		return Account{}, unauthenticated()
	}
	// One attempt at a time, so that no more passwords are tried at once than are allowed.
	a.mu.Lock()
	r := a.wrong[account.ID]
	if !c.Now.Before(r.last.Add(a.window)) {
		r = record{}
	}
	locked := a.allowed > 0 && r.inARow >= a.allowed
	right := !locked && rules.Matches(c, account, given.Password)
	switch {
	case right:
		delete(a.wrong, account.ID)
	case !locked:
		a.wrong[account.ID] = record{r.inARow + 1, c.Now}
	}
	a.mu.Unlock()
	if !right {
		c.server.activity.wrongPassword(account.ID)
		return Account{}, unauthenticated()
	}
	return account, rules.Admit(c, account)
}

// acquire answers POST /api/auth/token/acquire.
func (c *Call) acquire() (*Answer, *Refusal) {
	given, refusal := c.server.rules.Requests.Credentials(c)
	if refusal != nil {
		return nil, refusal
	}
	account, refusal := c.logIn(given)
	if refusal != nil {
		return nil, refusal
	}
	token, refusal := c.server.rules.Tokens.Acquire(c, account)
	if refusal != nil {
		return nil, refusal
	}
	c.server.activity.count(func(a *Activity) { a.Acquired++ })
	roles := account.Roles
	if roles == nil {
		roles = []string{}
	}
	return &Answer{Status: 200, Root: "auth-token", Token: &token, Members: map[string]any{
		"token":     token.Text,
		"validity":  token.ExpiresAt.UnixMilli(),
		"expiresAt": token.ExpiresAt.UTC().Format(proseLayout),
		"roles":     roles,
	}}, nil
}

// proseLayout writes expiresAt as servers in use do: "Friday, August 5, 2016 6:22:05 PM UTC".
const proseLayout = "Monday, January 2, 2006 3:04:05 PM MST"
