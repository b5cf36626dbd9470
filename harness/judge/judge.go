// Package judge holds clients to what documents ask of them. It stands between the network and a server that is played, sees what came and
// what went out, and knows by the contract which credentials the client was given, what it did with them, and what it has not ended. What it
// asks are the requirements of the catalogues that bind clients; how each is judged is a rule, written once for any API.
//
// A client is blamed for what it could know alone: a credential that the server ended early, or an answer that never reached it, is held
// against nobody.
package judge

import (
	"crypto/sha256"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/redact"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/specs"
)

// Judge judges the clients of one server. It is safe for concurrent use.
type Judge struct {
	contract *openapi.Document
	asked    []*asked          // in the order of the catalogue
	duties   map[string]*asked // by what they ask
	known    chan struct{}     // closed when the server is known

	redactor redact.Redactor

	mu      sync.Mutex
	started time.Time
	target  *target.Target
	base    string // path below which the API lies

	credentials []*credential
	byText      map[string]*credential // by kind and each of its names
	secrets     map[digest]string      // what they are called
	doubtful    []doubt
	refusedOnce map[tried]bool
	logins      map[string][]*credential // by account, in their order
	requests    int
	tries       int // logins that reached the server
	granted     int // of these
	refused     int
}

type digest [sha256.Size]byte

// tried is a password that was sent for an account.
type tried struct {
	account  string
	password digest
}

// doubt is a text in a credential's place that nobody was known to have been given when it came.
type doubt struct {
	place openapi.Place
	text  string
	at    *exchange
}

// New returns the judge of clients of the API that a contract describes, by the requirements of the catalogue that bind them.
func New(contract *openapi.Document, catalogue *specs.Catalogue) *Judge {
	j := &Judge{
		contract: contract, duties: map[string]*asked{}, known: make(chan struct{}), started: time.Now(), byText: map[string]*credential{},
		secrets: map[digest]string{}, refusedOnce: map[tried]bool{}, logins: map[string][]*credential{},
	}
	for _, r := range catalogue.OfClient(contract.Profile()) {
		a := &asked{Requirement: r}
		j.asked = append(j.asked, a)
		for _, duty := range r.Duties { // what a vendor says stands before what is said of any API
			if j.duties[duty] == nil {
				j.duties[duty] = a
			}
		}
	}
	return j
}

// ForProfile returns the judge of clients of a profile that is built in.
func ForProfile(profile string) (*Judge, error) {
	contract, err := openapi.Load(profile)
	if err != nil {
		return nil, err
	}
	catalogue, err := specs.ForProfile(profile)
	if err != nil {
		return nil, err
	}
	return New(contract, catalogue), nil
}

// Know tells the judge of the server, by its description: where it is, and whose accounts it has. Requests wait for that.
func (j *Judge) Know(t *target.Target) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.target = t
	if u, err := url.Parse(t.URL); err == nil {
		j.base = strings.TrimSuffix(u.Path, "/")
	}
	j.password("password", t.Account)
	for name, account := range t.Accounts {
		j.password("password-of-"+name, account)
	}
	close(j.known)
}

func (j *Judge) password(name string, of target.Account) {
	if text := of.Password.Reveal(); text != "" {
		j.redactor.Add(name, text)
		j.secrets[sha256.Sum256([]byte(text))] = "password"
	}
}

// Scrub replaces every secret that has come or gone by its name.
func (j *Judge) Scrub(text string) string { return j.redactor.Scrub(text) }

// secret makes a text one that may stand in no report.
func (j *Judge) secret(kind, text string) {
	if text == "" {
		return
	}
	j.redactor.Call(kind, text, 1)
	if d := sha256.Sum256([]byte(text)); j.secrets[d] == "" && len(text) >= shortest {
		j.secrets[d] = kind
	}
}

// shortest is the shortest secret that is known again in a URL: shorter texts stand there for many reasons.
const shortest = 6

// account is one name for each of the names of an account.
func (j *Judge) account(name string) string {
	for _, a := range append([]target.Account{j.target.Account}, slices.Collect(maps.Values(j.target.Accounts))...) {
		user, _, _ := strings.Cut(a.Username, "@")
		for _, other := range []string{a.Username, a.DownLevelName, user} {
			if other != "" && strings.EqualFold(other, name) {
				return strings.ToLower(a.Username)
			}
		}
	}
	return strings.ToLower(name)
}
