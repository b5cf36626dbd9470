package kernel

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Life is when a record of a Store ends. Records embed it.
type Life struct {
	// ExpiresAt is when the record ends by itself. EndedAt is zero until somebody ends it before.
	ExpiresAt, EndedAt time.Time
}

// Live tells whether the record counts: nobody has ended it, and it expires after now.
func (l Life) Live(now time.Time) bool { return l.EndedAt.IsZero() && now.Before(l.ExpiresAt) }

// Ends is when the record ended, or will.
func (l Life) Ends() time.Time {
	if !l.EndedAt.IsZero() && l.EndedAt.Before(l.ExpiresAt) {
		return l.EndedAt
	}
	return l.ExpiresAt
}

func (l *Life) life() *Life { return l }

// Store keeps the sessions or the tokens of a server, each under a name of its own. What has ended or expired goes: at
// once, or at the first request after its time. What is handed out are copies.
type Store[T any] struct {
	mu      sync.Mutex
	closed  bool
	life    func(*T) *Life
	limits  Limits
	name    func(T) string
	records map[string]*entry[T]
	added   int // records so far
	swept   time.Time
}

// entry is a record, and which of all records it was.
type entry[T any] struct {
	record T
	number int
}

// Limits bound what a Store keeps.
type Limits struct {
	// Shortest is the shortest lifetime of a record. Expired ones are looked for a few times in it, so that at no time
	// are there many more records than live ones, and not on every request.
	Shortest time.Duration
	// Keep is how long ended and expired records are still found.
	Keep time.Duration
	// Most is the largest number of records that are kept; zero sets none.
	Most int
}

// NewStore makes a store of records that embed Life.
func NewStore[T any, P interface {
	*T
	life() *Life
}](limits Limits, name func(T) string) *Store[T] {
	return &Store[T]{
		life: func(record *T) *Life { return P(record).life() }, limits: limits, name: name, records: map[string]*entry[T]{},
	}
}

// Add keeps a record, in place of one with the same name. Where the store is full, the one that is nearest to its end makes
// room. A store that is closed keeps nothing.
func (s *Store[T]) Add(record T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.name(record)
	delete(s.records, name)
	if s.closed {
		return
	}
	if s.limits.Most > 0 && len(s.records) >= s.limits.Most {
		delete(s.records, slices.MinFunc(slices.Collect(maps.Keys(s.records)), func(x, y string) int {
			return s.ends(s.records[x]).Compare(s.ends(s.records[y]))
		}))
	}
	s.added++
	s.records[name] = &entry[T]{record, s.added}
}

func (s *Store[T]) ends(of *entry[T]) time.Time { return s.life(&of.record).Ends() }

// Find is the record of this name. Ended and expired ones are found for as long as the store keeps them.
func (s *Store[T]) Find(name string) (found T, ok bool) {
	s.Change(name, func(record *T) { found, ok = *record, true })
	return found, ok
}

// Match are all records that match, oldest first.
func (s *Store[T]) Match(match func(T) bool) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	var matching []*entry[T]
	for _, of := range s.records {
		if match(of.record) {
			matching = append(matching, of)
		}
	}
	slices.SortFunc(matching, func(x, y *entry[T]) int { return x.number - y.number })
	var found []T
	for _, of := range matching {
		found = append(found, of.record)
	}
	return found
}

// Change alters the record of this name, which stays as it is.
func (s *Store[T]) Change(name string, alter func(*T)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if of, found := s.records[name]; found {
		alter(&of.record)
	}
}

// Expire moves the time at which the record of this name expires.
func (s *Store[T]) Expire(name string, at time.Time) {
	s.Change(name, func(record *T) { s.life(record).ExpiresAt = at })
}

// End ends the record of this name, and nothing else.
func (s *Store[T]) End(name string, now time.Time) {
	s.Change(name, func(record *T) {
		if life := s.life(record); life.EndedAt.IsZero() {
			life.EndedAt = now
		}
		if s.limits.Keep == 0 {
			delete(s.records, name)
		}
	})
}

// EndOne ends one of the records that count at this time, which pick chooses by its place among so many, and returns its name; "" where there
// is none.
func (s *Store[T]) EndOne(now time.Time, pick func(n int) int) string {
	living := s.Match(func(record T) bool { return s.life(&record).Live(now) })
	if len(living) == 0 {
		return ""
	}
	name := s.name(living[pick(len(living))])
	s.End(name, now)
	return name
}

// Live counts the records that count at this time.
func (s *Store[T]) Live(now time.Time) int {
	return len(s.Match(func(record T) bool { return s.life(&record).Live(now) }))
}

// Size counts the records, live or not.
func (s *Store[T]) Size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.records)
}

// Sweep drops what ended or expired, once every interval.
func (s *Store[T]) Sweep(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.swept) < min(s.limits.Shortest/4, time.Minute) {
		return
	}
	s.swept = now
	maps.DeleteFunc(s.records, func(_ string, of *entry[T]) bool { return !now.Before(s.ends(of).Add(s.limits.Keep)) })
}

// Close drops everything and keeps nothing any more.
func (s *Store[T]) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.records)
}
