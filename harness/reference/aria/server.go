// Package aria is a reference implementation of VMware Aria Operations' (vRealize Operations') token API: tokens that
// are acquired with a name and a password of one of several authentication sources, that live on as long as they are
// used, and that can be released. It keeps its state in memory and makes its accounts' passwords itself.
//
// It follows the document "Acquire Token Using POST", profile aria-operations-8, and for VCF Operations 9, as the product is called since,
// the vendor's public pages.
package aria

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/target"
)

// The profiles that Config.Profile knows; without one it is the first.
const (
	Profile  = "aria-operations-8"
	Profile9 = "vcf-operations-9" // tells clients the word OpsToken
)

// BasePath is where the API begins.
const BasePath = "/suite-api"

// The words before a token in the Authorization header.
const (
	SchemeVRealizeOpsToken = "vRealizeOpsToken" // as the vendor's guides have it
	SchemeOpsToken         = "OpsToken"         // as newer releases write it
)

// DefaultTokenLifetime is the document's: six hours from the last call.
const DefaultTokenLifetime = 6 * time.Hour

// Config says how a server behaves. Its zero value is a server as the document describes it.
type Config struct {
	// Schemes are the words that may stand before a token, in any letter case; the first is the one to tell clients.
	// None means SchemeVRealizeOpsToken and SchemeOpsToken, as live servers take both, the newer one first in newer releases.
	Schemes []string
	kernel.Config
	Rules Rules
}

// Server is one installation: its sources, accounts and tokens.
type Server struct {
	kernel.Server
	config  Config
	rules   Rules
	sources []Source
	tokens  *kernel.Store[Token]
}

// New makes a server with new accounts and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	schemes := []string{SchemeVRealizeOpsToken, SchemeOpsToken}
	if config.Profile == Profile9 {
		slices.Reverse(schemes)
	}
	if err := kernel.Complete(&config, Config{
		Schemes: schemes, Config: kernel.DefaultConfig(0, DefaultTokenLifetime), Rules: ownRules(),
	}); err != nil {
		return nil, fmt.Errorf("aria reference server: %w", err)
	}
	limits := kernel.Limits{Shortest: config.TokenLifetime, Keep: config.Rules.KeepEnded, Most: maxTokens}
	s := &Server{
		config: config, rules: config.Rules, sources: newSources(config.Password, config.Own),
		tokens: kernel.NewStore(limits, func(t Token) string { return t.Text }),
	}
	s.Start(config.Config, s.rules.Wrap, kernel.Serve(&s.Server, kernel.Dialect[Call, Answer, Refusal]{
		Seams: s.rules.Seams, Requests: s.rules.Requests.RequestRules, Routes: routes(),
		Call:    func(c kernel.Call) *Call { return &Call{Call: c, server: s} },
		Refusal: worded, Refused: (*Call).refused, Finish: (*Call).negotiate,
	}), nil, s.tokens)
	return s, nil
}

// Sources are the authentication sources with their accounts and their passwords.
func (s *Server) Sources() []Source { return s.sources }

// Scheme is the word that clients write before a token.
func (s *Server) Scheme() string { return s.config.Schemes[0] }

// Describe fills in a user of the local source, the scheme and the probe.
func (s *Server) Describe(t *target.Target) {
	t.URL += BasePath
	for i := range t.Instances {
		t.Instances[i] += BasePath
	}
	source := s.sources[0]
	account := func(user Account) target.Account {
		return target.Account{Username: user.Username, Password: target.Secret(user.Password)}
	}
	t.Account, t.Accounts = account(source.Accounts[0]), map[string]target.Account{}
	for _, user := range source.Accounts {
		if user.Key != "" {
			t.Accounts[user.Key] = account(user)
		}
	}
	t.Own = map[string]string{"account.authSource": source.Name, "authorizationScheme": s.Scheme()}
	t.Lifetimes.Session = 0 // there are none
	t.MaxWait = t.Lifetimes.Token
	t.Probe = target.Probe{Method: http.MethodGet, Path: "/api/auth/currentuser"}
}

// Operation names what a request asks for.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	AcquireToken Operation = "acquireToken"
	ReleaseToken Operation = "releaseToken"
	CurrentUser  Operation = "probe"
	ReadVersion  Operation = "currentVersion" // this and the next are not of the contract: clients' first calls after a login
	ListNothing  Operation = "listNothing"
	ListSources  Operation = "listSources"
	NoOperation            = kernel.NoOperation
)

// routes are the operations with their paths.
func routes() kernel.Routes[Call, Answer, Refusal] {
	return kernel.Routes[Call, Answer, Refusal]{
		{Method: http.MethodPost, Path: BasePath + "/api/auth/token/acquire", Operation: AcquireToken, Body: true, Answer: (*Call).acquire},
		{Method: http.MethodPost, Path: BasePath + "/api/auth/token/release", Operation: ReleaseToken, Answer: (*Call).release},
		{Method: http.MethodGet, Path: BasePath + "/api/auth/currentuser", Operation: CurrentUser, Answer: (*Call).currentUser},
		{Method: http.MethodGet, Path: BasePath + "/api/versions/current", Operation: ReadVersion, Answer: (*Call).version},
		{Method: http.MethodGet, Path: BasePath + "/api/resources", Operation: ListNothing, Answer: (*Call).listNothing},
		{Method: http.MethodGet, Path: BasePath + "/api/adapters", Operation: ListNothing, Answer: (*Call).listNothing},
		{Method: http.MethodGet, Path: BasePath + "/api/auth/sources", Operation: ListSources, Answer: (*Call).listSources},
	}
}

// Call is one request in the hands of the server.
type Call struct {
	kernel.Call
	server *Server
}

// Route finds the operation of the request's path and method.
func (c *Call) Route() (Operation, *Refusal) {
	return routes().Find(c.Request.Method, c.Request.URL.Path, worded)
}
