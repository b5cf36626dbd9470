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

// Store keeps the sessions or the tokens of a server, each under a name of its own and, where the store is made so, in
// the group of another name. What has ended or expired goes: at once, or at the first request after its time. What is
// handed out are copies.
type Store[T any] struct {
	mu      sync.Mutex
	closed  bool
	life    func(*T) *Life
	limits  Limits
	name    func(T) string
	group   func(T) string
	records map[string]*T
	groups  map[string][]*T // oldest first
	swept   time.Time
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

// NewStore makes a store of records that embed Life. A nil group makes one without groups.
func NewStore[T any, P interface {
	*T
	life() *Life
}](limits Limits, name, group func(T) string) *Store[T] {
	return &Store[T]{
		life: func(record *T) *Life { return P(record).life() }, limits: limits, name: name, group: group,
		records: map[string]*T{}, groups: map[string][]*T{},
	}
}

// Add keeps a record, in place of one with the same name. Where the store is full, the one that is nearest to its end makes
// room. A store that is closed keeps nothing.
func (s *Store[T]) Add(record T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.name(record)
	if replaced, found := s.records[name]; found {
		s.remove(name, replaced)
	}
	if s.closed {
		return
	}
	if s.limits.Most > 0 && len(s.records) >= s.limits.Most {
		nearest := slices.MinFunc(slices.Collect(maps.Values(s.records)), func(x, y *T) int {
			return s.life(x).Ends().Compare(s.life(y).Ends())
		})
		s.remove(s.name(*nearest), nearest)
	}
	s.records[name] = &record
	if s.group != nil {
		group := s.group(record)
		s.groups[group] = append(s.groups[group], &record)
	}
}

// Find is the record of this name. Ended and expired ones are found for as long as the store keeps them.
func (s *Store[T]) Find(name string) (found T, ok bool) {
	s.Change(name, func(kept *T) { found, ok = *kept, true })
	return found, ok
}

// Group are the records of this group, oldest first.
func (s *Store[T]) Group(group string) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []T
	for _, record := range s.groups[group] {
		found = append(found, *record)
	}
	return found
}

// Match are all records that match, in no order.
func (s *Store[T]) Match(match func(T) bool) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []T
	for _, record := range s.records {
		if match(*record) {
			found = append(found, *record)
		}
	}
	return found
}

// Change alters the record of this name. The names of a record stay as they are.
func (s *Store[T]) Change(name string, alter func(*T)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, found := s.records[name]; found {
		alter(kept)
	}
}

// Expire moves the time at which the record of this name expires.
func (s *Store[T]) Expire(name string, at time.Time) {
	s.Change(name, func(kept *T) { s.life(kept).ExpiresAt = at })
}

// End ends the record of this name, and nothing else.
func (s *Store[T]) End(name string, now time.Time) {
	s.Change(name, func(kept *T) {
		if life := s.life(kept); life.EndedAt.IsZero() {
			life.EndedAt = now
		}
		if s.limits.Keep == 0 {
			s.remove(name, kept)
		}
	})
}

// Ungroup takes the record of this name out of its group.
func (s *Store[T]) Ungroup(name string) { s.Change(name, s.ungroup) }

// remove takes a record out. The caller holds the lock.
func (s *Store[T]) remove(name string, record *T) {
	delete(s.records, name)
	if s.group != nil {
		s.ungroup(record)
	}
}

func (s *Store[T]) ungroup(record *T) {
	group := s.group(*record)
	s.groups[group] = slices.DeleteFunc(s.groups[group], func(other *T) bool { return other == record })
	if len(s.groups[group]) == 0 {
		delete(s.groups, group)
	}
}

// Live counts the records that count at this time.
func (s *Store[T]) Live(now time.Time) int {
	return len(s.Match(func(record T) bool { return s.life(&record).Live(now) }))
}

// Size counts the records, live or not, and their places in groups.
func (s *Store[T]) Size() (records, grouped int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, group := range s.groups {
		grouped += len(group)
	}
	return len(s.records), grouped
}

// Sweep drops what ended or expired, once every interval.
func (s *Store[T]) Sweep(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.swept) < min(s.limits.Shortest/4, time.Minute) {
		return
	}
	s.swept = now
	for name, record := range s.records {
		if !now.Before(s.life(record).Ends().Add(s.limits.Keep)) {
			s.remove(name, record)
		}
	}
}

// Close drops everything and keeps nothing any more.
func (s *Store[T]) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.records)
	clear(s.groups)
}
