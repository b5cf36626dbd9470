package aria

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference/kernel"
)

func TestAuthorization(t *testing.T) {
	b := start(t, Config{Schemes: []string{SchemeOpsToken, SchemeVRealizeOpsToken}})
	token := b.token().Token
	for authorization, status := range map[string]int{
		"OpsToken " + token: 200, "vRealizeOpsToken " + token: 200, "opstoken  " + token: 200,
		"Bearer " + token: 401, token: 401, "OpsToken": 401, "OpsToken x": 401, "OpsToken " + token + "0": 401,
		"OpsToken " + strings.ToUpper(token): 401,
	} {
		if got := b.probe(authorization); got != status {
			t.Errorf("%.12q…: %d", authorization, got)
		}
	}
	got := b.send(http.MethodGet, "/api/auth/currentuser", "")
	if challenges := got.header.Values("WWW-Authenticate"); got.status != 401 || len(challenges) != 3 || !strings.HasPrefix(challenges[0], "OpsToken ") {
		t.Errorf("without a token: %d %v", got.status, got.header)
	}
}

func TestValiditySlides(t *testing.T) {
	const lifetime = 10 * time.Second
	b := start(t, Config{Config: kernel.Config{TokenLifetime: lifetime}})
	used, idle := "vRealizeOpsToken "+b.token().Token, "vRealizeOpsToken "+b.token().Token
	for range 5 {
		b.clock.pass(lifetime - time.Second)
		if b.probe(used) != http.StatusOK {
			t.Fatal("a token in use has ended")
		}
	}
	if b.probe(idle) != http.StatusUnauthorized || live(b.Server) != 1 {
		t.Error("an idle token lives on")
	}
	b.clock.pass(lifetime)
	for range 2 { // a rejected call brings nothing back
		if b.probe(used) != http.StatusUnauthorized || live(b.Server) != 0 {
			t.Error("a token lives on that was left idle after its use")
		}
	}
	b.clock.pass(lifetime)
	b.token()
	if n := b.tokens.Size(); n != 1 {
		t.Errorf("%d tokens are kept, 1 of them alive", n)
	}
}

func TestRelease(t *testing.T) {
	b := start(t, Config{})
	one, other := "vRealizeOpsToken "+b.token().Token, "vRealizeOpsToken "+b.token().Token
	release := func(authorization string) answered {
		return b.send(http.MethodPost, "/api/auth/token/release", "", "Authorization", authorization)
	}
	if got := release(one); got.status != http.StatusOK || got.body != "" {
		t.Errorf("a release: %d %q", got.status, got.body)
	}
	if b.probe(one) != http.StatusUnauthorized || b.probe(other) != http.StatusOK || release(one).status != http.StatusUnauthorized {
		t.Error("the release ended another token than its own")
	}
	if live(b.Server) != 1 {
		t.Errorf("%d tokens live", live(b.Server))
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	b := start(t, Config{})
	user := b.Sources()[0].Accounts[0]
	body := []byte(login(user.Username, user.Password, "local"))
	const clients, rounds = 8, 20
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for range rounds {
				w := httptest.NewRecorder()
				b.Handler().ServeHTTP(w, request(t, http.MethodPost, "/api/auth/token/acquire", "", body))
				var token authToken
				if err := json.Unmarshal(w.Body.Bytes(), &token); err != nil {
					t.Errorf("acquiring: %d", w.Code)
					return
				}
				for _, step := range []struct {
					method, path string
					status       int
				}{
					{http.MethodGet, "/api/auth/currentuser", 200}, {http.MethodPost, "/api/auth/token/release", 200},
					{http.MethodGet, "/api/auth/currentuser", 401},
				} {
					w := httptest.NewRecorder()
					b.Handler().ServeHTTP(w, request(t, step.method, step.path, "vRealizeOpsToken "+token.Token, nil))
					if w.Code != step.status {
						t.Errorf("%s %s: %d", step.method, step.path, w.Code)
					}
				}
			}
		})
	}
	wg.Wait()
	if live(b.Server) != 0 {
		t.Errorf("%d tokens live", live(b.Server))
	}
}

func request(t *testing.T, method, path, authorization string, body []byte) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), method, BasePath+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

func TestClosedAndRefusedConfig(t *testing.T) {
	b := start(t, Config{Config: kernel.Config{Latency: time.Hour}})
	b.Server.Close()
	if got := b.acquire("{}"); got.status != http.StatusServiceUnavailable {
		t.Errorf("a closed server answers %d", got.status)
	}
	b.tokens.Add(Token{Text: "late"})
	if kept := b.tokens.Size(); kept != 0 {
		t.Error("a closed server keeps a token")
	}
	if _, err := New(Config{Config: kernel.Config{TokenLifetime: -1}}); err == nil {
		t.Error("a negative lifetime is taken")
	}
}
