// Package aria is a reference implementation of VMware Aria Operations' (vRealize Operations') token API: tokens that
// are acquired with a name and a password of one of several authentication sources, that live on as long as they are
// used, and that can be released. It keeps its state in memory and makes its accounts' passwords itself.
//
// It follows the document "Acquire Token Using POST", profile aria-operations-8. Everything that the server decides can
// be replaced, one decision at a time, through Rules; the code of the server itself knows nothing of the ways in which
// it may be made to differ.
package aria

import (
	"fmt"
	"net/http"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// Profile is the one profile of the system.
const Profile = "aria-operations-8"

// The words before a token in the Authorization header.
const (
	SchemeVRealizeOpsToken = "vRealizeOpsToken" // as the vendor's guides have it
	SchemeOpsToken         = "OpsToken"         // as newer releases write it
)

// DefaultTokenLifetime is the document's: six hours from the last call.
const DefaultTokenLifetime = 6 * time.Hour

// Config says how a server behaves. Its zero value is a server as the document describes it.
type Config struct {
	// TokenLifetime is counted from the last call. Zero means DefaultTokenLifetime.
	TokenLifetime time.Duration
	// Schemes are the words that may stand before a token, in any letter case; the first is the one to tell clients.
	// None means SchemeVRealizeOpsToken.
	Schemes []string
	kernel.Lockout
	kernel.Config
	// Rules replaces single decisions of the server. Its zero value replaces none.
	Rules Rules
}

// Server is one installation: its sources, accounts and tokens.
type Server struct {
	kernel.Server
	config   Config
	rules    Rules
	sources  Sources
	decoy    Account // stands in for an account that does not exist
	attempts *kernel.Attempts
	tokens   *kernel.Store[Token]
}

// New makes a server with new accounts and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := kernel.Refuse(
		kernel.Setting{Name: "token lifetime", Value: config.TokenLifetime}, kernel.Setting{Name: "lockout", Value: config.LockoutFor},
		kernel.Setting{Name: "latency", Value: config.Latency},
		kernel.Setting{Name: "time that ended state is kept", Value: config.Rules.KeepEnded},
	); err != nil {
		return nil, fmt.Errorf("aria reference server: %w", err)
	}
	kernel.Complete(&config, Config{
		TokenLifetime: DefaultTokenLifetime, Schemes: []string{SchemeVRealizeOpsToken},
		Lockout: kernel.DefaultLockout(), Config: kernel.DefaultConfig(), Rules: ownRules(),
	})
	s := &Server{config: config, rules: config.Rules, attempts: kernel.NewAttempts(config.Lockout)}
	s.tokens = kernel.NewStore(kernel.Limits{Shortest: config.TokenLifetime, Keep: s.rules.KeepEnded, Most: maxTokens}, Token.name, nil)
	s.sources, s.decoy = newSources(config.Password)
	s.Start(config.Config, s.rules.Wrap, http.HandlerFunc(s.serve), s.tokens)
	return s, nil
}

// Sources are the authentication sources with their accounts and their passwords.
func (s *Server) Sources() Sources { return s.sources }

// Scheme is the word that clients write before a token.
func (s *Server) Scheme() string { return s.config.Schemes[0] }

// Live counts the tokens that work at this moment; there are no sessions.
func (s *Server) Live() (sessions, tokens int) { return 0, s.tokens.Live(s.Now()) }
