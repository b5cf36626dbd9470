package bluecat_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/kernel"
)

// bench is a server that listens, and a clock that a test moves.
type bench struct {
	*testing.T
	server *bluecat.Server
	url    string
	clock  *clock
}

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

func start(t *testing.T, config bluecat.Config) bench {
	t.Helper()
	moved := &clock{now: time.Date(2023, 1, 20, 21, 40, 48, 250_000_000, time.UTC)}
	config.Clock = moved.Now
	server, err := bluecat.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(func() {
		server.Close()
		listening.Close()
	})
	return bench{t, server, listening.URL, moved}
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body []byte
}

func (b bench) do(method, path, authorization, contentType, body string, header ...string) reply {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	return reply{answer, read}
}

// login is what a test needs of a session.
type login struct {
	ID          json.Number `json:"id"`
	Token       string      `json:"apiToken"`
	Expires     time.Time   `json:"apiTokenExpirationDateTime"`
	Login       time.Time   `json:"loginDateTime"`
	Credentials string      `json:"basicAuthenticationCredentials"`
}

func (l login) basic() string { return "Basic " + l.Credentials }

func (b bench) credentials() string {
	user := b.server.User()
	body, err := json.Marshal(map[string]string{"username": user.Name, "password": user.Password})
	if err != nil {
		b.Fatal(err)
	}
	return string(body)
}

func (b bench) logIn(header ...string) (login, reply) {
	b.Helper()
	answer := b.do("POST", "/api/v2/sessions", "", "application/json", b.credentials(), header...)
	if answer.StatusCode != http.StatusCreated {
		b.Fatalf("login: %d %s", answer.StatusCode, answer.body)
	}
	var made login
	if err := json.Unmarshal(answer.body, &made); err != nil {
		b.Fatal(err)
	}
	return made, answer
}

func (b bench) probe(authorization string) int {
	b.Helper()
	return b.do("GET", "/api/v2/configurations", authorization, "", "").StatusCode
}

func basic(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }

func (r reply) expectError(t *testing.T, title string, code bluecat.Code) {
	t.Helper()
	var body struct {
		Status                int
		Reason, Code, Message string
	}
	if err := json.Unmarshal(r.body, &body); err != nil {
		t.Errorf("%s: %v in %s", title, err, r.body)
	}
	if body.Status != r.StatusCode || body.Reason == "" || body.Message == "" || body.Code != string(code) {
		t.Errorf("%s: %d %s, want code %s", title, r.StatusCode, r.body, code)
	}
	if got := r.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("%s: an error as %q", title, got)
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{Config: kernel.Config{TokenLifetime: time.Minute}})
	made, _ := b.logIn()
	b.clock.Add(made.Expires.Sub(b.clock.Now()) - time.Nanosecond)
	if got := b.probe(made.basic()); got != 200 {
		t.Errorf("just before the expiry: %d", got)
	}
	b.clock.Add(time.Nanosecond)
	if got := b.probe(made.basic()); got != 401 {
		t.Errorf("at the expiry: %d", got)
	}
	if live, _ := b.server.Live(); live != 0 {
		t.Errorf("%d sessions live", live)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{MaxSessions: 3, Config: kernel.Config{TokenLifetime: time.Minute}})
	var made []login
	for range 5 {
		one, _ := b.logIn()
		made = append(made, one)
		b.clock.Add(time.Second)
	}
	for i, one := range made {
		if got, want := b.probe(one.basic()), map[bool]int{true: 200, false: 401}[i >= 2]; got != want {
			t.Errorf("session %d of 5: %d, want %d", i+1, got, want)
		}
	}
	if live, _ := b.server.Live(); live != 3 {
		t.Errorf("%d sessions live", live)
	}
}

func maxBody(bytes int64) bluecat.Rules {
	return bluecat.Rules{Requests: bluecat.RequestRules{RequestRules: kernel.RequestRules[bluecat.Call, bluecat.Refusal]{MaxBody: bytes}}}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for i, config := range []bluecat.Config{
		{Config: kernel.Config{TokenLifetime: -1}}, {Config: kernel.Config{Latency: -1}}, {MaxSessions: -1}, {Rules: maxBody(-1)},
		{Rules: bluecat.Rules{Seams: bluecat.Seams{KeepEnded: -1}}},
		{Rules: bluecat.Rules{Answers: bluecat.AnswerRules{TimeRules: kernel.TimeRules{TimeUnit: -1}}}},
	} {
		if _, err := bluecat.New(config); err == nil {
			t.Errorf("configuration %d is accepted", i)
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{})
	made, _ := b.logIn()
	b.server.Close()
	b.server.Close()
	if got := b.probe(made.basic()); got != http.StatusServiceUnavailable {
		t.Errorf("after Close: %d", got)
	}
	if live, _ := b.server.Live(); live != 0 {
		t.Errorf("%d sessions live", live)
	}
}
