package reference_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"example.org/conform/harness/reference"
)

// A client developer's test: start a server, log in to it, and look at what the client did.
func TestStartForAClientsTest(t *testing.T) {
	t.Parallel()
	server := reference.Start(t, "adaxes-2025.1", func(o *reference.Options) { o.Lifetimes.Session = 0 })
	account := server.Target().Account
	body, err := json.Marshal(map[string]string{"username": account.Username, "password": account.Password.Reveal()})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(server.URL()+"/api/authSessions/create", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d", resp.StatusCode)
	}
	if sessions, tokens := server.Live(); sessions != 1 || tokens != 0 {
		t.Errorf("%d sessions and %d tokens live", sessions, tokens)
	}
	requests := server.Requests()
	if len(requests) != 1 || requests[0].Method != "POST" || requests[0].Path != "/restApi/api/authSessions/create" || requests[0].Status != 200 {
		t.Errorf("the server saw %+v", requests)
	}
	if answered := server.Answered(); answered != 1 {
		t.Errorf("the server answered %d requests, want 1", answered)
	}
}

// A named fault is there for the client to be tested against.
func TestStartWithAFault(t *testing.T) {
	t.Parallel()
	server := reference.Start(t, "adaxes-2025.1", func(o *reference.Options) { o.Fault = "session-created-201" })
	account := server.Target().Account
	body, err := json.Marshal(map[string]string{"username": account.Username, "password": account.Password.Reveal()})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(server.URL()+"/api/authSessions/create", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusCreated {
		t.Errorf("status %d, want the fault's 201", resp.StatusCode)
	}
}
