// Package adaxes is a reference implementation of the Adaxes REST API's authentication: sessions, security tokens
// and ticket ids, one or several service instances behind a shared address, accounts in every state, and a small
// directory to read with a token. It keeps its state in memory and makes its accounts' passwords itself.
//
// Three profiles are spoken: Profile20232, after the document "Authentication", Profile20251, after "Authentication (legacy)",
// and Profile20261, after the vendor's public pages, with tokens alone that an administrator has made.
package adaxes

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/target"
)

// The profiles that New accepts in Config.Profile.
const (
	Profile20232 = "adaxes-2023.2" // 2023.2 and below: changePasswordReason, totpState, type must be 0
	Profile20251 = "adaxes-2025.1" // after 2023.2, up to 2025.1
	Profile20261 = "adaxes-2026.1" // from 2026.1 on: no sessions
)

// The lifetimes are those of a fresh installation.
const (
	DefaultSessionLifetime = 10 * time.Minute
	DefaultTokenLifetime   = 30 * time.Minute
)

// Config says how a server behaves. Only Profile has no default.
type Config struct {
	kernel.Config
	Rules Rules
}

// Server is one installation: its instances, accounts, sessions and tickets.
type Server struct {
	kernel.Server
	config    Config
	rules     Rules
	accounts  Accounts
	names     map[string]Account // by lower-case logon name, in both forms
	sessions  *kernel.Store[Session]
	tickets   *kernel.Store[Ticket]
	directory directory
	given     map[string]Ticket // by what a description calls their accounts, "" for its own
	services  []string          // the Adm-Service value of each instance
	instances []http.Handler
}

// New makes a server with new accounts, passwords and instance names. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if known := []string{Profile20232, Profile20251, Profile20261}; !slices.Contains(known, config.Profile) {
		return nil, fmt.Errorf("adaxes reference server: profile %q is none of %s", config.Profile, strings.Join(known, ", "))
	}
	own := Config{Config: kernel.DefaultConfig(DefaultSessionLifetime, DefaultTokenLifetime), Rules: ownRules()}
	if err := kernel.Complete(&config, own); err != nil {
		return nil, fmt.Errorf("adaxes reference server: %w", err)
	}
	limits := kernel.Limits{Shortest: min(config.SessionLifetime, config.TokenLifetime), Keep: config.Rules.KeepEnded}
	s := &Server{
		config: config, rules: config.Rules,
		sessions: kernel.NewStore(limits, func(s Session) string { return s.ID }),
		tickets:  kernel.NewStore(limits, func(t Ticket) string { return t.Token }),
	}
	domainSID := fmt.Sprintf("S-1-5-21-%d-%d-%d", random.Below(1<<31), random.Below(1<<31), random.Below(1<<31))
	s.accounts, s.names = newAccounts(config.Password, config.Own, domainSID)
	s.directory = newDirectory(s.accounts, domainSID)
	if config.Profile == Profile20261 {
		s.giveTokens()
	}
	shared := &balancer{pick: s.rules.Pick}
	for i := range config.Instances {
		shared.services = append(shared.services, random.GUID())
		shared.instances = append(shared.instances, s.instance(i))
		s.instances = append(s.instances, s.rules.Wrap(shared.instances[i]))
	}
	s.services = shared.services
	s.Start(config.Config, s.rules.Wrap, shared, s.sessions, s.tickets)
	return s, nil
}

// instance answers the requests to instance i.
func (s *Server) instance(i int) http.Handler {
	return kernel.Serve(&s.Server, kernel.Dialect[Call, Answer, Refusal]{
		Seams: s.rules.Seams, Requests: s.rules.Requests.RequestRules, Routes: routes(s.config.Profile),
		Call:    func(c kernel.Call) *Call { return &Call{Call: c, Instance: i, server: s} },
		Refusal: worded, Refused: (*Call).refused, Finish: (*Call).finish,
	})
}

// Instance is the address of one instance, counted from 0.
func (s *Server) Instance(i int) http.Handler { return s.instances[i] }

// Accounts are the accounts of the server, with their passwords.
func (s *Server) Accounts() Accounts { return s.accounts }

// Describe fills in the accounts and the probe.
func (s *Server) Describe(t *target.Target) {
	if lockout := s.config.LockoutAfter; lockout > 0 {
		t.Limits.BadLoginsInARow = min(t.Limits.BadLoginsInARow, lockout-1)
	}
	t.URL += BasePath
	for i := range t.Instances {
		t.Instances[i] += BasePath
	}
	t.Accounts = map[string]target.Account{}
	for state, account := range s.accounts {
		t.Accounts[string(state)] = target.Account{
			Username: account.Username, DownLevelName: account.DownLevelName, Password: target.Secret(account.Password),
		}
	}
	ordinary := s.accounts[Ordinary]
	t.Account = t.Accounts[string(Ordinary)]
	delete(t.Accounts, string(Ordinary))
	if s.config.Profile == Profile20261 {
		s.describeTokens(t)
	}
	t.Probe = target.Probe{Method: http.MethodGet, Path: "/api/directoryObjects?directoryObject=" + url.QueryEscape(ordinary.DN)}
}

// balancer is the shared address: it sends a request to the instance that its Adm-Service header names, and goes round
// the instances otherwise.
type balancer struct {
	services  []string
	instances []http.Handler
	pick      func(*http.Request, []string) (int, bool)
	next      atomic.Uint64
}

// ServeHTTP passes the request on to one instance.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i, chosen := b.pick(r, b.services)
	if !chosen || i < 0 || i >= len(b.instances) {
		i = int((b.next.Add(1) - 1) % uint64(len(b.instances)))
	}
	b.instances[i].ServeHTTP(w, r)
}

// ByService is the instance whose Adm-Service value the request sends back.
func ByService(r *http.Request, services []string) (int, bool) {
	i := slices.Index(services, r.Header.Get("Adm-Service"))
	return i, i >= 0
}
