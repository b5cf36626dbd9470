// Package bluecat is a reference implementation of what BlueCat Address Manager's RESTful v2 API says of sessions and
// Basic authentication: users, sessions with expiring API tokens, logout, the links of application/hal+json, and a
// collection to read with a token. It keeps its state in memory and makes its users' passwords itself.
//
// Everything that the server decides can be replaced, one decision at a time, through Rules; the code of the server
// itself knows nothing of the ways in which it may be made to differ.
package bluecat

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Profile is the profile that the server keeps.
const Profile = "bluecat-9.5"

// The defaults of Config.
const (
	// DefaultTokenLifetime is that of the document's example.
	DefaultTokenLifetime = 24 * time.Hour
	// DefaultMaxSessions is far above what a run or a test opens.
	DefaultMaxSessions = 10_000
	// DefaultMaxBody is the largest request body that is read, in bytes.
	DefaultMaxBody = 64 << 10
)

// Config says how a server behaves. Its zero value is a server with all defaults.
type Config struct {
	// TokenLifetime is counted from the login. Zero means DefaultTokenLifetime.
	TokenLifetime time.Duration
	// MaxSessions bounds the sessions that are kept; the one that is nearest to its end makes room for a new one. Zero
	// means DefaultMaxSessions.
	MaxSessions int
	// MaxBody is the largest request body that is read, in bytes. Zero means DefaultMaxBody.
	MaxBody int64
	// Password makes the password of each account; nil makes random ones that are hard to leak unnoticed.
	Password func() string
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
	// Clock tells the time of every decision; nil means time.Now. It is called by several goroutines at once.
	Clock func() time.Time
	// Latency is waited, in real time, before each request is looked at.
	Latency time.Duration
}

// Server is one Address Manager: its users, sessions and configurations. It is safe for concurrent use. It runs no
// goroutine of its own.
type Server struct {
	config    Config
	rules     Rules
	users     users
	store     store
	wrong     atomic.Int64 // wrong passwords for users who exist
	handler   http.Handler
	closed    chan struct{}
	closeOnce sync.Once
}

// New makes a server with new users and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("bluecat reference server: %w", err)
	}
	s := &Server{
		config: config, rules: config.Rules.complete(), users: newUsers(config.Password),
		store:  newStore(config.MaxSessions, config.Rules.KeepEnded, min(config.TokenLifetime/4, time.Minute)),
		closed: make(chan struct{}),
	}
	s.handler = s.rules.Wrap(http.HandlerFunc(s.serve))
	return s, nil
}

func (c *Config) complete() error {
	if c.TokenLifetime < 0 || c.Latency < 0 || c.Rules.KeepEnded < 0 ||
		c.Rules.Answers.TimeUnit < 0 || c.Rules.Answers.TimeUnit > time.Second {
		return errors.New("a duration is negative, or a unit of time is above a second")
	}
	if c.MaxSessions < 0 || c.MaxBody < 0 {
		return errors.New("a bound is negative")
	}
	if c.TokenLifetime == 0 {
		c.TokenLifetime = DefaultTokenLifetime
	}
	if c.MaxSessions == 0 {
		c.MaxSessions = DefaultMaxSessions
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Password == nil {
		c.Password = randomPassword
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return nil
}

// Handler is the server's address. The API lies below /api/v2.
func (s *Server) Handler() http.Handler { return s.handler }

// User is the user whom a client is meant to log in as, with the password.
func (s *Server) User() User { return s.users.ordinary }

// TokenLifetime is how long a token lives from the login.
func (s *Server) TokenLifetime() time.Duration { return s.config.TokenLifetime }

// Live counts the sessions that have neither been logged out nor expired.
func (s *Server) Live() int { return s.store.live(s.config.Clock()) }

// WrongPasswords counts the wrong passwords that were tried for users who exist.
func (s *Server) WrongPasswords() int { return int(s.wrong.Load()) }

// Close drops all state and ends the waits of requests in progress. Requests that come later are answered 503.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closed)
		s.store.close()
	})
}
