// Package adaxes is a reference implementation of the Adaxes REST API's authentication: sessions, security tokens
// and ticket ids, one or several service instances behind a shared address, accounts in every state, and a small
// directory to read with a token. It keeps its state in memory and makes its accounts' passwords itself.
//
// Two profiles are spoken: Profile20232, after the document "Authentication", and Profile20251, after
// "Authentication (legacy)". Everything that the server decides can be replaced, one decision at a time, through
// Rules; the code of the server itself knows nothing of the ways in which it may be made to differ.
package adaxes

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

// The profiles that New accepts in Config.Profile.
const (
	Profile20232 = "adaxes-2023.2" // 2023.2 and below: changePasswordReason, totpState, type must be 0
	Profile20251 = "adaxes-2025.1" // after 2023.2, up to 2025.1
)

// The lifetimes are those of a fresh installation.
const (
	DefaultSessionLifetime = 10 * time.Minute
	DefaultTokenLifetime   = 30 * time.Minute
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
	kernel.Lockout
	kernel.Config
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
}

// Server is one installation: its instances, accounts, sessions and tickets.
type Server struct {
	kernel.Server
	config    Config
	rules     Rules
	accounts  Accounts
	names     map[string]Account // by lower-case logon name, in both forms
	decoy     Account            // stands in for an account that does not exist
	attempts  *kernel.Attempts
	sessions  *kernel.Store[Session]
	tickets   *kernel.Store[Ticket] // by token, in groups by id: several have one where renewals keep it
	directory directory
	services  []string // the Adm-Service value of each instance
	instances []http.Handler
}

// New makes a server with new accounts, passwords and instance names. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("adaxes reference server: %w", err)
	}
	limits := kernel.Limits{Shortest: min(config.SessionLifetime, config.TokenLifetime), Keep: config.Rules.KeepEnded}
	s := &Server{
		config: config, rules: config.Rules, attempts: kernel.NewAttempts(config.Lockout),
		sessions: kernel.NewStore(limits, Session.name, nil),
		tickets:  kernel.NewStore(limits, Ticket.name, func(ticket Ticket) string { return ticket.ID }),
	}
	s.accounts, s.names, s.decoy = newAccounts(config.Password)
	s.directory = newDirectory(s.accounts)
	var behind []http.Handler // the instances as the balancer reaches them
	for i := range config.Instances {
		s.services = append(s.services, random.GUID())
		var instance http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(i, w, r) })
		behind = append(behind, instance)
		s.instances = append(s.instances, s.rules.Wrap(instance))
	}
	s.Start(config.Config, s.rules.Wrap, &balancer{services: s.services, instances: behind, pick: s.rules.Pick}, s.sessions, s.tickets)
	return s, nil
}

func (c *Config) complete() error {
	if c.Profile != Profile20232 && c.Profile != Profile20251 {
		return fmt.Errorf("profile %q is neither %s nor %s", c.Profile, Profile20232, Profile20251)
	}
	if err := kernel.Refuse(
		kernel.Setting{Name: "session lifetime", Value: c.SessionLifetime}, kernel.Setting{Name: "token lifetime", Value: c.TokenLifetime},
		kernel.Setting{Name: "lockout", Value: c.LockoutFor}, kernel.Setting{Name: "latency", Value: c.Latency},
		kernel.Setting{Name: "time that ended state is kept", Value: c.Rules.KeepEnded},
		kernel.Setting{Name: "unit of time", Value: c.Rules.Answers.TimeUnit},
	); err != nil {
		return err
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
	kernel.Complete(c, Config{
		SessionLifetime: DefaultSessionLifetime, TokenLifetime: DefaultTokenLifetime, Instances: 1,
		Lockout: kernel.DefaultLockout(), Config: kernel.DefaultConfig(), Rules: ownRules(cmp.Or(c.Rules.Answers.TimeUnit, DefaultTimeUnit)),
	})
	return nil
}

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
func (s *Server) Live() (sessions, tokens int) {
	return s.sessions.Live(s.Now()), s.tickets.Live(s.Now())
}
