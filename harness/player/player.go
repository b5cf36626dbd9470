// Package player plays a server of any contract: what an OpenAPI document says of how its credentials live is all that it knows. It stands
// on the kernel of the reference servers, and apart from them: those are a second reading of their vendors' documents, so that a slip in a
// contract does not hide in them, and this is the contract itself over again. That a run finds it conformant therefore says that the
// contract contradicts itself nowhere, and nothing of the API; that a run finds it broken where it is broken on purpose says what the checks that come of
// the contract are worth.
package player

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
)

// Config is what can be set of a player. Its zero value has the defaults, but for the contract.
type Config struct {
	kernel.Config
	Rules Rules
	// Contract is what it plays.
	Contract *openapi.Document
}

// DefaultLifetime is how long a credential lives where neither the options nor the contract say so.
const DefaultLifetime = 10 * time.Minute

// Account is one that can log in.
type Account struct {
	Username, Password string
	// Token is the credential that it is given, where the contract says that the target gives one.
	Token string
}

// Server is a player. It is safe for concurrent use, and runs no goroutine of its own.
type Server struct {
	kernel.Server
	config   Config
	accounts []Account
	unusual  []kernel.Unusual
	// over are the texts of credentials that were given and are over, by what a description calls their accounts.
	over    map[string]string
	records *kernel.Store[Credential]
	forms   map[*openapi.HandOut]form
	// standIns are the other names of each kind that the contract promises to be accepted in place of its text.
	standIns map[string][]string
}

// Credential is one that was handed out.
type Credential struct {
	Kind, Text string
	// Names are its other names, by what the contract calls them, and User the name that goes with it in Basic credentials.
	Names map[string]string
	User  string
	// Account is the name of whose it is.
	Account string
	// Parent is the text of what it was handed out for, and Original that of what it renews; "" for neither.
	Parent, Original string
	Since            time.Time
	kernel.Life

	hand *openapi.HandOut
}

// At is its text under a name, as a place has it; "" where it has none of that name.
func (c Credential) At(name string) string {
	if name == "" {
		return c.Text
	}
	return c.Names[name]
}

// New makes a player. A contract of which it cannot make an answer as that describes it is an error.
func New(config Config) (*Server, error) {
	if err := kernel.Complete(&config, Config{Config: kernel.DefaultConfig(0, 0), Rules: ownRules()}); err != nil {
		return nil, err
	}
	s := &Server{config: config, forms: map[*openapi.HandOut]form{}}
	shortest := DefaultLifetime
	for _, kind := range config.Contract.Kinds() {
		for _, h := range config.Contract.HandOuts(kind) {
			shortest = min(shortest, s.lifetime(h))
		}
	}
	// What has ended is known as such: a second end may be answered otherwise than that of what nobody was given.
	limits := kernel.Limits{Shortest: shortest, Keep: max(time.Minute, config.Rules.KeepEnded)}
	s.records = kernel.NewStore(limits, func(c Credential) string { return c.Kind + " " + c.Text })
	s.accounts = []Account{{Username: "conform-service", Password: config.Password()}}
	if own := config.Own; own != (kernel.Login{}) {
		s.accounts[0] = Account{Username: own.Username, Password: own.Password}
	}
	s.unusual = kernel.NewUnusual()
	for _, u := range s.unusual {
		s.accounts = append(s.accounts, Account{Username: u.User, Password: u.Password})
	}
	s.give()
	s.standIns = standIns(config.Contract)
	for _, kind := range config.Contract.Kinds() {
		for _, h := range config.Contract.HandOuts(kind) {
			if err := s.rehearse(h); err != nil {
				return nil, err
			}
		}
	}
	for _, op := range config.Contract.Operations() {
		var err error
		switch h := op.Reissues(); {
		case h != nil:
			err = s.rehearse(h)
		case op.HandsOut() == nil:
			err = fits(op, op.Granting())
		}
		if err != nil {
			return nil, err
		}
	}
	s.Start(config.Config, config.Rules.Wrap, s.serve(), nil, s.records)
	return s, nil
}

