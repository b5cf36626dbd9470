package main

import (
	"maps"
	"sync"
	"testing"

	"example.org/conform/harness/reference"
)

// whole is a run that is made once for all tests that look at what it came to. Its folder has gone with the first of them.
type whole struct {
	outcome
	mu   sync.Mutex
	done bool
	// server is the one that was judged, which serves on, or nil where those that are built in were.
	server *reference.Server
	// sessions, tokens and wrong are what the run has left at the server, and the wrong passwords of each account that it has sent.
	sessions, tokens int
	wrong            map[string]int
}

var (
	embeddedRun whole
	wholeMu     sync.Mutex
	wholeRuns   = map[string]*whole{}
)

// embedded is the run of every profile, against the servers that are built in.
func embedded(t *testing.T) *whole {
	t.Helper()
	embeddedRun.mu.Lock()
	defer embeddedRun.mu.Unlock()
	if !embeddedRun.done {
		embeddedRun.outcome = conform(t, nil, "run")
		embeddedRun.done = true
	}
	return &embeddedRun
}

// wholeRun is the run of a profile against a server that lets it do all, but wait: many wrong passwords are allowed, and lifetimes are long.
func wholeRun(t *testing.T, profile string) *whole {
	t.Helper()
	wholeMu.Lock()
	if wholeRuns[profile] == nil {
		wholeRuns[profile] = &whole{}
	}
	w := wholeRuns[profile]
	wholeMu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return w
	}
	server, err := reference.Serve(reference.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	atEnd(server.Close)
	w.outcome = conform(t, nil, "run", "--target-file", describe(t, server))
	w.sessions, w.tokens = server.Live()
	w.server, w.wrong, w.done = server, maps.Clone(server.Wrong()), true
	return w
}
