package adaxes

import (
	"maps"
	"sync"
)

// Activity counts what a server has seen since it was made.
type Activity struct {
	// Requests counts by operation, Statuses by answer.
	Requests map[Operation]int
	Statuses map[int]int
	// SessionsCreated to TokensDestroyed count what was granted.
	SessionsCreated, SessionsTerminated, TokensIssued, TokensRenewed, TokensDestroyed int
	// WrongPasswords counts the wrong passwords for each account, by its Username. WrongInARow is the longest
	// series of them without a right one between. Names without an account count under "".
	WrongPasswords, WrongInARow map[string]int
}

// activity is an Activity in the making.
type activity struct {
	mu      sync.Mutex
	total   Activity
	current map[string]int // wrong passwords since the last right one
}

func newActivity() activity {
	return activity{current: map[string]int{}, total: Activity{
		Requests: map[Operation]int{}, Statuses: map[int]int{},
		WrongPasswords: map[string]int{}, WrongInARow: map[string]int{},
	}}
}

func (a *activity) count(change func(*Activity)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.total)
}

func (a *activity) answered(operation Operation, status int) {
	a.count(func(total *Activity) {
		total.Requests[operation]++
		total.Statuses[status]++
	})
}

func (a *activity) wrongPassword(username string) {
	a.count(func(total *Activity) {
		a.current[username]++
		total.WrongPasswords[username]++
		total.WrongInARow[username] = max(total.WrongInARow[username], a.current[username])
	})
}

func (a *activity) rightPassword(username string) {
	a.count(func(*Activity) { delete(a.current, username) })
}

func (a *activity) snapshot() Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.total
	s.Requests, s.Statuses = maps.Clone(s.Requests), maps.Clone(s.Statuses)
	s.WrongPasswords, s.WrongInARow = maps.Clone(s.WrongPasswords), maps.Clone(s.WrongInARow)
	return s
}