// standIns are the other names under which a contract promises that its credentials are accepted, by kind.
func standIns(d *openapi.Document) map[string][]string {
	names := map[string][]string{}
	for _, op := range d.Operations() {
		for _, p := range op.Promises {
			for _, place := range op.Takes() {
				if place.Kind == d.Given() {
					continue // it has one name
				}
				if h := d.HandOuts(place.Kind)[0]; p.By != "" && h.Names[p.By].Value != "" && len(p.Sent) == 0 && !slices.Contains(names[place.Kind], p.By) {
					names[place.Kind] = append(names[place.Kind], p.By)
				}
			}
		}
	}
	return names
}

// fits says what is wrong with an answer that was made of an operation.
func fits(op *openapi.Operation, m *openapi.Made) error {
	if wrong := op.Validate(m.Answer()); len(wrong) > 0 {
		return fmt.Errorf("no answer of %s can be made as the contract describes it: %s is to be %s; give an example there", op.ID(), wrong[0].Place, wrong[0].Expected)
	}
	if works, dead := op.Judge(m.Answer()); dead || op.NeedsMore() && !works {
		return fmt.Errorf("no answer of %s can be made that x-works takes for a good one, and x-dead for no bad one; give an example of one", op.ID())
	}
	return nil
}

// serve answers requests.
func (s *Server) serve() http.Handler {
	var routes kernel.Routes[Call, Answer, Refusal]
	for _, op := range s.config.Contract.Operations() {
		routes = append(routes, kernel.Route[Call, Answer, Refusal]{
			Method: op.Method(), Path: op.Path(), Operation: kernel.Operation(op.ID()), Body: op.RequestMediaType() != "", Answer: (*Call).answer,
		})
	}
	return kernel.Serve(&s.Server, kernel.Dialect[Call, Answer, Refusal]{
		Seams: s.config.Rules.Seams, Requests: s.config.Rules.Requests.RequestRules, Routes: routes,
		Call:    func(c kernel.Call) *Call { return &Call{Call: c, server: s} },
		Refusal: worded,
		Refused: (*Call).refused,
		Finish:  (*Call).finish,
	})
}

// Accounts are those that can log in, that of the target first.
func (s *Server) Accounts() []Account { return slices.Clone(s.accounts) }

// Describe fills a description with what the server offers.
func (s *Server) Describe(t *target.Target) {
	t.Account = target.Account{Username: s.accounts[0].Username, Password: target.Secret(s.accounts[0].Password)}
	t.Accounts = map[string]target.Account{}
	for _, u := range s.unusual {
		t.Accounts[u.Key] = target.Account{Username: u.User, Password: target.Secret(u.Password)}
	}
	for _, kind := range s.config.Contract.Kinds() {
		for _, h := range s.config.Contract.HandOuts(kind) {
			of := &t.Lifetimes.Token
			if h.Lifetime == "session" {
				of = &t.Lifetimes.Session
			}
			*of = s.lifetime(h)
		}
	}
	t.MaxWait = max(t.MaxWait, t.Lifetimes.Session, t.Lifetimes.Token)
	s.describeGiven(t)
}

// lifetime is how long what is handed out lives.
func (s *Server) lifetime(h *openapi.HandOut) time.Duration {
	set := s.config.TokenLifetime
	if h.Lifetime == "session" {
		set = s.config.SessionLifetime
	}
	switch {
	case set > 0:
		return set
	case h.Lasts > 0:
		return time.Duration(h.Lasts)
	}
	return DefaultLifetime
}

// Live counts the sessions and tokens that work at this moment, by the lifetimes that they have.
func (s *Server) Live() (sessions, tokens int) {
	now := s.Now()
	for _, c := range s.records.Match(func(c Credential) bool { return c.hand != nil && c.Live(now) }) {
		if c.hand.Lifetime == "session" {
			sessions++
		} else {
			tokens++
		}
	}
	return sessions, tokens
}

// Endable reports whether the contract has an end of each kind.
func (s *Server) Endable() bool {
	return !slices.ContainsFunc(s.config.Contract.Kinds(), func(kind string) bool { return len(s.config.Contract.Ends(kind)) == 0 })
}

// newText makes the text of an identifier that goes into paths as it stands.
func newText() string { return random.ID(32) }
