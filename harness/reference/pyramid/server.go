// Package pyramid is a reference implementation of Pyramid Analytics API2, as far as the document on
// authenticateUserWindows goes: a login under Windows Authentication that gives a security token, and one call of the
// API that needs such a token of an administrator. It keeps its state in memory and makes its accounts' passwords
// itself. For API 3.0, which has its tokens in a header and a call for everybody, it follows the vendor's public pages.
package pyramid

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/winauth"
	"example.org/conform/harness/target"
)

// The profiles that Config.Profile knows; without one it is the first.
const (
	Profile  = "pyramid-2018.5"
	Profile3 = "pyramid-2023.10" // API 3.0
)

// DefaultTokenLifetime is how long a token works where nothing else is configured. The document names no time.
const DefaultTokenLifetime = 24 * time.Hour

// Config says how a server behaves. Its zero value is useful.
type Config struct {
	// Kerberos lets clients log in by Kerberos as well; nil leaves NTLM.
	Kerberos *winauth.Kerberos
	kernel.Config
	Rules Rules
}

// LoadKerberos lets clients log in by Kerberos with the keys of a keytab.
func (c *Config) LoadKerberos(keytab, realm string) (err error) {
	if c.Kerberos, err = winauth.LoadKerberos(keytab, realm); err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	return nil
}

// Server is one installation. Its connections must be made known to it by ConnContext.
type Server struct {
	kernel.Server
	config    Config
	rules     Rules
	accounts  Accounts
	authority *winauth.Authority
	tokens    *kernel.Store[Token]
}

// New makes a server with new accounts and passwords. The error names the setting that it refuses.
func New(config Config) (*Server, error) {
	if err := kernel.Complete(&config, Config{Config: kernel.DefaultConfig(0, DefaultTokenLifetime), Rules: ownRules()}); err != nil {
		return nil, fmt.Errorf("pyramid reference server: %w", err)
	}
	limits := kernel.Limits{Shortest: config.TokenLifetime, Keep: config.Rules.KeepEnded}
	s := &Server{
		config: config, rules: config.Rules, accounts: newAccounts(config.Password, config.Own),
		tokens: kernel.NewStore(limits, func(t Token) string { return t.Text }),
	}
	s.authority = &winauth.Authority{
		Rules: s.rules.Rules, Now: config.Clock, Judge: s.judge, Kerberos: config.Kerberos,
		Target: ntlm.Target{Domain: domainNetBIOS, Computer: "PYRAMID", DNSDomain: domainDNS, DNSComputer: "pyramid." + domainDNS},
	}
	s.Start(config.Config, s.rules.Wrap, kernel.Serve(&s.Server, kernel.Dialect[Call, Answer, Refusal]{
		Seams: s.rules.Seams, Requests: s.rules.RequestRules, Routes: routes(config.Profile),
		Call:    func(c kernel.Call) *Call { return &Call{Call: c, server: s} },
		Refusal: worded, Refused: (*Call).refused,
	}), nil, s.tokens)
	return s, nil
}

// ConnContext is for http.Server.ConnContext: an NTLM login is bound to its connection.
func (s *Server) ConnContext(ctx context.Context, c net.Conn) context.Context {
	return s.authority.ConnContext(s.Server.ConnContext(ctx, c), c)
}

// Accounts are the accounts of the server, with their passwords.
func (s *Server) Accounts() Accounts { return s.accounts }

// Endable says that the API has no logout: a token ends by itself.
func (s *Server) Endable() bool { return false }

// OfConnection says that NTLM logs a connection in.
func (s *Server) OfConnection() bool { return true }

