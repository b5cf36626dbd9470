// Package bluecat is a reference implementation of what BlueCat Address Manager's RESTful v2 API says of sessions and
// Basic authentication: users, sessions with expiring API tokens, logout, the links of application/hal+json, and a
// collection to read with a token. It keeps its state in memory and makes its users' passwords itself.
//
// Everything that the server decides can be replaced, one decision at a time, through Rules; the code of the server
// itself knows nothing of the ways in which it may be made to differ.
package bluecat

import (
	"fmt"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/target"
)

// Profile is the profile that the server keeps.
const Profile = "bluecat-9.5"

// The defaults of Config.
const (
	// DefaultTokenLifetime is that of the document's example.
	DefaultTokenLifetime = 24 * time.Hour
	// DefaultMaxSessions is far above what a run or a test opens.
	DefaultMaxSessions = 10_000
)

// Config says how a server behaves. Its zero value is a server with all defaults.
type Config struct {
	// MaxSessions bounds the sessions that are kept; the one that is nearest to its end makes room for a new one. Zero
	// means DefaultMaxSessions.
	MaxSessions int
	kernel.Config
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
}

// Server is one Address Manager: its users, sessions and configurations.
type Server struct {
	kernel.Server
	config   Config
	rules    Rules
	users    []User
	sessions *kernel.Store[Session]
	issued   atomic.Int64 // sessions made so far
}

// New makes a server with new users and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	own := kernel.DefaultConfig(0, DefaultTokenLifetime)
	own.LockoutAfter = -1
	own.Password = func() string { return random.Password(":" + random.Escaped) } // Basic treats the colon in a way of its own
	if err := kernel.Complete(&config, Config{MaxSessions: DefaultMaxSessions, Config: own, Rules: ownRules()}); err != nil {
		return nil, fmt.Errorf("bluecat reference server: %w", err)
	}
	s := &Server{
		config: config, rules: config.Rules, users: newUsers(config.Password),
		sessions: kernel.NewStore(kernel.Limits{
			Shortest: config.TokenLifetime, Keep: config.Rules.KeepEnded, Most: config.MaxSessions,
		}, Session.name, func(session Session) string { return session.Token }),
	}
	s.Start(config.Config, s.rules.Wrap, kernel.Serve(&s.Server, kernel.Dialect[Call, Answer, Refusal]{
		Seams: s.rules.Seams, Requests: s.rules.Requests.RequestRules, Routes: routes(),
		Call:    func(c kernel.Call) *Call { return &Call{Call: c, server: s} },
		Refusal: worded, Refused: (*Call).refused, Finish: (*Call).finish,
	}), s.sessions, s.sessions)
	return s, nil
}

// User is the user whom a client is meant to log in as, with the password.
func (s *Server) User() User { return s.users[0] }

// Describe fills in the account and the lifetime of a token. A session lives as long as its token.
func (s *Server) Describe(t *target.Target) {
	user := s.User()
	t.Account = target.Account{Username: user.Name, Password: target.Secret(user.Password)}
	t.Lifetimes = target.Lifetimes{Token: s.config.TokenLifetime}
	t.Instances = nil
}
