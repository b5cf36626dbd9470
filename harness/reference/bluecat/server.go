// Package bluecat is a reference implementation of what BlueCat Address Manager's RESTful v2 API says of sessions and
// Basic authentication: users, sessions with expiring API tokens, logout, the links of application/hal+json, and a
// collection to read with a token. It keeps its state in memory and makes its users' passwords itself.
package bluecat

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
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
	if strings.Contains(config.Own.Username, ":") {
		return nil, errors.New("bluecat reference server: the name of the user holds a colon, at which Basic ends a name (RFC 7617, 2)")
	}
	s := &Server{
		config: config, rules: config.Rules, users: newUsers(config.Password, config.Own),
		sessions: kernel.NewStore(kernel.Limits{
			Shortest: config.TokenLifetime, Keep: config.Rules.KeepEnded, Most: config.MaxSessions,
		}, Session.name),
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
	account := func(user User) target.Account {
		return target.Account{Username: user.Name, Password: target.Secret(user.Password)}
	}
	t.Account, t.Accounts = account(s.User()), map[string]target.Account{}
	for _, user := range s.users {
		if user.Key != "" {
			t.Accounts[user.Key] = account(user)
		}
	}
	t.Lifetimes = target.Lifetimes{Token: s.config.TokenLifetime}
	t.Instances = nil
}

// Operation names what a request asks for. All names but the last four are those of the contract's operations.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	CreateSession       Operation = "createSession"
	GetCurrentSession   Operation = "getCurrentSession"
	PatchCurrentSession Operation = "patchCurrentSession"
	PatchSession        Operation = "patchSession"
	Probe               Operation = "probe"
	ReadSession         Operation = "readSession"
	ReadResource        Operation = "readResource"
	ListNothing         Operation = "listNothing"
	ReadRoot            Operation = "readRoot"
)

const (
	basePath = "/api/v2"
	current  = "current"
)

// routes are the operations with their paths. The body is read whatever the operation.
func routes() kernel.Routes[Call, Answer, Refusal] {
	route := func(method, path string, operation Operation, answer func(*Call) (*Answer, *Refusal)) kernel.Route[Call, Answer, Refusal] {
		return kernel.Route[Call, Answer, Refusal]{Method: method, Path: basePath + path, Operation: operation, Body: true, Answer: answer}
	}
	return kernel.Routes[Call, Answer, Refusal]{
		route(http.MethodPost, "/sessions", CreateSession, (*Call).createSession),
		route(http.MethodGet, "/sessions/"+current, GetCurrentSession, (*Call).readSession),
		route(http.MethodPatch, "/sessions/"+current, PatchCurrentSession, (*Call).logOut),
		route(http.MethodGet, "/sessions/?*", ReadSession, (*Call).readSession),
		route(http.MethodPatch, "/sessions/?*", PatchSession, (*Call).logOut),
		route(http.MethodGet, "/users/?*", ReadResource, (*Call).readResource),
		route(http.MethodGet, "/authenticators/?*", ReadResource, (*Call).readResource),
		route(http.MethodGet, "/configurations", Probe, (*Call).listConfigurations),
		route(http.MethodGet, "/configurations/?*", ReadResource, (*Call).readResource),
		// Clients' first calls after a login.
		route(http.MethodGet, "/settings", ListNothing, (*Call).listNothing),
		route(http.MethodGet, "/zones", ListNothing, (*Call).listNothing),
		route(http.MethodGet, "/networks", ListNothing, (*Call).listNothing),
		route(http.MethodGet, "", ReadRoot, (*Call).readRoot),
		route(http.MethodGet, "/", ReadRoot, (*Call).readRoot),
	}
}

// Call is one request.
type Call struct {
	kernel.Call

	mediaType string // of an answer that grants what was asked for
	server    *Server
}

// id is the last part of the path of a single resource: a number, or "current".
func (c *Call) id() string { return path.Base(c.Request.URL.Path) }

// Route finds the operation of the request's path and method. What the client accepts is asked first: nothing may change
// for an answer that cannot be sent.
func (c *Call) Route() (Operation, *Refusal) {
	operation, refusal := routes().Find(c.Request.Method, c.Request.URL.Path, worded)
	if refusal != nil {
		return operation, refusal
	}
	var acceptable bool
	c.mediaType, acceptable = c.server.rules.Answers.Negotiate(c, strings.Join(c.Request.Header.Values("Accept"), ","))
	if !acceptable {
		refusal = refuse(http.StatusNotAcceptable, NotAcceptable, "The answer would be "+HAL+" or "+JSON+".")
	}
	return operation, refusal
}