// Describe fills in the accounts and the API call by which tokens are judged.
func (s *Server) Describe(t *target.Target) {
	account := func(a Account) target.Account {
		return target.Account{Username: a.Username, Password: target.Secret(a.Password)}
	}
	t.Account = account(s.accounts.Admin)
	t.Account.DownLevelName = s.accounts.Admin.DownLevelName
	t.Account.Domain, _, _ = strings.Cut(t.Account.DownLevelName, `\`)
	t.Accounts = map[string]target.Account{"nonAdmin": account(s.accounts.Viewer)}
	for _, unusual := range s.accounts.Unusual {
		t.Accounts[unusual.Key] = account(unusual)
	}
	if s.config.Profile != Profile3 { // where the contract's own will do
		t.Probe = s.query()
	}
	t.Lifetimes.Session, t.MaxWait = 0, 0 // no sessions, and nothing to wait for
}

// query is the call that shows whether a token of an administrator lives.
func (s *Server) query() target.Probe {
	return target.Probe{
		Method: http.MethodPost, Path: BasePath + "/query/extractQueryResult",
		Body: `{"data":{"exportType":0,"itemId":"` + random.GUID() + `"}}`, // as plain text
	}
}

// Operation names what a request asks for.
type Operation = kernel.Operation

// The operations. A request that is none of them has the empty name.
const (
	Authenticate     Operation = "authenticateUserWindows"
	Probe            Operation = "probe"            // extractQueryResult, and in API 3.0 getMe
	AuthenticateUser Operation = "authenticateUser" // this and the next are not of the contract: clients know them too
	GetMe            Operation = "getMe"
	NoOperation                = kernel.NoOperation
)

// BasePath begins every path of the API, and BasePath3 every one of API 3.0.
const BasePath, BasePath3 = "/API2", "/API3"

// tokenHeader is where a call of API 3.0 has its token.
const tokenHeader = "Patoken"

// maxBody is the largest body that is read, in bytes.
const maxBody = 1 << 20

// routes are the operations of a profile with their paths in lower case. All are called by POST.
func routes(profile string) kernel.Routes[Call, Answer, Refusal] {
	const post = http.MethodPost
	if profile == Profile3 {
		return kernel.Routes[Call, Answer, Refusal]{
			{Method: post, Path: "/api3/authentication/authenticateuserwindows", Operation: Authenticate, Body: true, Answer: (*Call).authenticate},
			{Method: post, Path: "/api3/access/getme", Operation: Probe, Body: true, Answer: (*Call).getMe3},
		}
	}
	return kernel.Routes[Call, Answer, Refusal]{
		{Method: post, Path: "/api2/auth/authenticateuserwindows", Operation: Authenticate, Body: true, Answer: (*Call).authenticate},
		{Method: post, Path: "/api2/query/extractqueryresult", Operation: Probe, Body: true, Answer: (*Call).extractQueryResult},
		{Method: post, Path: "/api2/auth/authenticateuser", Operation: AuthenticateUser, Body: true, Answer: (*Call).authenticateUser},
		{Method: post, Path: "/api2/access/getme", Operation: GetMe, Body: true, Answer: (*Call).getMe},
	}
}

// Call is one request in the hands of the server.
type Call struct {
	kernel.Call
	// Login is what Windows Authentication says of the request, where it was asked.
	Login winauth.Decision

	server *Server
}

// Answer is a response before it is written. Token is what it hands out; nil otherwise.
type Answer struct {
	kernel.Answer
	Token *Token
}

func answered(status int, mediaType, body string) *Answer {
	return &Answer{Answer: kernel.Answer{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: []byte(body)}}
}

// Route finds the operation of the request's path, in any letter case, and method.
func (c *Call) Route() (Operation, *Refusal) {
	return routes(c.server.config.Profile).Find(c.Request.Method, strings.ToLower(c.Request.URL.Path), worded)
}

// texts are the server's own words for problems.
var texts = map[int]string{
	http.StatusNotFound: "There is no such service.", http.StatusMethodNotAllowed: "The service is called by POST.",
	http.StatusRequestEntityTooLarge: "The body is too large.", http.StatusBadRequest: "The body could not be read.",
}

// worded words a problem.
func worded(p kernel.Problem) *Refusal {
	p.Message = texts[p.Status]
	return &p
}

// Refusal is a request that is not granted, in the kernel's own terms.
type Refusal = kernel.Problem

// refused makes the answer of a refusal.
func (c *Call) refused(p *Refusal) *Answer {
	answer := answered(p.Status, "application/json; charset=utf-8", `{"message":`+strconv.Quote(p.Message)+`}`)
	maps.Copy(answer.Header, p.Header)
	return answer
}

func problem(status int, message string) (*Answer, *Refusal) {
	return nil, &Refusal{Status: status, Message: message}
}
