package adaxes

// Kept counts what the server keeps of sessions and tickets, live or not, under every name.
func (s *Server) Kept() (sessions, tickets, tokens, ids int) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, named := range s.store.byID {
		ids += len(named)
	}
	return len(s.store.sessions), len(s.store.tickets), len(s.store.byToken), ids
}

// Strangers counts the names without an account whose wrong passwords the server remembers.
func (s *Server) Strangers() int {
	s.attempts.mu.Lock()
	defer s.attempts.mu.Unlock()
	return len(s.attempts.strangers)
}

// MaxStrangers bounds what Strangers counts.
const MaxStrangers = maxStrangers
