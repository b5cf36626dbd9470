package adaxes

import (
	"sync"
	"time"
)

// store keeps the sessions and tickets that all instances share, as the configuration storage of an installation does.
// What has ended or expired goes: at once, or at the first request after its time.
type store struct {
	mu       sync.Mutex
	closed   bool
	sessions map[string]*Session
	tickets  map[*Ticket]struct{} // all, also those that have lost a name
	byToken  map[string]*Ticket
	byID     map[string][]*Ticket // oldest first; several where renewals keep the id
	interval time.Duration
	keep     time.Duration
	swept    time.Time
}

// newStore makes a store that looks for expired records a few times in the shortest lifetime, so that at no time are
// there many more records than live ones, and not on every request.
func newStore(shortest, keep time.Duration) store {
	return store{
		sessions: map[string]*Session{},
		tickets:  map[*Ticket]struct{}{},
		byToken:  map[string]*Ticket{},
		byID:     map[string][]*Ticket{},
		interval: min(shortest/4, time.Minute),
		keep:     keep,
	}
}

// sweep drops what ended or expired, once every interval.
func (s *store) sweep(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.swept) < s.interval {
		return
	}
	s.swept = now
	for id, session := range s.sessions {
		if s.gone(session.ExpiresAt, session.EndedAt, now) {
			delete(s.sessions, id)
		}
	}
	for ticket := range s.tickets {
		if s.gone(ticket.ExpiresAt, ticket.EndedAt, now) {
			s.remove(ticket)
		}
	}
}

// gone tells whether a record has no use any more, not even for rules that look at ended ones.
func (s *store) gone(expires, ended, now time.Time) bool {
	if !ended.IsZero() && ended.Before(expires) {
		expires = ended
	}
	return !now.Before(expires.Add(s.keep))
}

// remove takes a ticket out under each of its names. The caller holds the lock.
func (s *store) remove(ticket *Ticket) {
	delete(s.tickets, ticket)
	if s.byToken[ticket.Token] == ticket {
		delete(s.byToken, ticket.Token)
	}
	s.removeID(ticket)
}

func (s *store) removeID(ticket *Ticket) {
	var others []*Ticket
	for _, other := range s.byID[ticket.ID] {
		if other != ticket {
			others = append(others, other)
		}
	}
	if others == nil {
		delete(s.byID, ticket.ID)
		return
	}
	s.byID[ticket.ID] = others
}

func (s *store) live(now time.Time) (sessions, tokens int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.sessions {
		if session.Live(now) {
			sessions++
		}
	}
	for ticket := range s.tickets {
		if ticket.Live(now) {
			tokens++
		}
	}
	return sessions, tokens
}

func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.sessions)
	clear(s.tickets)
	clear(s.byToken)
	clear(s.byID)
}
