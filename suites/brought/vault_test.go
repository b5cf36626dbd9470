package brought

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// vault is a server as its contract in testdata describes it: a token in a header, which an identifier names where it ends.
type vault struct {
	mu       sync.Mutex
	tokens   map[string]vaultToken
	ended    map[string]vaultToken
	lifetime time.Duration
	fault    string
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
	mux.HandleFunc("GET /files", func(w http.ResponseWriter, r *http.Request) {
		list := func(w http.ResponseWriter, r *http.Request, _ string) {
			if r.URL.Query().Get("limit") == "" {
				http.Error(w, "{}", http.StatusBadRequest)
				return
			}
			_, _ = w.Write([]byte("[]"))
		}
		if v.fault == "open-files" {
			w.Header().Set("Content-Type", "application/json")
			list(w, r, "")
			return
		}
		v.authorized(list)(w, r)
	})
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
	if *login.Name != cellarUser || *login.Password != cellarPassword {
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
		if text == "" && v.fault != "no-query" {
			text = r.URL.Query().Get("key")
		}
		held, known := v.tokens[text]
		if ended, was := v.ended[text]; was && v.fault == "refreshes-ended" && strings.HasSuffix(r.URL.Path, "/refresh") {
			held, known = ended, true
		}
		if !known || !time.Now().Before(held.ends) {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		act(w, r, text)
	}
}

func (v *vault) end(w http.ResponseWriter, r *http.Request, by string) {
	for text, held := range v.tokens {
		if held.id == r.PathValue("id") && r.PathValue("user") == cellarUser {
			v.ended[text] = held
			if delete(v.tokens, text); v.fault == "ends-caller" {
				delete(v.tokens, by)
			}
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	status := http.StatusNotFound
	if v.fault == "always-gone" {
		status = http.StatusNoContent
	}
	w.WriteHeader(status)
}

func judgedVault(t *testing.T, fault, only string, allowed ...string) verdict.Run {
	t.Helper()
	contract, err := Read(Options{Contract: "testdata/vault.yaml", Allowed: allowed})
	if err != nil {
		t.Fatal(err)
	}
	v := &vault{tokens: map[string]vaultToken{}, ended: map[string]vaultToken{}, lifetime: 2400 * time.Millisecond, fault: fault}
	server := httptest.NewServer(v.handler())
	t.Cleanup(server.Close)
	run, err := runner.New(runner.Options{Systems: []check.System{contract.System()}, Suite: "conform", LabelFilter: only, Targets: []*target.Target{{
		Profile: contract.Profile, URL: server.URL, Account: target.Account{Username: cellarUser, Password: cellarPassword},
		Lifetimes: target.Lifetimes{Token: v.lifetime}, MaxWait: 20 * time.Second, Limits: target.Limits{BadLogins: 8, Timeout: 10 * time.Second},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	report := run.Do(t.Context(), nil).Runs[0]
	if len(report.LeftBehind) > 0 {
		t.Errorf("left behind: %v", report.LeftBehind)
	}
	return report
}

func TestVaultIsConformant(t *testing.T) {
	t.Parallel()
	r := judgedVault(t, "", "", "files")
	if r.Verdict != verdict.Conformant {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	for _, c := range r.Checks {
		if c.Status != verdict.Passed && c.Status != verdict.Noted && !strings.HasSuffix(c.ID, "/http-2") {
			t.Errorf("%s is %s: %s", c.ID, c.Status, c.Reason)
		}
	}
	if len(r.Checks) < 80 {
		t.Errorf("%d checks", len(r.Checks))
	}
}

func TestBrokenVaultsAreCaught(t *testing.T) {
	t.Parallel()
	for fault, requirement := range map[string]string{
		"ends-caller":     "GEN-me-LIVES-ON-ENDS-ANOTHER",
		"always-gone":     "GEN-tokens.delete-AGAIN",
		"no-query":        "GEN-me-ACCEPTED-BY-query",
		"refreshes-ended": "GEN-tokens.refresh-REJECTED-ENDED",
		"open-files":      "GEN-files-REJECTED-NONE",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r := judgedVault(t, fault, fmt.Sprintf("%s && !sweep", requirement), "files")
			if !slices.ContainsFunc(r.Checks, func(c verdict.Check) bool {
				return c.Requirements[0] == requirement && (c.Status == verdict.Failed || c.Status == verdict.Warned)
			}) {
				t.Errorf("%s: %+v", r.Verdict, r.Checks)
			}
		})
	}
}
