package kernel

import (
	"maps"
	"sync"
)

// counts is what a server has seen since it was made.
type counts struct {
	mu    sync.Mutex
	begun map[Operation]int64
	wrong map[string]int
}

// number is the number of a request that has begun among those for its operation, from 1.
func (c *counts) number(operation Operation) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun[operation]++
	return c.begun[operation]
}

// Tried counts a password that was tried on an account, or with "" on none.
func (c *counts) Tried(account string, right bool) {
	if right {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong[account]++
}

// Wrong counts the wrong passwords for each account, by the name that the server has for it. Names without an account
// count under "".
func (c *counts) Wrong() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.wrong)
}

// WrongPasswords counts the wrong passwords that were tried on accounts that exist.
func (c *counts) WrongPasswords() int {
	total := 0
	for account, n := range c.Wrong() {
		if account != "" {
			total += n
		}
	}
	return total
}
