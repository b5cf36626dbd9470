package adaxes_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
)

var profiles = []string{adaxes.Profile20232, adaxes.Profile20251}

// bench is a server that listens, on its shared address and on one for each instance, and a clock that a test moves.
type bench struct {
	*testing.T
	server    *adaxes.Server
	url       string   // of the shared address, with the base path
	instances []string // of each instance, likewise
	clock     *clock
}

// clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// start makes a server of the configuration and of the later profile, unless the configuration names the other.
func start(t *testing.T, config adaxes.Config) bench {
	t.Helper()
	if config.Profile == "" {
		config.Profile = adaxes.Profile20251
	}
	// Not a multiple of any unit of time in which answers state times.
	moved := &clock{now: time.Date(2023, 1, 20, 21, 40, 48, 123_456_789, time.UTC)}
	config.Clock = moved.Now
	server, err := adaxes.New(config)
	if err != nil {
		t.Fatal(err)
	}
	b := bench{T: t, server: server, clock: moved}
	t.Cleanup(server.Close) // runs last: the listeners wait for what is under way
	b.url = listen(t, server.Handler())
	for i := range max(1, config.Instances) {
		b.instances = append(b.instances, listen(t, server.Instance(i)))
	}
	return b
}

func listen(t *testing.T, handler http.Handler) string {
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	return listening.URL + adaxes.BasePath
}

// on is the bench with the given instance in place of the shared address.
func (b bench) on(instance int) bench {
	b.url = b.instances[instance]
	return b
}

// reply is an answer with its body read.
type reply struct {
	*testing.T
	status int
	header http.Header
	body   string
}

// do sends a request, with a JSON body where there is one, and headers in pairs of name and value.
func (b bench) do(method, path, body string, header ...string) reply {
	b.Helper()
	answer, err := b.send(method, path, body, header...)
	if err != nil {
		b.Fatal(err)
	}
	return answer
}

// send is do for goroutines, which cannot end a test.
func (b bench) send(method, path, body string, header ...string) (reply, error) {
	r, err := http.NewRequestWithContext(b.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		return reply{}, err
	}
	return reply{b.T, answer.StatusCode, answer.Header, string(read)}, nil
}

// expect checks the status, and what may not be in an answer of it.
func (r reply) expect(status int) reply {
	r.Helper()
	if r.status != status {
		r.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	if status == http.StatusNoContent && (r.body != "" || r.header.Get("Content-Length") != "") {
		r.Errorf("a 204 with Content-Length %q and body %q", r.header.Get("Content-Length"), r.body)
	}
	return r
}

// object is the JSON object of the body.
func (r reply) object() map[string]any {
	r.Helper()
	var object map[string]any
	r.into(&object)
	return object
}

func (r reply) into(value any) {
	r.Helper()
	if err := json.Unmarshal([]byte(r.body), value); err != nil {
		r.Fatalf("%v in %q", err, r.body)
	}
}

// names are the names of the body's members, in the order of the answer.
func (r reply) names() []string {
	r.Helper()
	var names []string
	decoder := json.NewDecoder(strings.NewReader(r.body))
	_, _ = decoder.Token() // the brace
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			r.Fatal(err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			r.Fatal(err)
		}
		names = append(names, name.(string))
	}
	return names
}

func (r reply) expectNames(want ...string) {
	r.Helper()
	if got := r.names(); !slices.Equal(got, want) {
		r.Errorf("members %q, want %q", got, want)
	}
}

// fault is the vendor's error object.
type fault struct {
	Message, Code string
	ModelState    map[string][]string
	InnerError    *struct {
		Message, Code string
		AttemptsLeft  *int
	}
}

func (r reply) fault() fault {
	r.Helper()
	var f fault
	r.into(&f)
	return f
}

type session struct {
	SessionID    string
	ExpiresAtUtc string
}

type ticket struct {
	ID, Token, Sid, ExpiresAtUtc string
	Applications                 []string
	service                      string // the Adm-Service value of the answer
}

// text is a JSON object of strings.
func text(members map[string]string) string {
	written, _ := json.Marshal(members) // strings always have a JSON form
	return string(written)
}

// attempt asks for a session.
func (b bench) attempt(username, password string) reply {
	b.Helper()
	return b.do("POST", "/api/authSessions/create", text(map[string]string{"username": username, "password": password}))
}

// logIn gives the ordinary account a session.
func (b bench) logIn() (made session) {
	b.Helper()
	account := b.server.Accounts()[adaxes.Ordinary]
	b.attempt(account.Username, account.Password).expect(200).into(&made)
	return made
}

// obtain asks for a token.
func (b bench) obtain(s session) reply {
	b.Helper()
	return b.do("POST", "/api/auth", text(map[string]string{"sessionId": s.SessionID}))
}

func (b bench) issue(s session) ticket {
	b.Helper()
	return b.obtain(s).ticket()
}

func (r reply) ticket() ticket {
	r.Helper()
	made := ticket{service: r.header.Get("Adm-Service")}
	r.expect(200).into(&made)
	return made
}

func (b bench) renew(credential, token string) reply {
	b.Helper()
	return b.do("PATCH", "/api/auth?token="+url.QueryEscape(token), "", "Adm-Authorization", credential)
}

func (b bench) destroy(credential, token string) {
	b.Helper()
	b.do("DELETE", "/api/auth?token="+url.QueryEscape(token), "", "Adm-Authorization", credential).expect(204)
}

func (b bench) terminate(s session) {
	b.Helper()
	b.do("DELETE", "/api/authSessions?id="+url.QueryEscape(s.SessionID), "").expect(204)
}

// read is the status of a request that needs a credential.
func (b bench) read(credential string, header ...string) int {
	b.Helper()
	path := "/api/directoryObjects?directoryObject=" + url.QueryEscape(b.server.Accounts()[adaxes.Ordinary].DN)
	answer := b.do("GET", path, "", append(header, "Adm-Authorization", credential)...)
	if answer.status == 200 && answer.object()["dn"] != b.server.Accounts()[adaxes.Ordinary].DN {
		b.Errorf("another object was read: %s", answer.body)
	}
	return answer.status
}

// expectRead checks what a credential is answered.
func (b bench) expectRead(what, credential string, want int) {
	b.Helper()
	if got := b.read(credential); got != want {
		b.Errorf("reading with %s: %d, want %d", what, got, want)
	}
}

// expectLive checks how many sessions and tokens there are.
func (b bench) expectLive(sessions, tokens int) {
	b.Helper()
	if s, t := b.server.Live(); s != sessions || t != tokens {
		b.Errorf("%d sessions and %d tokens live, want %d and %d", s, t, sessions, tokens)
	}
}
