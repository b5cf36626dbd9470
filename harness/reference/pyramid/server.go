// Package pyramid is a reference implementation of Pyramid Analytics API2, as far as the document on
// authenticateUserWindows goes: a login under Windows Authentication that gives a security token, and one call of the
// API that needs such a token of an administrator. It keeps its state in memory and makes its accounts' passwords
// itself.
//
// Everything that the server decides can be replaced, one decision at a time, through Rules; the code of the server
// itself knows nothing of the ways in which it may be made to differ.
package pyramid

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/winauth"
)

// Profile is the profile that the server keeps.
const Profile = "pyramid-2018.5"

// DefaultTokenLifetime is how long a token works where nothing else is configured. The document names no time.
const DefaultTokenLifetime = 24 * time.Hour

// Config says how a server behaves. Its zero value is useful.
type Config struct {
	// TokenLifetime is counted from issue; zero means DefaultTokenLifetime.
	TokenLifetime time.Duration
	// Kerberos lets clients log in by Kerberos as well; nil leaves NTLM.
	Kerberos *winauth.Kerberos
	// Password makes the password of each account; nil makes random ones that are hard to leak unnoticed.
	Password func() string
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
	// Clock tells the time of every decision; nil means time.Now. It is called by several goroutines at once.
	Clock func() time.Time
	// Latency is waited, in real time, before each request is looked at.
	Latency time.Duration
}

// Server is one installation. It is safe for concurrent use, and runs no goroutine of its own. Its connections must be
// made known to it by ConnContext.
type Server struct {
	config    Config
	rules     Rules
	accounts  Accounts
	authority *winauth.Authority
	tokens    tokens
	handler   http.Handler
	wrong     atomic.Int64
	numbers   map[Operation]*atomic.Int64
	closed    chan struct{}
	closeOnce sync.Once
}

// New makes a server with new accounts and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if config.TokenLifetime < 0 || config.Latency < 0 {
		return nil, errors.New("pyramid reference server: a duration is negative")
	}
	if config.TokenLifetime == 0 {
		config.TokenLifetime = DefaultTokenLifetime
	}
	if config.Password == nil {
		config.Password = random.Password
	}
	if config.Clock == nil {
		config.Clock = time.Now
	}
	s := &Server{
		config: config, rules: config.Rules.complete(), accounts: newAccounts(config.Password), tokens: tokens{all: map[string]Token{}},
		numbers: map[Operation]*atomic.Int64{Authenticate: {}, ExtractQueryResult: {}, NoOperation: {}},
		closed:  make(chan struct{}),
	}
	s.authority = &winauth.Authority{
		Schemes: s.rules.Schemes, Now: config.Clock, Judge: s.judge, Kerberos: config.Kerberos,
		Target: ntlm.Target{Domain: domainNetBIOS, Computer: "PYRAMID", DNSDomain: domainDNS, DNSComputer: "pyramid." + domainDNS},
		Begun:  s.rules.Begun, Candidates: s.rules.Candidates, Persistent: s.rules.Persistent,
	}
	s.handler = s.rules.Wrap(http.HandlerFunc(s.serve))
	return s, nil
}

// Handler is the server. Its paths begin with BasePath, in any letter case.
func (s *Server) Handler() http.Handler { return s.handler }

// Instance is the server too: however many addresses it has, they share everything.
func (s *Server) Instance(int) http.Handler { return s.handler }

// ConnContext is for http.Server.ConnContext: an NTLM login is bound to its connection.
func (s *Server) ConnContext(ctx context.Context, c net.Conn) context.Context {
	return s.authority.ConnContext(ctx, c)
}

// Accounts are the accounts of the server, with their passwords.
func (s *Server) Accounts() Accounts { return s.accounts }

// Live counts the tokens that work; there are no sessions.
func (s *Server) Live() (sessions, tokens int) { return 0, s.tokens.live(s.config.Clock()) }

// WrongPasswords counts the proofs for existing accounts that were made with another password.
func (s *Server) WrongPasswords() int { return int(s.wrong.Load()) }

// Close drops all state and ends the waits of requests in progress. Requests that come later are answered 503.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closed)
		s.tokens.clear()
	})
}
