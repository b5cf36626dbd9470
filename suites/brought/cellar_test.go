package brought

import (
	"crypto/rand"
	"encoding/json"
	"maps"
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

// cellar is a server as its contract in testdata describes it: a form logs in, a cookie is the session, whose time slides and is stated
// nowhere, and who asks with a dead one is nobody, with 200. It is a second reading of that, which the player of contracts is not; what
// breaks is broken there (TestBrokenPlayersAreCaught).
type cellar struct {
	mu       sync.Mutex
	sessions map[string]time.Time // when they were used last
	strayed  []string             // requests that nobody was to send
	lifetime time.Duration
}

const cellarUser, cellarPassword = "keeper", "Bottles-42-Open"

// cellarOthers are accounts beside that, as a target has them.
func cellarOthers() map[string]target.Account {
	return map[string]target.Account{
		target.OddPassword:  {Username: "guest", Password: "R\u00e9d + wh%69te &amp; <ros\u00e9>"},
		target.LongPassword: {Username: "heir", Password: target.Secret(strings.Repeat("Vintage-1982 ", 7))},
	}
}

// inCellar says whose a name is, and whether the password is that one's.
func inCellar(name, password string) (known, right bool) {
	for _, a := range append(slices.Collect(maps.Values(cellarOthers())), target.Account{Username: cellarUser, Password: cellarPassword}) {
		if a.Username == name {
			return true, a.Password.Reveal() == password
		}
	}
	return false, false
}

func (c *cellar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "POST /session":
		c.logIn(w, r)
	case "GET /session":
		var name any
		if _, living := c.living(r); living {
			name = cellarUser
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"user": map[string]any{"name": name}})
	case "DELETE /session":
		id, living := c.living(r)
		if !living {
			http.Error(w, "nobody", http.StatusUnauthorized)
			return
		}
		delete(c.sessions, id)
		w.WriteHeader(http.StatusNoContent)
	default:
		if strings.EqualFold(r.URL.Path, "/bottles") || strings.EqualFold(r.URL.Path, "/password") {
			c.strayed = append(c.strayed, r.Method+" "+r.URL.Path)
		}
		http.Error(w, "no such thing", http.StatusNotFound)
	}
}

func (c *cellar) logIn(w http.ResponseWriter, r *http.Request) {
	media, _, _ := strings.Cut(strings.ToLower(r.Header.Get("Content-Type")), ";")
	if media != "application/x-www-form-urlencoded" {
		http.Error(w, "a form is wanted", http.StatusUnsupportedMediaType)
		return
	}
	if err := r.ParseForm(); err != nil || r.PostForm.Get("lang") == "" || !r.PostForm.Has("user") || !r.PostForm.Has("secret") {
		http.Error(w, "not what is wanted", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, right := inCellar(r.PostForm.Get("user"), r.PostForm.Get("secret")); !right {
		_, _ = w.Write([]byte("Fails."))
		return
	}
	id := rand.Text()
	c.sessions[id] = time.Now()
	http.SetCookie(w, &http.Cookie{Name: "CELLAR", Value: id, HttpOnly: true})
	_, _ = w.Write([]byte("Ok."))
}

// living is the session that a request carries, and whether it lives.
func (c *cellar) living(r *http.Request) (string, bool) {
	cookie, err := r.Cookie("CELLAR")
	if err != nil {
		return "", false
	}
	used, known := c.sessions[cookie.Value]
	if !known || time.Since(used) >= c.lifetime {
		return cookie.Value, false
	}
	c.sessions[cookie.Value] = time.Now()
	return cookie.Value, true
}

// judged is the report on a server that is judged by a contract of testdata, by some of its checks.
func judged(t *testing.T, contract *Contract, server *target.Target, only string) verdict.Run {
	t.Helper()
	server.Profile, server.MaxWait = contract.Profile, 40*time.Second
	server.Limits = target.Limits{BadLogins: 16, Timeout: 10 * time.Second}
	run, err := runner.New(runner.Options{
		Systems: []check.System{contract.System()}, Suite: "conform", LabelFilter: only, Targets: []*target.Target{server},
	})
	if err != nil {
		t.Fatal(err)
	}
	return run.Do(t.Context(), nil).Runs[0]
}

// whole expects that a run has judged everything, and found nothing; but for what needs TLS.
func whole(t *testing.T, r verdict.Run, least int) {
	t.Helper()
	if r.Verdict != verdict.Conformant || len(r.Checks) < least || len(r.LeftBehind) > 0 {
		t.Errorf("%s of %d checks: %s; left behind: %v", r.Verdict, len(r.Checks), r.Reason, r.LeftBehind)
	}
	for _, c := range r.Checks {
		if c.Status != verdict.Passed && c.Status != verdict.Noted && !strings.HasSuffix(c.ID, "/http-2") && !strings.HasSuffix(c.ID, "/cookie-secure") {
			t.Errorf("%s is %s: %s", c.ID, c.Status, c.Reason)
		}
	}
}

// A server that keeps a contract which names no requirement at all is conformant, and is sent nothing that no life needs.
func TestCellarIsConformant(t *testing.T) {
	t.Parallel()
	contract, err := Read(Options{Contract: "testdata/cellar.json"})
	if err != nil {
		t.Fatal(err)
	}
	c := &cellar{sessions: map[string]time.Time{}, lifetime: 4 * time.Second}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	whole(t, judged(t, contract, &target.Target{
		URL: server.URL, Account: target.Account{Username: cellarUser, Password: cellarPassword}, Accounts: cellarOthers(), Lifetimes: target.Lifetimes{Session: c.lifetime},
	}, ""), 60)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.strayed) > 0 {
		t.Errorf("%v was sent", c.strayed)
	}
}
