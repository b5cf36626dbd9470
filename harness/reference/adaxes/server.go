// Package adaxes is a reference implementation of the Adaxes REST API's authentication: sessions, security tokens
// and ticket ids, one or several service instances behind a shared address, accounts in every state, and a small
// directory to read with a token. It keeps its state in memory and makes its accounts' passwords itself.
//
// Two profiles are spoken: Profile20232, after the document "Authentication", and Profile20251, after
// "Authentication (legacy)". Everything that the server decides can be replaced, one decision at a time, through
// Rules; the code of the server itself knows nothing of the ways in which it may be made to differ.
package adaxes

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/random"
)

// The profiles that New accepts in Config.Profile.
const (
	Profile20232 = "adaxes-2023.2" // 2023.2 and below: changePasswordReason, totpState, type must be 0
	Profile20251 = "adaxes-2025.1" // after 2023.2, up to 2025.1
)

// The defaults of Config. The lifetimes are those of a fresh installation.
const (
	DefaultSessionLifetime = 10 * time.Minute
	DefaultTokenLifetime   = 30 * time.Minute
	DefaultLockoutAfter    = 5
	DefaultLockoutFor      = 30 * time.Minute
)

// Config says how a server behaves. Only Profile has no default.
type Config struct {
	// Profile is Profile20232 or Profile20251.
	Profile string
	// SessionLifetime and TokenLifetime are counted from creation. Zero means DefaultSessionLifetime and
	// DefaultTokenLifetime.
	SessionLifetime, TokenLifetime time.Duration
	// Instances is the number of service instances that share sessions and tokens; zero means one.
	Instances int
	// LockoutAfter is the number of wrong passwords in a row that lock an account; zero means
	// DefaultLockoutAfter, a negative number means that no account is ever locked.
	LockoutAfter int
	// LockoutFor is how long a locked account stays locked, and how long a wrong password is remembered. Zero
	// means DefaultLockoutFor.
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

// Server is one installation: its instances, accounts, sessions and tickets. It is safe for concurrent use. It runs
// no goroutine of its own.
type Server struct {
	config    Config
	rules     Rules
	accounts  Accounts
	names     map[string]Account // by lower-case logon name, in both forms
	decoy     Account            // stands in for an account that does not exist
	attempts  attempts
	store     store
	directory directory
	activity  activity
	services  []string // the Adm-Service value of each instance
	instances []http.Handler
	balancer  http.Handler
	numbers   map[Operation]*atomic.Int64
	closed    chan struct{}
	closeOnce sync.Once
}

// New makes a server with new accounts, passwords and instance names. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("adaxes reference server: %w", err)
	}
	s := &Server{
		config:   config,
		rules:    config.Rules.complete(),
		attempts: newAttempts(config.LockoutAfter, config.LockoutFor),
		store:    newStore(min(config.SessionLifetime, config.TokenLifetime), config.Rules.KeepEnded),
		activity: newActivity(),
		numbers:  map[Operation]*atomic.Int64{},
		closed:   make(chan struct{}),
	}
	for _, operation := range operations {
		s.numbers[operation] = &atomic.Int64{}
	}
	s.accounts, s.names, s.decoy = newAccounts(config.Password)
	s.directory = newDirectory(s.accounts)
	var behind []http.Handler // the instances as the balancer reaches them
	for i := range config.Instances {
		s.services = append(s.services, RandomGUID())
		var instance http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(i, w, r) })
		behind = append(behind, instance)
		s.instances = append(s.instances, s.rules.Wrap(instance))
	}
	s.balancer = s.rules.Wrap(&balancer{services: s.services, instances: behind, pick: s.rules.Pick})
	return s, nil
}

func (c *Config) complete() error {
	if c.Profile != Profile20232 && c.Profile != Profile20251 {
		return fmt.Errorf("profile %q is neither %s nor %s", c.Profile, Profile20232, Profile20251)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"session lifetime", c.SessionLifetime}, {"token lifetime", c.TokenLifetime}, {"lockout", c.LockoutFor},
		{"latency", c.Latency}, {"time that ended state is kept", c.Rules.KeepEnded}, {"unit of time", c.Rules.Answers.TimeUnit},
	} {
		if d.value < 0 {
			return fmt.Errorf("the %s of %s is negative", d.name, d.value)
		}
	}
	if unit := c.Rules.Answers.TimeUnit; unit > time.Second {
		return fmt.Errorf("the unit of time of %s is above a second", unit)
	}
	if c.Rules.Requests.MaxBody < 0 {
		return fmt.Errorf("a largest body of %d bytes", c.Rules.Requests.MaxBody)
	}
	if c.Instances < 0 {
		return fmt.Errorf("%d instances", c.Instances)
	}
	if c.SessionLifetime == 0 {
		c.SessionLifetime = DefaultSessionLifetime
	}
	if c.TokenLifetime == 0 {
		c.TokenLifetime = DefaultTokenLifetime
	}
	if c.Instances == 0 {
		c.Instances = 1
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

// Handler is the shared address: the only instance, or a balancer in front of all. The API lies below BasePath.
func (s *Server) Handler() http.Handler { return s.balancer }

// Instance is the address of one instance, counted from 0. It is nil where there is no such instance.
func (s *Server) Instance(i int) http.Handler {
	if i < 0 || i >= len(s.instances) {
		return nil
	}
	return s.instances[i]
}

// Service is the Adm-Service value by which the balancer knows instance i, empty where there is no such instance.
func (s *Server) Service(i int) string {
	if i < 0 || i >= len(s.services) {
		return ""
	}
	return s.services[i]
}

// Accounts are the accounts of the server, with their passwords, and an object that each of them may read.
func (s *Server) Accounts() Accounts { return s.accounts }

// Live counts the sessions and tokens that have neither ended nor expired.
func (s *Server) Live() (sessions, tokens int) { return s.store.live(s.config.Clock()) }

// Activity is what the server has seen so far.
func (s *Server) Activity() Activity { return s.activity.snapshot() }

// Close drops all state and ends the waits of requests in progress. Requests that come later are answered 503.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closed)
		s.store.close()
	})
}
