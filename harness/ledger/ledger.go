// Package ledger is what the checks of a run share: what was made and must be ended, which account was given which
// wrong password, how many requests are under way, and what is done once for all of them.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"example.org/conform/harness/incident"
	"example.org/conform/harness/target"
)

// ErrBudget is returned when a wrong password would exceed what the target's operator allowed.
var ErrBudget = errors.New("the budget for wrong passwords is spent")

// ErrThrottled is returned when the server has asked for more waiting than a run may spend.
var ErrThrottled = errors.New("the server throttles the run beyond its budget")

// throttleBudget is the longest that a run waits, in all, because the server asked it to.
const throttleBudget = 2 * time.Minute

// Server is what all runs against one server share: an account is locked by wrong passwords whichever run has sent them.
// Make one with NewServer; it is safe for concurrent use.
type Server struct {
	Once
	badLogins     int
	refusedLogins int // that a run may make, 0 for any number
	pace          *rate.Limiter
	underWay      *semaphore.Weighted
	accounts      Once // the sole right to send a wrong password for an account
	logins        *semaphore.Weighted

	mu        sync.Mutex
	wrong     map[string]int // by account
	guards    map[string]*Guard
	throttled time.Duration
	until     time.Time // the server has asked for no request before
	sending   int64
	room      int64 // requests that may be under way
}

// NewServer returns the ledger of a server of which nothing is entered yet, with the limits of its target.
func NewServer(limits target.Limits) *Server {
	pace, underWay := rate.Inf, int64(math.MaxInt64)
	if limits.RequestsPerSecond > 0 {
		pace = rate.Limit(limits.RequestsPerSecond)
	}
	if limits.Concurrency > 0 {
		underWay = int64(limits.Concurrency)
	}
	return &Server{
		badLogins: limits.BadLogins, refusedLogins: limits.RefusedLogins, pace: rate.NewLimiter(pace, 1), room: underWay,
		underWay: semaphore.NewWeighted(underWay), logins: semaphore.NewWeighted(allLogins),
		wrong: map[string]int{}, guards: map[string]*Guard{},
	}
}

// allLogins is more than a run makes at the same time.
const allLogins = math.MaxInt32

// LoggingIn waits until one more login may be made. The caller calls done when it has its answer.
func (s *Server) LoggingIn(ctx context.Context) (done func(), err error) { return s.logsIn(ctx, 1) }

// LoggingInAlone is LoggingIn for several in a row, between which the run makes no other.
func (s *Server) LoggingInAlone(ctx context.Context) (done func(), err error) {
	return s.logsIn(ctx, allLogins)
}

func (s *Server) logsIn(ctx context.Context, n int64) (done func(), err error) {
	if err := s.logins.Acquire(ctx, n); err != nil {
		return nil, fmt.Errorf("waiting for other logins: %w", err)
	}
	return func() { s.logins.Release(n) }, nil
}

// Turn waits until the limits of the target let one more request be sent. The caller calls done when it has its answer, and
// also where there is an error: ErrThrottled when nothing is to be sent any more.
func (s *Server) Turn(ctx context.Context) (done func(), err error) {
	if s.Throttled() {
		return func() {}, ErrThrottled
	}
	if err := s.underWay.Acquire(ctx, 1); err != nil {
		return func() {}, err
	}
	s.sent(1)
	return func() {
		s.sent(-1)
		s.underWay.Release(1)
	}, s.pace.Wait(ctx)
}

func (s *Server) sent(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sending += n
}

// narrowest is how many requests are under way at least, however often the server asks for fewer.
const narrowest = 4

