package bluecat

import (
	"sync"
	"time"
)

// store keeps the sessions. What has ended or expired goes: at once, or at the first request after its time.
type store struct {
	mu       sync.Mutex
	closed   bool
	issued   int64 // sessions made so far
	byID     map[int64]*Session
	byToken  map[string]*Session
	most     int
	keep     time.Duration
	interval time.Duration
	swept    time.Time
}

func newStore(most int, keep, interval time.Duration) store {
	return store{byID: map[int64]*Session{}, byToken: map[string]*Session{}, most: most, keep: keep, interval: interval}
}

// add stores a session under an id of its own, counted from first.
func (s *store) add(session Session, first int64) Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	session.ID = first + s.issued
	s.issued++
	if s.closed {
		return session
	}
	if len(s.byID) >= s.most {
		s.makeRoom()
	}
	kept := session
	s.byID[kept.ID], s.byToken[kept.Token] = &kept, &kept
	return session
}

// makeRoom drops the session that is nearest to its end. The caller holds the lock.
func (s *store) makeRoom() {
	var oldest *Session
	for _, session := range s.byID {
		if oldest == nil || session.end().Before(oldest.end()) {
			oldest = session
		}
	}
	if oldest != nil {
		s.remove(oldest)
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
	for _, session := range s.byID {
		if !now.Before(session.end().Add(s.keep)) {
			s.remove(session)
		}
	}
}

// remove takes a session out. The caller holds the lock.
func (s *store) remove(session *Session) {
	delete(s.byID, session.ID)
	if s.byToken[session.Token] == session {
		delete(s.byToken, session.Token)
	}
}

func (s *store) live(now time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, session := range s.byID {
		if session.Live(now) {
			n++
		}
	}
	return n
}

func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.byID)
	clear(s.byToken)
}
