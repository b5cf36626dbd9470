package bluecat_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"example.org/conform/harness/fault"
	faults "example.org/conform/harness/fault/bluecat"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/specs"
)

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// requirements are those of the only profile.
func requirements(t *testing.T) []specs.Requirement {
	t.Helper()
	c, err := specs.ForProfile(bluecat.Profile)
	if err != nil {
		t.Fatal(err)
	}
	if got := faults.Catalogue().Profiles; len(c.Profiles) != 1 || !slices.Equal(got, []string{c.Profiles[0].ID}) {
		t.Fatalf("profiles %q, and those of the requirements %v", got, c.Profiles)
	}
	return c.In(bluecat.Profile)
}

func TestNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	name := func(kind, name, story string, apply bool) {
		if !kebab.MatchString(name) || seen[kind+name] {
			t.Errorf("%s %q: the name is not of words joined by hyphens, or comes twice", kind, name)
		}
		seen[kind+name] = true
		if story == "" || !apply {
			t.Errorf("%s %s has no story, or changes nothing", kind, name)
		}
	}
	for _, f := range faults.Catalogue().Faults {
		name("fault", f.Name, f.Story, f.Apply != nil)
	}
	for _, v := range faults.Catalogue().Variants {
		name("variant", v.Name, v.Story, v.Apply != nil)
	}
}

// What a fault breaks is a promise that a check can fail on; and a promise that no fault breaks has a check that
// nothing shows to be worth anything.
func TestFaultsAndPromises(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	all := requirements(t)
	for _, f := range faults.Catalogue().Faults {
		broken[f.Requirement] = true
		if f.Reason == "" {
			t.Errorf("%s does not say what a report on it must say", f.Name)
		}
		if !slices.ContainsFunc(all, func(r specs.Requirement) bool { return r.ID == f.Requirement && r.Level != specs.Note }) {
			t.Errorf("%s breaks %s, which is no MUST and no SHOULD of the catalogue", f.Name, f.Requirement)
		}
	}
	for _, r := range all {
		if r.Level != specs.Note && !broken[r.ID] && !fault.Exempts(faults.Catalogue().Exempt, bluecat.Profile, r.ID) {
			t.Errorf("no fault breaks %s: %s", r.ID, r.Statement)
		}
	}
}

// client uses one server as a program does that trusts it.
type client struct {
	t    *testing.T
	base string
	user bluecat.User
}

func start(t *testing.T, apply func(*bluecat.Config)) client {
	t.Helper()
	var config bluecat.Config
	apply(&config)
	server, err := bluecat.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(func() {
		server.Close()
		listening.Close()
	})
	return client{t, listening.URL, server.User()}
}

func (c client) do(method, path, credentials, contentType string, body any) (int, map[string]any) {
	c.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, bytes.NewReader(sent))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	if credentials != "" {
		request.Header.Set("Authorization", "Basic "+credentials)
	}
	request.Header.Set("Accept", "*/*")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	var members map[string]any
	_ = json.Unmarshal(data, &members) // an answer without an object has no members
	return response.StatusCode, members
}

func (c client) login() (int, map[string]any) {
	c.t.Helper()
	return c.do(http.MethodPost, "/api/v2/sessions", "", bluecat.JSON, map[string]string{"username": c.user.Name, "password": c.user.Password})
}

// A fault leaves a server that answers: without a first good login no check would get any further.
func TestServerAnswersUnderEveryFault(t *testing.T) {
	t.Parallel()
	for _, f := range faults.Catalogue().Faults {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			if status, _ := start(t, f.Apply).login(); status/100 != 2 {
				t.Errorf("a good login is answered %d", status)
			}
		})
	}
}

// A fault that is applied twice keeps no count between the servers: each one begins anew.
func TestFaultsKeepNothingBetweenServers(t *testing.T) {
	t.Parallel()
	for _, f := range faults.Catalogue().Faults {
		first, second := start(t, f.Apply), start(t, f.Apply)
		a, _ := first.login()
		b, _ := second.login()
		if a != b {
			t.Errorf("%s: the first login of one server is answered %d, of another %d", f.Name, a, b)
		}
	}
}

// A variant keeps everything that the document promises to a client that does all right.
func TestVariantsKeepTheDocument(t *testing.T) {
	t.Parallel()
	for _, v := range faults.Catalogue().Variants {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			c := start(t, v.Apply)
			want := func(want int, what string, status int) {
				t.Helper()
				if status != want {
					t.Fatalf("%s is answered %d, want %d", what, status, want)
				}
			}
			status, session := c.login()
			want(http.StatusCreated, "a good login", status)
			given, _ := session["basicAuthenticationCredentials"].(string)
			token, _ := session["apiToken"].(string)
			for _, credentials := range []string{given, bluecat.BasicCredentials(c.user.Name, token)} {
				status, _ = c.do(http.MethodGet, "/api/v2/configurations", credentials, "", nil)
				want(http.StatusOK, "the probe", status)
			}
			status, _ = c.do(http.MethodGet, "/api/v2/configurations", bluecat.BasicCredentials("nobody", token), "", nil)
			want(http.StatusUnauthorized, "the token under another name", status)
			status, _ = c.do(http.MethodPatch, "/api/v2/sessions/current", given, bluecat.MergePatch, map[string]string{"state": bluecat.LoggedOut})
			if v.Name == "nothing-beyond-the-document" {
				want(http.StatusNotFound, "a logout, which is beyond it,", status)
				return
			}
			want(http.StatusOK, "a logout", status)
			status, _ = c.do(http.MethodGet, "/api/v2/configurations", given, "", nil)
			want(http.StatusUnauthorized, "the token of an ended session", status)
		})
	}
}
