// Package bluecat is a reference implementation of what BlueCat Address Manager's RESTful v2 API says of sessions and
// Basic authentication: users, sessions with expiring API tokens, logout, the links of application/hal+json, and a
// collection to read with a token. It keeps its state in memory and makes its users' passwords itself.
//
// Everything that the server decides can be replaced, one decision at a time, through Rules; the code of the server
// itself knows nothing of the ways in which it may be made to differ.
package bluecat

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/kernel"
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
	kernel.Config
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
}

// Server is one Address Manager: its users, sessions and configurations.
type Server struct {
	kernel.Server
	config   Config
	rules    Rules
	users    users
	sessions *kernel.Store[Session]
	issued   atomic.Int64 // sessions made so far
}

// New makes a server with new users and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("bluecat reference server: %w", err)
	}
	s := &Server{config: config, rules: config.Rules, users: newUsers(config.Password)}
	s.sessions = kernel.NewStore(kernel.Limits{
		Shortest: config.TokenLifetime, Keep: s.rules.KeepEnded, Most: config.MaxSessions,
	}, Session.name, func(session Session) string { return session.Token })
	s.Start(config.Config, s.rules.Wrap, http.HandlerFunc(s.serve), s.sessions)
	return s, nil
}

func (c *Config) complete() error {
	if c.MaxSessions < 0 || c.MaxBody < 0 {
		return errors.New("a bound is negative")
	}
	if unit := c.Rules.Answers.TimeUnit; unit > time.Second {
		return fmt.Errorf("the unit of time of %s is above a second", unit)
	}
	if err := kernel.Refuse(
		kernel.Setting{Name: "token lifetime", Value: c.TokenLifetime}, kernel.Setting{Name: "latency", Value: c.Latency},
		kernel.Setting{Name: "time that ended state is kept", Value: c.Rules.KeepEnded},
		kernel.Setting{Name: "unit of time", Value: c.Rules.Answers.TimeUnit},
	); err != nil {
		return err
	}
	kernel.Complete(c, Config{
		TokenLifetime: DefaultTokenLifetime, MaxSessions: DefaultMaxSessions, MaxBody: DefaultMaxBody,
		Config: kernel.Config{Password: randomPassword, Clock: time.Now},
		Rules:  ownRules(cmp.Or(c.Rules.Answers.TimeUnit, time.Second)),
	})
	return nil
}

// User is the user whom a client is meant to log in as, with the password.
func (s *Server) User() User { return s.users.ordinary }

// TokenLifetime is how long a token lives from the login.
func (s *Server) TokenLifetime() time.Duration { return s.config.TokenLifetime }

// Live counts the sessions that have neither been logged out nor expired, each with its one token.
func (s *Server) Live() (sessions, tokens int) {
	live := s.sessions.Live(s.Now())
	return live, live
}
