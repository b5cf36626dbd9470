// Package kernel is what the reference servers have in common: the way of a request from its route to its answer, the
// reading of bodies, passwords and the lock-out, a store of sessions and tokens with their ends, the rules that can be
// replaced, configurations with their defaults, and the life of a server. What is left to a server is its dialect: routes,
// names, answers, errors, and what only its vendor does. The package's tests hold a whole server of a small API.
package kernel

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Server is what every server is. It is safe for concurrent use, and runs no goroutine of its own.
type Server struct {
	*attempts
	config  Config
	handler http.Handler

	sessions, tokens Kept
	closed           chan struct{}
	once             sync.Once

	mu    sync.Mutex
	begun map[Operation]int64
}

// Kept is a Store of any kind.
type Kept interface {
	Live(now time.Time) int
	EndOne(now time.Time, pick func(n int) int) string
	Sweep(now time.Time)
	Close()
}

// Start opens a server that keeps its state in stores, a nil one where there are no sessions. The configuration is
// complete, and wrap stands between the network and serve.
func (s *Server) Start(config Config, wrap func(http.Handler) http.Handler, serve http.Handler, sessions, tokens Kept) {
	s.config, s.closed, s.begun, s.attempts = config, make(chan struct{}), map[Operation]int64{}, newAttempts(config)
	if s.sessions, s.tokens = sessions, tokens; sessions == nil {
		s.sessions = &Store[struct{}]{}
	}
	s.handler = wrap(serve)
}

// Handler is the server's address.
func (s *Server) Handler() http.Handler { return s.handler }

// Instance is the server too: however many addresses it has, they share everything.
func (s *Server) Instance(int) http.Handler { return s.handler }

// Endable says that the API can end what it gives.
func (s *Server) Endable() bool { return true }

// OfConnection says that a login is of its request alone.
func (s *Server) OfConnection() bool { return false }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.config.Clock() }

// Live counts the sessions and tokens that have neither ended nor expired.
func (s *Server) Live() (sessions, tokens int) {
	return s.sessions.Live(s.Now()), s.tokens.Live(s.Now())
}

// EndEarly ends a living token before its time, which pick chooses by its place among so many, and returns its name; "" where none lives.
func (s *Server) EndEarly(pick func(n int) int) string { return s.tokens.EndOne(s.Now(), pick) }

// wait lets the latency pass. It reports false when the request's context or the server ended before that; a server
// that has closed already is not waited for, also when there is no time to pass.
func (s *Server) wait(request context.Context) bool {
	if s.config.Latency > 0 {
		select {
		case <-time.After(s.config.Latency):
		case <-s.closed:
		case <-request.Done():
			return false
		}
	}
	select {
	case <-s.closed:
		return false
	default:
		return true
	}
}

// number is the number of a request that has begun among those for its operation, from 1.
func (s *Server) number(operation Operation) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun[operation]++
	return s.begun[operation]
}

// Close drops all state and ends the waits of requests in progress. Requests that come later are answered 503.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closed)
		s.sessions.Close()
		s.tokens.Close()
	})
}
