// Package door is a fifth system as a test of the house: what its contract says of its tokens' lives is tried without a line of Go.
package door

import (
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/brought"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// judged is the report on a door whose rules are changed.
func judged(t *testing.T, change func(*doorRules)) verdict.Run {
	t.Helper()
	var config doorConfig
	config.TokenLifetime = 2400 * time.Millisecond
	change(&config.Rules)
	server, err := newDoor(config)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(func() {
		server.Close()
		listening.Close()
	})
	contract, err := brought.Read(brought.Options{Contract: "door-1.yaml", Catalogue: "door.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	run, err := runner.New(runner.Options{Systems: []check.System{contract.System()}, Suite: "conform", Targets: []*target.Target{{
		Profile: "door-1", URL: listening.URL, Account: target.Account{Username: keeper, Password: target.Secret(server.password)},
		Accounts: map[string]target.Account{
			target.OddPassword:  {Username: "guest", Password: target.Secret(guests["guest"])},
			target.LongPassword: {Username: "heir", Password: target.Secret(guests["heir"])},
		},
		Lifetimes: target.Lifetimes{Token: config.TokenLifetime}, MaxWait: 4 * time.Second,
		Limits: target.Limits{BadLogins: 16, Timeout: 10 * time.Second},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return run.Do(t.Context(), nil).Runs[0]
}

// A door that keeps its document is conformant, and nothing was left out.
func TestDoorIsConformant(t *testing.T) {
	t.Parallel()
	r := judged(t, func(*doorRules) {})
	if r.Verdict != verdict.Conformant {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	for _, c := range r.Checks {
		// What a server may decline is noted, and HTTP/2 is tried over TLS alone.
		if c.Status != verdict.Passed && c.Status != verdict.Noted && !strings.HasSuffix(c.ID, "/http-2") {
			t.Errorf("%s is %s: %s", c.ID, c.Status, c.Reason)
		}
	}
	if len(r.Checks) < 110 {
		t.Errorf("%d checks", len(r.Checks))
	}
}

// A broken one is told what it broke.
func TestBrokenDoorsAreCaught(t *testing.T) {
	t.Parallel()
	for requirement, change := range map[string]func(*doorRules){
		"DOR-END-02": func(r *doorRules) {
			r.KeepEnded = time.Hour
			r.Live = func(c *doorCall, t token) bool { return c.Now.Before(t.ExpiresAt) }
		},
		"DOR-EXP-01": func(r *doorRules) {
			// Half a life early: a busy machine looks no closer to the end than its logins are fast.
			r.Live = func(c *doorCall, t token) bool { return t.Live(c.Now.Add(1200 * time.Millisecond)) }
		},
		"DOR-LOG-08": func(r *doorRules) {
			r.Edit = func(_ *doorCall, a *doorAnswer) {
				for i, cookie := range a.Header["Set-Cookie"] {
					a.Header["Set-Cookie"][i] = strings.ReplaceAll(cookie, "; HttpOnly", "")
				}
			}
		},
	} {
		t.Run(requirement, func(t *testing.T) {
			t.Parallel()
			r := judged(t, change)
			if !slices.ContainsFunc(r.Checks, func(c verdict.Check) bool {
				return c.Requirements[0] == requirement && (c.Status == verdict.Failed || c.Status == verdict.Warned)
			}) {
				t.Errorf("%s: no check of %s failed", r.Verdict, requirement)
			}
		})
	}
}

// README counts the lines of each file of the walk.
func TestReadmeCountsLines(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	counted := regexp.MustCompile("`([a-z0-9_-]+\\.(?:yaml|go))` \\((\\d+) lines\\)").FindAllStringSubmatch(string(readme), -1)
	if len(counted) != 3 {
		t.Fatalf("README counts %v", counted)
	}
	for _, file := range counted {
		text, err := os.ReadFile(file[1])
		if lines := strconv.Itoa(strings.Count(string(text), "\n")); err != nil || lines != file[2] {
			t.Errorf("%s has %s lines, README says %s (%v)", file[1], lines, file[2], err)
		}
	}
}
