package aria

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference/kernel"
)

func TestAcquisition(t *testing.T) {
	b := start(t, Config{})
	got := b.token()
	parts := strings.Split(got.Token, "::")
	if len(parts) != 2 || len(parts[0]) != 36 || len(parts[1]) != 36 {
		t.Errorf("the token has not the form <uuid>::<uuid>")
	}
	if want := b.clock.tell().Add(6 * time.Hour).UnixMilli(); got.Validity != want {
		t.Errorf("validity is %d, not %d", got.Validity, want)
	}
	if got.ExpiresAt != "Friday, August 5, 2016 6:22:05 PM UTC" {
		t.Errorf("expiresAt is %q", got.ExpiresAt)
	}
	if strings.Join(got.Roles, " ") != "ReadOnly PowerUser" {
		t.Errorf("roles are %q", got.Roles)
	}
	if b.probe("vRealizeOpsToken "+got.Token) != http.StatusOK || live(b.Server) != 1 {
		t.Error("the token does not work")
	}
}

func TestSources(t *testing.T) {
	b := start(t, Config{Config: kernel.Config{LockoutAfter: -1}})
	local, directory := b.Sources()[0], b.Sources()[1]
	ours, theirs := local.Accounts[0], directory.Accounts[0]
	if ours.Username != theirs.Username || ours.Password == theirs.Password {
		t.Fatal("the two accounts do not tell the sources apart")
	}
	for _, c := range []struct {
		what, body string
		status     int
	}{
		{"a local user", login(ours.Username, ours.Password, ""), 200},
		{"a local user by source", login(ours.Username, ours.Password, "Local"), 200},
		{"a local user without roles", login(local.Accounts[1].Username, local.Accounts[1].Password, "local"), 200},
		{"a local user in another letter case", login(strings.ToUpper(ours.Username), ours.Password, ""), 401},
		{"a user of the directory", login(theirs.Username, theirs.Password, directory.Name), 200},
		{"a user of the directory, with the domain", login("Conform-Service@CORP.example.com", theirs.Password, directory.Name), 200},
		{"a user of the directory without the source", login(theirs.Username, theirs.Password, ""), 401},
		{"a local user at the directory", login(ours.Username, ours.Password, directory.Name), 401},
		{"a source that is none", login(ours.Username, ours.Password, "none"), 401},
		{"a wrong password", login(ours.Username, ours.Password+" ", ""), 401},
		{"an empty password", login(ours.Username, "", ""), 401},
		{"an unknown user", login("nobody", "x", ""), 401},
		{"null for the source", `{"username":"nobody","password":"x","authSource":null}`, 401},
	} {
		got := b.acquire(c.body)
		if got.status != c.status {
			t.Errorf("%s: %d", c.what, got.status)
		}
		var refusal struct {
			Message                      string
			HTTPStatusCode, APIErrorCode int
		}
		if c.status == http.StatusUnauthorized {
			if err := json.Unmarshal([]byte(got.body), &refusal); err != nil || refusal.Message == "" ||
				refusal.HTTPStatusCode != 401 || refusal.APIErrorCode == 0 {
				t.Errorf("%s: %s", c.what, got.body)
			}
		}
	}
	if wrong := b.Wrong(); wrong[ours.ID] != 3 || wrong[theirs.ID] != 1 || wrong[""] != 4 {
		t.Errorf("wrong passwords were counted as %v", wrong)
	}
}

func TestMalformedRequests(t *testing.T) {
	b := start(t, Config{})
	for _, body := range []string{
		"", "{", "null", "[]", `"x"`, "{}", `{"username":"a"}`, `{"password":"a"}`, `{"username":null,"password":"a"}`,
		`{"username":"a","password":null}`, `{"username":1,"password":"a"}`, `{"username":"a","password":["a"]}`,
		`{"username":"a","password":"a","authSource":1}`, `{"username":"","password":"a"}`,
		`{"username":"a","password":"a"} {}`, "{\"username\":\"\xff\",\"password\":\"a\"}",
	} {
		if got := b.acquire(body, "Content-Type", "application/json"); got.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", body, got.status, got.body)
		}
	}
	if got := b.acquire(`{"username":"`+strings.Repeat("a", kernel.DefaultMaxBody)+`"}`, "Content-Type", "application/json"); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", got.status)
	}
	if got := b.acquire(login("a", "b", ""), "Content-Type", "text/plain"); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("another media type: %d", got.status)
	}
	if got := b.send(http.MethodPut, "/api/auth/token/acquire", "{}"); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
		t.Errorf("another method: %d %v", got.status, got.header)
	}
	if got := b.send(http.MethodGet, "/api/auth/none", ""); got.status != http.StatusNotFound {
		t.Errorf("another path: %d", got.status)
	}
}

func TestLockout(t *testing.T) {
	b := start(t, Config{Config: kernel.Config{LockoutAfter: 3, LockoutFor: time.Minute}})
	user := b.Sources()[0].Accounts[0]
	right, wrong := login(user.Username, user.Password, ""), login(user.Username, "wrong", "")
	attempt := func(body string, status int) {
		t.Helper()
		if got := b.acquire(body); got.status != status {
			t.Fatalf("answered %d, not %d", got.status, status)
		}
	}
	attempt(wrong, 401)
	attempt(wrong, 401)
	attempt(right, 200) // and all is forgotten
	attempt(wrong, 401)
	attempt(wrong, 401)
	attempt(wrong, 401)
	attempt(right, 401)
	b.clock.pass(time.Minute)
	attempt(right, 200)
}

func TestXML(t *testing.T) {
	b := start(t, Config{})
	user := b.Sources()[0].Accounts[0]
	got := b.acquire(login(user.Username, user.Password, ""), "Accept", "application/xml")
	var token struct {
		XMLName xml.Name `xml:"http://webservice.vmware.com/vRealizeOpsMgr/1.0/ auth-token"`
		Token   string   `xml:"token"`
		Roles   []string `xml:"roles>item"`
	}
	if err := xml.Unmarshal([]byte(got.body), &token); err != nil || token.Token == "" || len(token.Roles) != 2 {
		t.Errorf("%v in %s", err, got.body)
	}
	if got.header.Get("Content-Type") != "application/xml;charset=UTF-8" || b.probe("vRealizeOpsToken "+token.Token) != http.StatusOK {
		t.Errorf("sent as %s", got.header.Get("Content-Type"))
	}
	if got := b.acquire("{}", "Accept", "text/xml, application/json"); !strings.Contains(got.body, "<ops:httpStatusCode>400<") {
		t.Errorf("a refusal: %s", got.body)
	}
	if got := b.acquire("{}", "Accept", "text/html, */*, application/xml"); !json.Valid([]byte(got.body)) {
		t.Errorf("for the first that is offered: %s", got.body)
	}
}
