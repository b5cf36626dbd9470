package brought

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
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
// nowhere, and who asks with a dead one is nobody, with 200.
type cellar struct {
	mu       sync.Mutex
	sessions map[string]time.Time // when they were used last
	strayed  []string             // requests that nobody was to send
	lifetime time.Duration
	fault    string
}

const cellarUser, cellarPassword = "keeper", "Bottles-42-Open"

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
		switch {
		case !living && c.fault != "anybody-logs-out":
			http.Error(w, "nobody", http.StatusUnauthorized)
			return
		case c.fault == "ends-nothing":
		case c.fault == "ends-all":
			clear(c.sessions)
		default:
			delete(c.sessions, id)
		}
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
		if c.fault == "falls-over" && err != nil {
			http.Error(w, "oh", http.StatusInternalServerError)
			return
		}
		http.Error(w, "not what is wanted", http.StatusBadRequest)
		return
	}
	secret := r.PostForm.Get("secret")
	right := secret == cellarPassword || c.fault == "half-a-password" && strings.HasPrefix(cellarPassword, secret) && len(secret) > 4
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, living := c.living(r); living && c.fault == "forgives-whom-it-knows" {
		_, _ = w.Write([]byte("Ok."))
		return
	}
	if r.PostForm.Get("user") != cellarUser || !right {
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
	switch {
	case c.fault == "any-cookie":
		return cookie.Value, cookie.Value != ""
	case !known, time.Since(used) >= c.lifetime && c.fault != "never-expires":
		return cookie.Value, false
	}
	if c.fault != "does-not-slide" {
		c.sessions[cookie.Value] = time.Now()
	}
	return cookie.Value, true
}

// judgedCellar is the report on a cellar with a fault, and what it was sent that it was not to be sent.
func judgedCellar(t *testing.T, fault, only string) (verdict.Run, []string) {
	t.Helper()
	contract, err := Read(Options{Contract: "testdata/cellar.json"})
	if err != nil {
		t.Fatal(err)
	}
	c := &cellar{sessions: map[string]time.Time{}, lifetime: 4 * time.Second, fault: fault}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	run, err := runner.New(runner.Options{Systems: []check.System{contract.System()}, Suite: "conform", LabelFilter: only, Targets: []*target.Target{{
		Profile: contract.Profile, URL: server.URL, Account: target.Account{Username: cellarUser, Password: cellarPassword},
		Lifetimes: target.Lifetimes{Session: c.lifetime}, MaxWait: 40 * time.Second, Limits: target.Limits{BadLogins: 8, Timeout: 10 * time.Second},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	report := run.Do(t.Context(), nil).Runs[0]
	c.mu.Lock()
	defer c.mu.Unlock()
	return report, c.strayed
}

// A server that keeps a contract which names no requirement at all is conformant, and is sent nothing that no life needs.
func TestCellarIsConformant(t *testing.T) {
	t.Parallel()
	r, strayed := judgedCellar(t, "", "")
	if r.Verdict != verdict.Conformant {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	for _, c := range r.Checks {
		if c.Status != verdict.Passed && c.Status != verdict.Noted && !strings.HasSuffix(c.ID, "/http-2") && !strings.HasSuffix(c.ID, "/cookie-secure") {
			t.Errorf("%s is %s: %s", c.ID, c.Status, c.Reason)
		}
	}
	if len(strayed) > 0 || len(r.Checks) < 60 {
		t.Errorf("%d checks, and %v was sent", len(r.Checks), strayed)
	}
}

// A broken one is told which requirement it breaks.
func TestBrokenCellarsAreCaught(t *testing.T) {
	t.Parallel()
	// What is hostile sweeps; of the others the plain check shows it.
	plain := map[string]string{"falls-over": "sweep"}
	for fault, requirement := range map[string]string{
		"ends-nothing":    "GEN-get-session-REJECTED-ENDED",
		"ends-all":        "GEN-get-session-LIVES-ON-SIBLING-ENDED",
		"half-a-password": "GEN-post-session-REJECTED-WRONG-PASSWORD",
		"any-cookie":      "GEN-get-session-REJECTED-MADE-UP",

		"forgives-whom-it-knows": "GEN-post-session-REJECTED-WRONG-PASSWORD",
		"never-expires":          "GEN-get-session-REJECTED-EXPIRED",
		"does-not-slide":         "GEN-get-session-LIVES-ON-UNTIL-END",
		"falls-over":             "GEN-post-session-NO-SERVER-ERROR",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r, _ := judgedCellar(t, fault, requirement+" && "+cmp.Or(plain[fault], "!sweep"))
			if !slices.ContainsFunc(r.Checks, func(c verdict.Check) bool {
				return c.Requirements[0] == requirement && (c.Status == verdict.Failed || c.Status == verdict.Warned)
			}) {
				t.Errorf("%s: no check of %s failed", r.Verdict, requirement)
			}
		})
	}
}
