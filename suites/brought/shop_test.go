package brought

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// shop is a server as its contract in testdata describes it: the name and the password go in the query.
func shop(forgiving bool) http.Handler {
	var tokens sync.Map
	mux := http.NewServeMux()
	mux.HandleFunc("GET /user/login", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if query.Get("username") != cellarUser || query.Get("password") != cellarPassword && !forgiving {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		token := rand.Text()
		tokens.Store(token, true)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"token": token})
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if _, known := tokens.Load(r.Header.Get("X-Key")); !known {
			http.Error(w, "no", http.StatusUnauthorized)
		}
	})
	return mux
}

func judgedShop(t *testing.T, forgiving bool, only string) verdict.Run {
	t.Helper()
	contract, err := Read(Options{Contract: "testdata/shop.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(shop(forgiving))
	t.Cleanup(server.Close)
	run, err := runner.New(runner.Options{Systems: []check.System{contract.System()}, Suite: "conform", LabelFilter: only, Targets: []*target.Target{{
		Profile: contract.Profile, URL: server.URL, Account: target.Account{Username: cellarUser, Password: cellarPassword},
		Limits: target.Limits{BadLogins: 8, Timeout: target.DefaultTimeout},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return run.Do(t.Context(), nil).Runs[0]
}

// A password in the query is sent, tried wrongly, and withheld, as one in a body is.
func TestPasswordInTheQuery(t *testing.T) {
	t.Parallel()
	r := judgedShop(t, false, "")
	if r.Verdict != verdict.Conformant {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	if report, err := json.Marshal(r); err != nil || strings.Contains(string(report), cellarPassword) {
		t.Errorf("the password is in the report (%v)", err)
	}
	const wrong = "GEN-logIn-REJECTED-WRONG-PASSWORD"
	r = judgedShop(t, true, wrong+" && !sweep")
	if !slices.ContainsFunc(r.Checks, func(c verdict.Check) bool { return c.Requirements[0] == wrong && c.Status == verdict.Failed }) {
		t.Errorf("%s: whoever lets any password in is not caught", r.Verdict)
	}
}
