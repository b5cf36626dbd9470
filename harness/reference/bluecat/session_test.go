package bluecat_test

import (
	"bytes"
	"net/http"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/openapi"
)

// What a login gives is what the contract says, in both media types.
func TestLoginAsTheContractHasIt(t *testing.T) {
	t.Parallel()
	document, err := openapi.Load(bluecat.Profile)
	if err != nil {
		t.Fatal(err)
	}
	operation, err := document.Operation("createSession")
	if err != nil {
		t.Fatal(err)
	}
	b := start(t, bluecat.Config{})
	for _, c := range []struct{ accept, mediaType string }{
		{"", "application/hal+json"}, {"*/*", "application/hal+json"}, {"application/*", "application/hal+json"},
		{"application/hal+json", "application/hal+json"}, {"application/json", "application/json"},
		{"application/json, */*;q=0.1", "application/json"}, {"application/json;q=0.2, application/hal+json;q=0.9", "application/hal+json"},
	} {
		_, answer := b.logIn("Accept", c.accept)
		if got := answer.Header.Get("Content-Type"); got != c.mediaType {
			t.Errorf("Accept %q: %s", c.accept, got)
		}
		if links := bytes.Contains(answer.body, []byte("_links")); links != (c.mediaType == "application/hal+json") {
			t.Errorf("Accept %q: links %v", c.accept, links)
		}
		for _, d := range operation.Validate(openapi.Answer{Status: answer.StatusCode, Header: answer.Header, Body: answer.body}) {
			t.Errorf("Accept %q: %+v", c.accept, d)
		}
	}
	if answer := b.do("POST", "/api/v2/sessions", "", "application/json", b.credentials(), "Accept", "text/html"); answer.StatusCode != http.StatusNotAcceptable {
		t.Errorf("Accept text/html: %d", answer.StatusCode)
	}
	if live, _ := b.server.Live(); live != 7 {
		t.Errorf("%d sessions live; a login that was not acceptable must open none", live)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{Config: kernel.Config{TokenLifetime: 20 * time.Minute}})
	first, answer := b.logIn()
	second, _ := b.logIn()
	if first.ID != "1" || second.ID != "2" || first.Token == second.Token || len(first.Token) != 40 {
		t.Errorf("sessions %+v and %+v", first, second)
	}
	if want := basic(b.server.User().Name + ":" + first.Token); first.basic() != want {
		t.Errorf("credentials %s, want %s", first.basic(), want)
	}
	if got := answer.Header.Get("Location"); got != "/api/v2/sessions/1" {
		t.Errorf("Location %q", got)
	}
	if !first.Login.Equal(b.clock.Now().Truncate(time.Second)) || first.Expires.Sub(first.Login) != 20*time.Minute+time.Second {
		t.Errorf("from %s to %s: a whole second that has begun, and one that is not over", first.Login, first.Expires)
	}
	if !bytes.Contains(answer.body, []byte(`"loginDateTime":"2023-01-20T21:40:48Z"`)) {
		t.Errorf("dates in %s", answer.body)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{})
	const logout, mediaType = `{"state":"LOGGED_OUT"}`, "application/merge-patch+json"
	first, _ := b.logIn()
	second, _ := b.logIn()
	third, _ := b.logIn()
	for _, c := range []struct {
		title, path, mediaType, body string
		want                         int
	}{
		{"another state", "/api/v2/sessions/current", mediaType, `{"state":"LOGGED_IN"}`, 400},
		{"another media type", "/api/v2/sessions/current", "application/json", logout, 415},
		{"nobody's session", "/api/v2/sessions/99", mediaType, logout, 404},
		{"no id", "/api/v2/sessions/x", mediaType, logout, 404},
		{"a deeper path", "/api/v2/sessions/1/2", mediaType, logout, 404},
		{"current", "/api/v2/sessions/current", mediaType, logout, 200},
	} {
		if answer := b.do("PATCH", c.path, first.basic(), c.mediaType, c.body); answer.StatusCode != c.want {
			t.Errorf("%s: %d %s", c.title, answer.StatusCode, answer.body)
		}
	}
	if got := b.probe(first.basic()); got != 401 {
		t.Errorf("the token of an ended session: %d", got)
	}
	answer := b.do("PATCH", "/api/v2/sessions/"+second.ID.String(), third.basic(), mediaType, logout)
	if !bytes.Contains(answer.body, []byte(`"state":"LOGGED_OUT"`)) || !bytes.Contains(answer.body, []byte(`"logoutDateTime":"2023-`)) {
		t.Errorf("logout by id: %d %s", answer.StatusCode, answer.body)
	}
	if a, c := b.probe(second.basic()), b.probe(third.basic()); a != 401 || c != 200 {
		t.Errorf("after a logout by id: %d for the session, %d for the other", a, c)
	}
	if live, _ := b.server.Live(); live != 1 {
		t.Errorf("%d sessions live", live)
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{})
	made, answer := b.logIn()
	for _, path := range []string{"/api/v2/sessions/current", "/api/v2/sessions/" + made.ID.String()} {
		read := b.do("GET", path, made.basic(), "", "")
		if read.StatusCode != 200 || !bytes.Contains(read.body, []byte(`"id":1,"type":"UserSession"`)) || bytes.Contains(read.body, []byte(made.Token)) {
			t.Errorf("%s: %d %s", path, read.StatusCode, read.body)
		}
	}
	for _, part := range bytes.Split(answer.body, []byte(`"href":"`))[1:] { // every link leads somewhere
		path := string(part[:bytes.IndexByte(part, '"')])
		if path == "/api/v2/sessions" {
			continue // which can be written to alone
		}
		if got := b.do("GET", path, made.basic(), "", "").StatusCode; got != 200 {
			t.Errorf("the link %s: %d", path, got)
		}
	}
	for path, want := range map[string]int{"/api/v2/users/1": 404, "/api/v2/users/x": 404, "/api/v2/nothing": 404, "/": 404, "/api/v2/sessions/": 404} {
		if got := b.do("GET", path, made.basic(), "", "").StatusCode; got != want {
			t.Errorf("%s: %d", path, got)
		}
	}
	if not := b.do("DELETE", "/api/v2/sessions/current", made.basic(), "", ""); not.StatusCode != 405 || not.Header.Get("Allow") != "GET, PATCH" {
		t.Errorf("DELETE: %d, Allow %q", not.StatusCode, not.Header.Get("Allow"))
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{})
	var wg sync.WaitGroup
	ids := make(chan string, 40)
	for range 40 {
		wg.Go(func() {
			made, _ := b.logIn()
			ids <- made.ID.String()
			if got := b.probe(made.basic()); got != 200 {
				b.Errorf("a token of its own: %d", got)
			}
			b.do("PATCH", "/api/v2/sessions/current", made.basic(), "application/merge-patch+json", `{"state":"LOGGED_OUT"}`)
			if got := b.probe(made.basic()); got != 401 {
				b.Errorf("after the logout: %d", got)
			}
		})
	}
	wg.Wait()
	close(ids)
	seen := map[string]bool{}
	for id := range ids {
		seen[id] = true
	}
	if live, _ := b.server.Live(); len(seen) != 40 || live != 0 {
		t.Errorf("%d different ids of 40, %d sessions live", len(seen), live)
	}
}
