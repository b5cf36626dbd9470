package coordinator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"example.org/conform/harness/redact"
)

// ErrBudget is returned when a wrong password would exceed what the target's operator allowed.
var ErrBudget = errors.New("the budget for wrong passwords is spent")

// ErrThrottled is returned when the server has asked for more waiting than a run may spend.
var ErrThrottled = errors.New("the server throttles the run beyond its budget")

// throttleBudget is the longest that a run waits, in all, because the server asked it to.
const throttleBudget = time.Minute

// Limits are a run's own limits, as its target states them.
type Limits struct {
	// Server names the server that the run is against. Runs against one server share its guard, with the limits of the
	// first of them: an account is locked by wrong passwords whichever run has sent them. Empty is a server that no
	// other run is against.
	Server string
	// WrongPasswords is how many wrong passwords the run may send for real accounts.
	WrongPasswords int
	// RequestsPerSecond is 0 for no limit.
	RequestsPerSecond float64
}

// State is the coordinator of one invocation. Make one with New; it is safe for concurrent use.
type State struct {
	job      *Job
	redactor *redact.Redactor

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever a result or a shared value arrives
	results  map[string]Result
	order    []string
	progress map[string]Progress
	counters map[string]int
	once     map[string]*shared
	runs     []*runState
}

type shared struct {
	done  chan struct{}
	value []byte
	owner *session
}

type runState struct {
	*guard
	ledger map[Item]bool
	given  map[string]int // answers, by the credential that they gave
	own    int            // of the guard's wrong passwords, those of this run
}

// guard protects one server.
type guard struct {
	limits    Limits
	accounts  map[string]chan struct{} // a token in the channel is the account's lock
	wrong     int
	throttled time.Duration
	nextTurn  time.Time
}

// New returns the state for a job. The redactor learns every secret that a worker reports.
func New(job *Job, limits []Limits, redactor *redact.Redactor) *State {
	s := &State{
		job:      job,
		redactor: redactor,
		changed:  make(chan struct{}),
		results:  map[string]Result{},
		progress: map[string]Progress{},
		counters: map[string]int{},
		once:     map[string]*shared{},
	}
	guards := map[string]*guard{}
	for i := range job.Runs {
		g := guards[limits[i].Server]
		if g == nil || limits[i].Server == "" {
			g = &guard{limits: limits[i], accounts: map[string]chan struct{}{}}
			guards[limits[i].Server] = g
		}
		s.runs = append(s.runs, &runState{guard: g, ledger: map[Item]bool{}, given: map[string]int{}})
	}
	return s
}

func (s *State) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Name returns the name under which a secret is shown, and makes one up the first time: the kind and a number.
func (s *State) Name(kind, value string) string {
	return s.name(kind, value, 1)
}

// name numbers a secret among those of its kind, from the given number on.
func (s *State) name(kind, value string, from int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name, ok := s.redactor.Name(value); ok {
		return name
	}
	name := kind
	if s.counters[kind]++; s.counters[kind] >= from {
		name = fmt.Sprintf("%s-%d", kind, s.counters[kind])
	}
	s.redactor.Add(name, value)
	return name
}

// Called gives a secret of a target the name by which its operator knows it. Where a secret of another target has the name
// already, a number is added; a secret that is known keeps its first name.
func (s *State) Called(name, value string) {
	s.name(name, value, 2)
}

// Withdraw takes a run out of the job, before any worker has asked for it.
func (s *State) Withdraw(run int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.job.Runs[run].Withdrawn = true
}

// Results returns what was handed in so far, in the order of arrival.
func (s *State) Results() []Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Result, 0, len(s.order))
	for _, id := range s.order {
		out = append(out, s.results[id])
	}
	return out
}

// Changed returns a channel that is closed at the next result, progress or shared value.
func (s *State) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Progress returns what the workers are at.
func (s *State) Progress() []Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.progress), func(a, b Progress) int { return a.Until.Compare(b.Until) })
}

// Pending returns what a run made and has not ended.
func (s *State) Pending(run int) []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.runs[run].ledger))
}

// Ended strikes an item from the ledger.
func (s *State) Ended(item Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.runs[item.Run].ledger, item)
}

// Made enters an item in the ledger, once for each answer that gave it.
func (s *State) Made(item Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[item.Run]
	r.ledger[item] = true
	r.given[item.Value]++
	if item.Key != item.Value {
		r.given[item.Key]++
	}
}

// Given is how many answers of a run gave a credential, by its value or its key: more than one where a server hands the
// same out again, so that who ends it ends it for others too.
func (s *State) Given(run int, credential string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[run].given[credential]
}

// WrongPasswords is the number of wrong passwords that a run has sent for real accounts.
func (s *State) WrongPasswords(run int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[run].own
}

// Throttled reports whether a run has been made to wait beyond its budget.
func (s *State) Throttled(run int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[run].throttled > throttleBudget
}

// throttle enters that the server asked a worker of the run to wait, and refuses what exceeds the budget.
func (s *State) throttle(run int, wait time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[run].throttled += wait
	if s.runs[run].throttled > throttleBudget {
		return ErrThrottled
	}
	return nil
}

// turn returns how long the caller must wait before it may send its next request.
func (s *State) turn(run int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[run]
	if r.limits.RequestsPerSecond <= 0 {
		return 0
	}
	now := time.Now()
	if r.nextTurn.Before(now) {
		r.nextTurn = now
	}
	wait := r.nextTurn.Sub(now)
	r.nextTurn = r.nextTurn.Add(time.Duration(float64(time.Second) / r.limits.RequestsPerSecond))
	return wait
}

// lockAccount waits for the sole right to send wrong passwords for an account, and counts one.
func (s *State) lockAccount(ctx context.Context, run int, account string) error {
	s.mu.Lock()
	r := s.runs[run]
	lock, ok := r.accounts[account]
	if !ok {
		lock = make(chan struct{}, 1)
		r.accounts[account] = lock
	}
	s.mu.Unlock()
	select {
	case lock <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.wrong >= r.limits.WrongPasswords {
		<-lock
		return ErrBudget
	}
	r.wrong++
	r.own++
	return nil
}

func (s *State) unlockAccount(run int, account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	<-s.runs[run].accounts[account]
}
