package adaxes_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"example.org/conform/harness/fault"
	faults "example.org/conform/harness/fault/adaxes"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/specs"
)

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func requirements(t *testing.T) *specs.Catalogue {
	t.Helper()
	c, err := specs.ForProfile("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// profiles are those in which a fault or a variant is.
func profiles(named []string) []string {
	if len(named) == 0 {
		return faults.Catalogue().Profiles
	}
	return named
}

func TestProfilesAreThoseOfTheCatalogueOfRequirements(t *testing.T) {
	var known []string
	for _, p := range requirements(t).Profiles {
		known = append(known, p.ID)
	}
	if got := faults.Catalogue().Profiles; !slices.Equal(got, known) {
		t.Errorf("%q, want %q", got, known)
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	name := func(kind, name, story string, in []string) {
		if !kebab.MatchString(name) {
			t.Errorf("%s %q: the name is not of words joined by hyphens", kind, name)
		}
		if story == "" {
			t.Errorf("%s %s has no story", kind, name)
		}
		for _, p := range in {
			if !slices.Contains(faults.Catalogue().Profiles, p) || seen[kind+p+name] {
				t.Errorf("%s %s is for the profile %q, which is unknown or has it twice", kind, name, p)
			}
			seen[kind+p+name] = true
		}
	}
	for _, f := range faults.Catalogue().Faults {
		name("fault", f.Name, f.Story, f.Profiles)
	}
	for _, v := range faults.Catalogue().Variants {
		name("variant", v.Name, v.Story, v.Profiles)
	}
}

// TestFaultsBreakPromises: what a fault breaks is a promise of each profile that has the fault, and one that a check
// can fail on.
func TestFaultsBreakPromises(t *testing.T) {
	promised := map[[2]string]specs.Level{} // by profile and ID
	for _, profile := range faults.Catalogue().Profiles {
		for _, r := range requirements(t).In(profile) {
			promised[[2]string{profile, r.ID}] = r.Level
		}
	}
	for _, f := range faults.Catalogue().Faults {
		if f.Reason == "" {
			t.Errorf("%s does not say what a report on it must say", f.Name)
		}
		for _, p := range profiles(f.Profiles) {
			level, found := promised[[2]string{p, f.Requirement}]
			if !found {
				t.Errorf("%s breaks %s, which %s does not have", f.Name, f.Requirement, p)
			} else if level == specs.Note {
				t.Errorf("%s breaks %s, which is a NOTE and fails nothing", f.Name, f.Requirement)
			}
		}
	}
}

// TestEveryPromiseIsBroken: a requirement without a fault has a check that nothing shows to be worth anything.
func TestEveryPromiseIsBroken(t *testing.T) {
	all := faults.Catalogue().Faults
	for _, profile := range faults.Catalogue().Profiles {
		for _, r := range requirements(t).In(profile) {
			if r.Level == specs.Note || fault.Exempts(faults.Catalogue().Exempt, profile, r.ID) {
				continue
			}
			if !slices.ContainsFunc(all, func(f fault.Deviation[adaxes.Config]) bool {
				return f.Requirement == r.ID && slices.Contains(profiles(f.Profiles), profile)
			}) {
				t.Errorf("no fault breaks %s in %s: %s", r.ID, profile, r.Statement)
			}
		}
	}
}

// client uses one server as a program does that trusts it.
type client struct {
	t    *testing.T
	base string
	http *http.Client
}

// start serves one instance with a fault or a variant.
func start(t *testing.T, profile string, apply func(*adaxes.Config)) (*client, adaxes.Account) {
	t.Helper()
	config := adaxes.Config{Config: kernel.Config{Profile: profile, Instances: 2}}
	apply(&config)
	server, err := adaxes.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	c := &client{t: t, base: listening.URL + adaxes.BasePath, http: &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.Cleanup(func() {
		c.http.CloseIdleConnections()
		server.Close()
		listening.Close()
	})
	return c, server.Accounts()[adaxes.Ordinary]
}

func (c *client) do(method, path string, query url.Values, credential string, body any) (int, map[string]any) {
	c.t.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		sent = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path+"?"+query.Encode(), sent)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "*/*")
	if credential != "" {
		request.Header.Set("Adm-Authorization", credential)
	}
	// A connection for each request: a variant closes its connections between two of them, and this client does not
	// try again as the suite's own does.
	c.http.CloseIdleConnections()
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	var members map[string]any
	_ = json.Unmarshal(data, &members) // an answer without an object has no members
	return response.StatusCode, members
}

func (c *client) login(account adaxes.Account) (int, map[string]any) {
	c.t.Helper()
	return c.do(http.MethodPost, "/api/authSessions/create", nil, "",
		map[string]any{"username": account.Username, "password": account.Password})
}

func TestServerAnswersUnderEveryFault(t *testing.T) {
	for _, f := range faults.Catalogue().Faults {
		for _, profile := range profiles(f.Profiles) {
			if profile == adaxes.Profile20261 {
				continue // nobody logs in
			}
			t.Run(profile+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				c, account := start(t, profile, f.Apply)
				if status, _ := c.login(account); status/100 != 2 {
					t.Errorf("a good login is answered %d: no check would get any further", status)
				}
			})
		}
	}
}

// TestVariantsKeepTheDocument walks once through everything that the document promises to a client that does all right.
func TestVariantsKeepTheDocument(t *testing.T) {
	for _, v := range faults.Catalogue().Variants {
		for _, profile := range profiles(v.Profiles) {
			if profile == adaxes.Profile20261 {
				continue // nobody logs in: its variants are judged by the suite
			}
			t.Run(profile+"/"+v.Name, func(t *testing.T) {
				t.Parallel()
				c, account := start(t, profile, v.Apply)
				want := func(want int, what string, status int) {
					t.Helper()
					if status != want {
						t.Fatalf("%s is answered %d, want %d", what, status, want)
					}
				}
				probe := func(token string) int {
					status, _ := c.do(http.MethodGet, "/api/directoryObjects", url.Values{"directoryObject": {account.DN}}, token, nil)
					return status
				}
				text := func(members map[string]any, name string) string { s, _ := members[name].(string); return s }

				status, session := c.login(account)
				want(http.StatusOK, "a good login", status)
				status, ticket := c.do(http.MethodPost, "/api/auth", nil, "", map[string]any{"sessionId": session["sessionId"], "type": 0})
				want(http.StatusOK, "a token issue", status)
				token := text(ticket, "token")
				want(http.StatusOK, "the probe", probe(token))
				status, renewed := c.do(http.MethodPatch, "/api/auth", url.Values{"token": {token}}, token, nil)
				want(http.StatusOK, "a renewal", status)
				status, _ = c.do(http.MethodDelete, "/api/authSessions", url.Values{"id": {text(session, "sessionId")}}, "", nil)
				want(http.StatusNoContent, "a termination", status)
				status, _ = c.do(http.MethodDelete, "/api/auth", url.Values{"token": {token}}, token, nil)
				want(http.StatusNoContent, "a destruction", status)
				if status := probe(token); status/100 != 4 {
					t.Errorf("the probe with a destroyed token is answered %d", status)
				}
				want(http.StatusOK, "the probe with the renewed token", probe(text(renewed, "token")))
			})
		}
	}
}
