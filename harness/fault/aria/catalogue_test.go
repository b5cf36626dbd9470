package aria_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	ariafault "example.org/conform/harness/fault/aria"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/specs"
)

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func TestNamesAreUniqueAndTextsSaySomething(t *testing.T) {
	c := ariafault.Catalogue()
	if len(c.Faults) < 27 || len(c.Variants) < 9 {
		t.Errorf("%d faults and %d variants", len(c.Faults), len(c.Variants))
	}
	seen := map[string]bool{}
	entry := func(name, story string, applied bool) {
		if !nameForm.MatchString(name) || seen[name] {
			t.Errorf("%q is malformed or stands twice", name)
		}
		seen[name] = true
		if story == "" || !applied {
			t.Errorf("%s: no story, or nothing to apply", name)
		}
	}
	for _, f := range c.Faults {
		entry(f.Name, f.Story, f.Apply != nil)
		if f.Reason == "" {
			t.Errorf("%s: without a reason it may be caught by accident", f.Name)
		}
	}
	for _, v := range c.Variants {
		entry(v.Name, v.Story, v.Apply != nil)
	}
}

func TestEveryPromiseHasAFault(t *testing.T) {
	for _, profile := range ariafault.Catalogue().Profiles {
		catalogue, err := specs.ForProfile(profile)
		if err != nil {
			t.Fatal(err)
		}
		faults := ariafault.Catalogue().Faults
		for _, r := range catalogue.In(profile) {
			broken := slices.ContainsFunc(faults, func(f fault.Deviation[aria.Config]) bool {
				return f.Requirement == r.ID && slices.Contains(f.Profiles, profile)
			})
			if !broken && r.Level != specs.Note && !fault.Exempts(ariafault.Catalogue().Exempt, profile, r.ID) {
				t.Errorf("no fault breaks %s in %s: %s", r.ID, profile, r.Statement)
			}
		}
		for _, f := range faults {
			r, known := catalogue.Find(profile, f.Requirement)
			if slices.Contains(f.Profiles, profile) != known || r.Level == specs.Note {
				t.Errorf("%s breaks %s, and is in %s: is that a promise of %s? %v", f.Name, f.Requirement, f.Profiles, profile, known)
			}
		}
	}
}

// TestEveryOverrideLeavesAServer applies each fault and each variant and sends requests of each kind.
func TestEveryOverrideLeavesAServer(t *testing.T) {
	c := ariafault.Catalogue()
	for _, f := range c.Faults {
		t.Run(f.Name, func(t *testing.T) { t.Parallel(); exercise(t, f.Profiles[0], f.Name, "") })
	}
	for _, v := range c.Variants {
		t.Run(v.Name, func(t *testing.T) { t.Parallel(); exercise(t, append(v.Profiles, c.Profiles[0])[0], "", v.Name) })
	}
}

func exercise(t *testing.T, profile, faultName, variantName string) {
	t.Helper()
	var config aria.Config
	config.Profile = profile
	if err := ariafault.Catalogue().Apply(&config, profile, faultName, variantName); err != nil {
		t.Fatal(err)
	}
	system, err := aria.New(config)
	if err != nil {
		t.Fatal(err)
	}
	defer system.Close()
	server := httptest.NewServer(system.Handler())
	defer server.Close()
	send := func(method, path, authorization, body string) (status int, token string) {
		request, err := http.NewRequestWithContext(t.Context(), method, server.URL+aria.BasePath+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		if authorization != "" {
			request.Header.Set("Authorization", authorization)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		defer func() { _ = response.Body.Close() }()
		var answer struct{ Token any }
		_ = json.NewDecoder(response.Body).Decode(&answer) // not every fault leaves JSON
		token, _ = answer.Token.(string)
		return response.StatusCode, token
	}
	user := system.Sources()[0].Accounts[0]
	good, err := json.Marshal(map[string]string{"username": user.Username, "password": user.Password, "authSource": user.Source})
	if err != nil {
		t.Fatal(err)
	}
	_, token := send(http.MethodPost, "/api/auth/token/acquire", "", string(good))
	scheme := system.Scheme() + " "
	for _, authorization := range []string{"", scheme, scheme + token, scheme + "made::up", token} {
		send(http.MethodGet, "/api/auth/currentuser", authorization, "")
	}
	for _, body := range []string{"", "{}", "[]", "null", string(good[:len(good)-1]), `{"username":"nobody","password":"x"}`} {
		send(http.MethodPost, "/api/auth/token/acquire", "", body)
	}
	send(http.MethodPut, "/api/auth/token/acquire", "", string(good))
	send(http.MethodPost, "/api/auth/token/release", scheme+token, "")
	if variantName == "" {
		return
	}
	if status, token := send(http.MethodPost, "/api/auth/token/acquire", "", string(good)); status != http.StatusOK || token == "" {
		t.Errorf("a good login is answered %d", status)
	}
}

func TestUnknownNamesAreRefused(t *testing.T) {
	var config aria.Config
	if err := ariafault.Catalogue().Apply(&config, aria.Profile, "no-such-fault", ""); err == nil {
		t.Error("an unknown fault was applied")
	}
	if err := ariafault.Catalogue().Apply(&config, aria.Profile, "", "no-such-variant"); err == nil {
		t.Error("an unknown variant was applied")
	}
}
