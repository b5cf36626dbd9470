package kernel

import (
	"maps"
	"sync"
)

// Operation names what a request asks for. The names are those of the contract's operations.
type Operation string

// NoOperation is the name of a request that is none of them.
const NoOperation Operation = ""

// Activity counts what a server has seen since it was made.
type Activity struct {
	// Requests counts by operation, Statuses by answer, and Done counts by operation the requests that gave or ended a
	// session or a token.
	Requests, Done map[Operation]int
	Statuses       map[int]int
	// WrongPasswords counts the wrong passwords for each account, by the name that the server has for it. WrongInARow is
	// the longest series of them without a right one between. Names without an account count under "".
	WrongPasswords, WrongInARow map[string]int
}

// activity is an Activity in the making.
type activity struct {
	mu      sync.Mutex
	total   Activity
	begun   map[Operation]int64
	current map[string]int // wrong passwords since the last right one
}

func newActivity() *activity {
	return &activity{begun: map[Operation]int64{}, current: map[string]int{}, total: Activity{
		Requests: map[Operation]int{}, Done: map[Operation]int{}, Statuses: map[int]int{},
		WrongPasswords: map[string]int{}, WrongInARow: map[string]int{},
	}}
}

// number is the number of a request that has begun among those for its operation, from 1.
func (a *activity) number(operation Operation) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begun[operation]++
	return a.begun[operation]
}

// answered counts an answer.
func (a *activity) answered(operation Operation, status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.total.Requests[operation]++
	a.total.Statuses[status]++
}

// Done counts a request that gave or ended what it was meant to.
func (a *activity) Done(operation Operation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.total.Done[operation]++
}

// Tried counts a password that was tried on an account, or with "" on none.
func (a *activity) Tried(account string, right bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if right {
		delete(a.current, account)
		return
	}
	a.current[account]++
	a.total.WrongPasswords[account]++
	a.total.WrongInARow[account] = max(a.total.WrongInARow[account], a.current[account])
}

// Activity is what the server has seen so far.
func (a *activity) Activity() Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return Activity{
		Requests: maps.Clone(a.total.Requests), Done: maps.Clone(a.total.Done), Statuses: maps.Clone(a.total.Statuses),
		WrongPasswords: maps.Clone(a.total.WrongPasswords), WrongInARow: maps.Clone(a.total.WrongInARow),
	}
}

// WrongPasswords counts the wrong passwords that were tried on accounts that exist.
func (a *activity) WrongPasswords() int {
	total := 0
	for account, n := range a.Activity().WrongPasswords {
		if account != "" {
			total += n
		}
	}
	return total
}