// Throttle waits for as long as the server asked for, and from then on lets fewer requests be under way: the server may have meant
// their number, and not their pace. Waits that overlap count once. The error is ErrThrottled when they are more than a run may spend.
func (s *Server) Throttle(ctx context.Context, wait time.Duration) error {
	now := time.Now()
	s.mu.Lock()
	var less int64
	if now.After(s.until) { // those that were sent beside the first to be refused have nothing new to say
		if narrower := max(s.sending/2, narrowest); narrower < s.room {
			less, s.room = s.room-narrower, narrower
		}
		s.until = now
	}
	if until := now.Add(min(wait, 2*throttleBudget)); until.After(s.until) {
		s.throttled += until.Sub(s.until)
		s.until = until
	}
	s.mu.Unlock()
	if s.Throttled() {
		return ErrThrottled
	}
	if less > 0 {
		if err := s.underWay.Acquire(ctx, less); err != nil {
			return err
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Throttled reports whether the server has asked for more waiting than a run may spend.
func (s *Server) Throttled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.throttled > throttleBudget
}

// spend counts wrong passwords for an account, or refuses them.
func (s *Server) spend(account string, times int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wrong[account]+times > s.badLogins {
		return ErrBudget
	}
	s.wrong[account] += times
	return nil
}

// Item is a session or a token that a run made on a target and must end.
type Item struct {
	// Kind is the system's own word: "session", "token".
	Kind string
	// Value identifies the item to the server, and Key is the credential that ends it where one is needed.
	Value, Key string
	// Base is the URL of the instance that has it, empty for the target's own.
	Base string
	// Account is the name of the account that it was made for, which requests that end it may have to say.
	Account string
}

// Run is one target judged against one profile. Make one with NewRun; it is safe for concurrent use.
type Run struct {
	*Server
	// Own is what is done once in this run, where the server's is done once for all runs against it.
	Own Once
	// Lives is what became of the credentials of the run.
	Lives incident.Log

	mu      sync.Mutex
	made    []Item               // not ended yet
	ends    map[Item]func() bool // reports whether an item has ended by the server's own word
	given   map[string]int       // answers, by the credential that they gave
	last    map[string]time.Time // when an operation was granted for the last time
	beside  int                  // secrets that answers held beside those of their contracts
	wrong   int                  // wrong passwords of this run
	refused map[string]int       // logins, by check
	servers servers
	fates   []Fate    // of requests, the latest of them
	shut    []Closing // those that were found among the others
	weather weather
	unsent  weather
	tries   map[string]*tries // by arrangement
}

// NewRun returns the ledger of a run in which nothing was made yet.
func NewRun(s *Server) *Run {
	return &Run{
		Server: s, ends: map[Item]func() bool{}, given: map[string]int{}, last: map[string]time.Time{}, tries: map[string]*tries{},
		refused: map[string]int{}, servers: servers{logins: map[string]int{}},
	}
}

// Made enters an item, once for each answer that gave it. Ended tells whether it has ended of itself meanwhile.
func (r *Run) Made(item Item, ended func() bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ends[item] == nil {
		r.made = append(r.made, item)
	}
	r.ends[item] = ended
	r.given[item.Value]++
	if item.Key != item.Value {
		r.given[item.Key]++
	}
}

// Over reports whether an item need not be ended any more: it has been, or its time was up by the server's own word.
func (r *Run) Over(item Item) bool {
	r.mu.Lock()
	ended := r.ends[item]
	r.mu.Unlock()
	return ended == nil || ended()
}

// Ended strikes an item.
func (r *Run) Ended(item Item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = slices.DeleteFunc(r.made, func(i Item) bool { return i == item })
	delete(r.ends, item)
}

// What a run takes down by name that servers hand out beside their contracts: so much of one answer, and so much in all. A server that hands
// out more repeats whatever it is sent, in ever other forms.
const besideOne, besideAll = 16, 5_000

// Beside enters how many secrets an answer holds beside those of its contract, and says whether they can be told one by one yet.
func (r *Run) Beside(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n > besideOne || r.beside+n > besideAll {
		return false
	}
	r.beside += n
	return true
}

// Pending returns what the run made and has not ended, in the order in which it was made.
func (r *Run) Pending() []Item {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.made)
}

// Given is how many answers gave a credential, by its value or its key: more than one where a server hands the same out
// again, so that who ends it ends it for others too.
func (r *Run) Given(credential string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.given[credential]
}

// Granted enters that an operation was granted, at a local moment.
func (r *Run) Granted(operation string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last[operation].Before(at) {
		r.last[operation] = at
	}
}

// LastGranted is when an operation was granted for the last time; zero where it never was.
func (r *Run) LastGranted(operation string) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last[operation]
}

// WrongPasswords is the number of wrong passwords that the run has sent for real accounts.
func (r *Run) WrongPasswords() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wrong
}

// WrongPassword calls try, which sends so many wrong passwords for a real account between two good logins. No other wrong one
// is sent for the account meanwhile. The error is ErrBudget when the run may not send as many more for it.
func (r *Run) WrongPassword(ctx context.Context, account string, times int, try func()) error {
	right, _ := r.accounts.of(account)
	if err := right.making.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("waiting for another wrong password of the account: %w", err)
	}
	defer right.making.Release(1)
	if err := r.spend(account, times); err != nil {
		return err
	}
	r.mu.Lock()
	r.wrong += times
	r.mu.Unlock()
	try()
	return nil
}
