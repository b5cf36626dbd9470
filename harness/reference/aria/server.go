// Package aria is a reference implementation of VMware Aria Operations' (vRealize Operations') token API: tokens that
// are acquired with a name and a password of one of several authentication sources, that live on as long as they are
// used, and that can be released. It keeps its state in memory and makes its accounts' passwords itself.
//
// It follows the document "Acquire Token Using POST", profile aria-operations-8. Everything that the server decides can
// be replaced, one decision at a time, through Rules; the code of the server itself knows nothing of the ways in which
// it may be made to differ.
package aria

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"example.org/conform/harness/reference/random"
)

// Profile is the one profile of the system.
const Profile = "aria-operations-8"

// The words before a token in the Authorization header.
const (
	SchemeVRealizeOpsToken = "vRealizeOpsToken" // as the vendor's guides have it
	SchemeOpsToken         = "OpsToken"         // as newer releases write it
)

// The defaults of Config.
const (
	// DefaultTokenLifetime is the document's: six hours from the last call.
	DefaultTokenLifetime = 6 * time.Hour
	DefaultLockoutAfter  = 5
	DefaultLockoutFor    = 30 * time.Minute
)

// Config says how a server behaves. Its zero value is a server as the document describes it.
type Config struct {
	// TokenLifetime is counted from the last call. Zero means DefaultTokenLifetime.
	TokenLifetime time.Duration
	// Schemes are the words that may stand before a token, in any letter case; the first is the one to tell clients.
	// None means SchemeVRealizeOpsToken.
	Schemes []string
	// LockoutAfter is the number of wrong passwords in a row that lock an account; zero means DefaultLockoutAfter, a
	// negative number means that no account is ever locked.
	LockoutAfter int
	// LockoutFor is how long a locked account stays locked. Zero means DefaultLockoutFor.
	LockoutFor time.Duration
	// Password makes the password of each account; nil makes random ones that are hard to leak unnoticed.
	Password func() string
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
	// Clock tells the time of every decision; nil means time.Now. It is called by several goroutines at once.
	Clock func() time.Time
	// Latency is waited, in real time, before each request is looked at.
	Latency time.Duration
}

// Server is one installation: its sources, accounts and tokens. It is safe for concurrent use. It runs no goroutine of
// its own.
type Server struct {
	config    Config
	rules     Rules
	sources   Sources
	decoy     Account // stands in for an account that does not exist
	attempts  attempts
	store     store
	activity  activity
	handler   http.Handler
	closed    chan struct{}
	closeOnce sync.Once
}

// New makes a server with new accounts and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("aria reference server: %w", err)
	}
	s := &Server{
		config:   config,
		rules:    config.Rules.complete(),
		attempts: newAttempts(config.LockoutAfter, config.LockoutFor),
		store:    newStore(config.TokenLifetime, config.Rules.KeepEnded),
		activity: newActivity(),
		closed:   make(chan struct{}),
	}
	s.sources, s.decoy = newSources(config.Password)
	s.handler = s.rules.Wrap(http.HandlerFunc(s.serve))
	return s, nil
}

func (c *Config) complete() error {
	if c.TokenLifetime < 0 || c.LockoutFor < 0 || c.Latency < 0 || c.Rules.KeepEnded < 0 {
		return errors.New("a duration is negative")
	}
	if c.TokenLifetime == 0 {
		c.TokenLifetime = DefaultTokenLifetime
	}
	if len(c.Schemes) == 0 {
		c.Schemes = []string{SchemeVRealizeOpsToken}
	}
	if c.LockoutAfter == 0 {
		c.LockoutAfter = DefaultLockoutAfter
	}
	if c.LockoutFor == 0 {
		c.LockoutFor = DefaultLockoutFor
	}
	if c.Password == nil {
		c.Password = random.Password
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return nil
}

// Handler is the server's address. The API lies below BasePath.
func (s *Server) Handler() http.Handler { return s.handler }

// Sources are the authentication sources with their accounts and their passwords.
func (s *Server) Sources() Sources { return s.sources }

// Scheme is the word that clients write before a token.
func (s *Server) Scheme() string { return s.config.Schemes[0] }

// Live counts the tokens that work at this moment.
func (s *Server) Live() int { return s.store.live(s.config.Clock()) }

// Activity is what the server has seen so far.
func (s *Server) Activity() Activity { return s.activity.snapshot() }

// Close drops all state and ends the waits of requests in progress. Requests that come later are answered 503.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closed)
		s.store.close()
	})
}
