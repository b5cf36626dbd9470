package brought

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/target"
)

// vault is a server as its contract in testdata describes it: a token in a header, which an identifier names where it ends.
type vault struct {
	mu       sync.Mutex
	tokens   map[string]vaultToken
	lifetime time.Duration
}

type vaultToken struct {
	id   string
	ends time.Time
}

func (v *vault) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /tokens", v.create)
	mux.HandleFunc("POST /tokens/refresh", v.authorized(func(w http.ResponseWriter, _ *http.Request, _ string) { v.give(w) }))
	mux.HandleFunc("DELETE /users/{user}/tokens/{id}", v.authorized(v.end))
	mux.HandleFunc("GET /me", v.authorized(func(w http.ResponseWriter, _ *http.Request, _ string) {
		_ = json.NewEncoder(w).Encode(map[string]string{"name": cellarUser})
	}))
	mux.HandleFunc("GET /files", v.authorized(func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.URL.Query().Get("limit") == "" {
			http.Error(w, "{}", http.StatusBadRequest)
			return
		}
		_, _ = w.Write([]byte("[]"))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		mux.ServeHTTP(w, r)
	})
}

func (v *vault) create(w http.ResponseWriter, r *http.Request) {
	var login struct{ Name, Password *string }
	media, _, _ := strings.Cut(strings.ToLower(r.Header.Get("Content-Type")), ";")
	if media != "application/json" || json.NewDecoder(r.Body).Decode(&login) != nil || login.Name == nil || login.Password == nil {
		http.Error(w, "{}", http.StatusBadRequest)
		return
	}
	if _, right := inCellar(*login.Name, *login.Password); !right {
		http.Error(w, "{}", http.StatusUnauthorized)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.give(w)
}

func (v *vault) give(w http.ResponseWriter) {
	text, made := rand.Text(), vaultToken{rand.Text(), time.Now().Add(v.lifetime)}
	v.tokens[text] = made
	w.Header().Set("X-Subject", text)
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"id": made.id, "expires_at": made.ends.UnixMilli()})
}

// authorized acts for who brings a living token, in the header or in the query.
func (v *vault) authorized(act func(w http.ResponseWriter, r *http.Request, token string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		defer v.mu.Unlock()
		text := r.Header.Get("X-Auth")
		if text == "" {
			text = r.URL.Query().Get("key")
		}
		held, known := v.tokens[text]
		if !known || !time.Now().Before(held.ends) {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		act(w, r, text)
	}
}

func (v *vault) end(w http.ResponseWriter, r *http.Request, _ string) {
	for text, held := range v.tokens {
		if known, _ := inCellar(r.PathValue("user"), ""); known && held.id == r.PathValue("id") {
			delete(v.tokens, text)
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func TestVaultIsConformant(t *testing.T) {
	t.Parallel()
	contract, err := Read(Options{Contract: "testdata/vault.yaml", Allowed: []string{"files"}})
	if err != nil {
		t.Fatal(err)
	}
	v := &vault{tokens: map[string]vaultToken{}, lifetime: 2400 * time.Millisecond}
	server := httptest.NewServer(v.handler())
	t.Cleanup(server.Close)
	whole(t, judged(t, contract, &target.Target{
		URL: server.URL, Account: target.Account{Username: cellarUser, Password: cellarPassword}, Accounts: cellarOthers(), Lifetimes: target.Lifetimes{Token: v.lifetime},
	}, ""), 80)
}
