package aria

import (
	"maps"
	"sync"
)

// Activity counts what a server has seen since it was made.
type Activity struct {
	// Requests counts by operation, Statuses by answer.
	Requests map[Operation]int
	Statuses map[int]int
	// Acquired and Released count the tokens that were given and ended.
	Acquired, Released int
	// WrongPasswords counts the refused logins for each account, by its ID. Names without an account count under "".
	WrongPasswords map[string]int
}

// activity is an Activity in the making.
type activity struct {
	mu    sync.Mutex
	total Activity
}

func newActivity() activity {
	return activity{total: Activity{
		Requests: map[Operation]int{}, Statuses: map[int]int{}, WrongPasswords: map[string]int{},
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

func (a *activity) wrongPassword(id string) {
	a.count(func(total *Activity) { total.WrongPasswords[id]++ })
}

func (a *activity) snapshot() Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.total
	s.Requests, s.Statuses = maps.Clone(s.Requests), maps.Clone(s.Statuses)
	s.WrongPasswords = maps.Clone(s.WrongPasswords)
	return s
}
