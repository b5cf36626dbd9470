package aria

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) tell() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a server on a loopback port, with a clock of its own.
type bench struct {
	*testing.T
	*Server
	clock *clock
	http  *httptest.Server
}

// live counts the tokens of a server.
func live(s *Server) int {
	_, tokens := s.Live()
	return tokens
}

func start(t *testing.T, config Config) *bench {
	t.Helper()
	c := &clock{now: time.Date(2016, 8, 5, 12, 22, 5, 35_000_000, time.UTC)}
	config.Clock = c.tell
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { server.Close(); s.Close() })
	return &bench{t, s, c, server}
}

type answered struct {
	status int
	header http.Header
	body   string
}

func (b *bench) send(method, path, body string, header ...string) answered {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), method, b.http.URL+BasePath+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := b.http.Client().Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answered{response.StatusCode, response.Header, string(data)}
}

func login(username, password, source string) string {
	members := map[string]string{"username": username, "password": password}
	if source != "" {
		members["authSource"] = source
	}
	text, _ := json.Marshal(members) // strings always have a JSON form
	return string(text)
}

func (b *bench) acquire(body string, header ...string) answered {
	b.Helper()
	return b.send(http.MethodPost, "/api/auth/token/acquire", body, header...)
}

type authToken struct {
	Token, ExpiresAt string
	Validity         int64
	Roles            []string
}

func (b *bench) token() authToken {
	b.Helper()
	user := b.Sources()[0].Accounts[0]
	got := b.acquire(login(user.Username, user.Password, ""))
	var t authToken
	if err := json.Unmarshal([]byte(got.body), &t); err != nil || got.status != http.StatusOK || t.Token == "" {
		b.Fatalf("acquiring a token: %d %s", got.status, got.body)
	}
	return t
}

func (b *bench) probe(authorization string) int {
	b.Helper()
	return b.send(http.MethodGet, "/api/auth/currentuser", "", "Authorization", authorization).status
}
