package reference_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/reference/kernel"
)

// asked sends a request and gives what came.
func asked(t *testing.T, method, url, body string, headers map[string]string) (status int, header http.Header, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(all)
}

// member is a text in a JSON object.
func member(t *testing.T, text, name string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	value, _ := object[name].(string)
	return value
}

const ownPassword = "of my own 'choice' \\ \"é\""

// own starts a server with an account of the test's own, and gives the start of a JSON object with its name and password.
func own(t *testing.T, profile, username, nameMember string) (url, login string) {
	t.Helper()
	s := reference.Start(t, profile, func(o *reference.Options) {
		o.Own, o.Lifetimes = kernel.Login{Username: username, Password: ownPassword}, reference.Lifetimes{}
	})
	body, err := json.Marshal(map[string]string{nameMember: username, "password": ownPassword})
	if err != nil {
		t.Fatal(err)
	}
	return s.URL(), string(body)
}

// What clients ask for first after a login is answered: with a credential by a collection that has nothing in it, and without by 401.
func TestFirstCallsOfClients(t *testing.T) {
	t.Parallel()
	type call struct{ method, path, body, want string }
	for profile, system := range map[string]struct {
		username, nameMember string
		logIn                func(url, login string) (name, value string)
		calls                []call
	}{
		"adaxes-2025.1": {`CORP\me`, "username", func(url, login string) (string, string) {
			_, _, created := asked(t, http.MethodPost, url+"/api/authSessions/create", login, nil)
			_, _, issued := asked(t, http.MethodPost, url+"/api/auth", `{"sessionId":"`+member(t, created, "sessionId")+`"}`, nil)
			return "Adm-Authorization", member(t, issued, "token")
		}, []call{{http.MethodPost, "/api/directoryObjects/search", `{"baseObject":"DC=x"}`, `{"objects":[]}`}}},
		"bluecat-9.5": {"me", "username", func(url, login string) (string, string) {
			_, _, made := asked(t, http.MethodPost, url+"/api/v2/sessions", login, nil)
			return "Authorization", "Basic " + member(t, made, "basicAuthenticationCredentials")
		}, []call{
			{http.MethodGet, "/api/v2/settings", "", `{"count":0,"data":[],"_links":{"self":{"href":"/api/v2/settings"}}}`},
			{http.MethodGet, "/api/v2/zones", "", `{"count":0,"data":[],"_links":{"self":{"href":"/api/v2/zones"}}}`},
			{http.MethodGet, "/api/v2/networks", "", `{"count":0,"data":[],"_links":{"self":{"href":"/api/v2/networks"}}}`},
			{http.MethodGet, "/api/v2/", "", `"networks":{"href":"/api/v2/networks"}`},
		}},
		"aria-operations-8": {"me@corp", "username", func(url, login string) (string, string) {
			_, _, acquired := asked(t, http.MethodPost, url+"/api/auth/token/acquire", login, nil)
			return "Authorization", "OpsToken " + member(t, acquired, "token")
		}, []call{
			{http.MethodGet, "/api/versions/current", "", `"releaseName"`},
			{http.MethodGet, "/api/resources", "", `"resourceList":[]`},
			{http.MethodGet, "/api/adapters", "", `{"adapterInstancesInfoDto":[]}`},
			{http.MethodGet, "/api/auth/sources", "", `{"sources":[]}`},
		}},
		"pyramid-2018.5": {"me@corp.example.org", "userName", func(url, login string) (string, string) {
			status, _, text := asked(t, http.MethodPost, url+"/API2/auth/authenticateUser", `{"data":`+login+`}`, nil)
			if wrong, _, _ := asked(t, http.MethodPost, url+"/API2/auth/authenticateUser", `{"data":{"userName":"me","password":"x"}}`, nil); status != 200 || wrong != 401 {
				t.Errorf("a login is answered %d, and a wrong one %d", status, wrong)
			}
			return "token", text
		}, []call{{http.MethodPost, "/API2/access/getMe", `{"auth":"TOKEN"}`, `{"data":["me","me@corp.example.org"]}`}}},
	} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			url, login := own(t, profile, system.username, system.nameMember)
			name, value := system.logIn(url, login)
			for _, c := range system.calls {
				status, _, text := asked(t, c.method, url+c.path, strings.ReplaceAll(c.body, "TOKEN", value), map[string]string{name: value})
				if status != http.StatusOK || !strings.Contains(text, c.want) {
					t.Errorf("%s: %d %s, want %s", c.path, status, text, c.want)
				}
				for _, bad := range []string{"", value + "x"} {
					headers := map[string]string{}
					if bad != "" {
						headers[name] = bad
					}
					status, _, text := asked(t, c.method, url+c.path, strings.ReplaceAll(c.body, "TOKEN", bad), headers)
					if status != http.StatusUnauthorized {
						t.Errorf("%s without a valid credential: %d %s", c.path, status, text)
					}
				}
			}
		})
	}
}

// A wrong login is answered as live servers do.
func TestWrongLoginsAreAnsweredAsRecorded(t *testing.T) {
	t.Parallel()
	const wrong = `{"username":"me","password":"wrong","userName":"me"}`
	url, _ := own(t, "aria-operations-8", "me", "username")
	status, _, text := asked(t, http.MethodPost, url+"/api/auth/token/acquire", wrong, nil)
	if status != 401 || !strings.Contains(text, `"type":"Error"`) || !strings.Contains(text, `"httpStatusCode":401`) || !strings.Contains(text, `"apiErrorCode":401`) {
		t.Errorf("Aria: %d %s", status, text)
	}
	status, header, text := asked(t, http.MethodGet, url+"/api/auth/currentuser", "", map[string]string{"Authorization": "OpsToken made-up"})
	if status != 401 || !strings.Contains(text, `"apiErrorCode":1512`) || len(header.Values("WWW-Authenticate")) != 3 {
		t.Errorf("Aria, a token: %d %s, %s", status, text, header)
	}
	url, _ = own(t, "bluecat-9.5", "me", "username")
	status, header, text = asked(t, http.MethodPost, url+"/api/v2/sessions", wrong, nil)
	if status != 401 || member(t, text, "code") != "InvalidUsernameOrPassword" || header.Get("Content-Type") != "application/json" {
		t.Errorf("BlueCat: %d %s", status, text)
	}
	if _, header, _ = asked(t, http.MethodGet, url+"/api/v2/configurations", "", nil); !strings.HasPrefix(header.Get("WWW-Authenticate"), "Basic ") {
		t.Errorf("BlueCat, no credential: %s", header)
	}
	url, _ = own(t, "adaxes-2025.1", "me", "username")
	if status, _, text = asked(t, http.MethodPost, url+"/api/authSessions/create", wrong, nil); status != 403 || !strings.Contains(text, `"invalidCredentials"`) {
		t.Errorf("Adaxes: %d %s", status, text)
	}
	url, _ = own(t, "pyramid-2018.5", "me", "userName")
	if status, header, _ = asked(t, http.MethodPost, url+"/API2/auth/authenticateUserWindows", "null", nil); status != 401 || len(header.Values("WWW-Authenticate")) == 0 {
		t.Errorf("Pyramid: %d %s", status, header)
	}
}

// A made-up password can be pasted into JSON and into a shell as it stands, but for the one that is there to be odd.
func TestPasswordsCanBePasted(t *testing.T) {
	t.Parallel()
	for _, profile := range reference.Profiles() {
		described, err := reference.Describe(profile)
		if err != nil {
			t.Fatal(err)
		}
		passwords := map[string]string{"": described.Account.Password.Reveal()}
		for name, account := range described.Accounts {
			passwords[name] = account.Password.Reveal()
		}
		delete(passwords, "oddPassword")
		for name, password := range passwords {
			if strings.Trim(password, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/:") != "" {
				t.Errorf("%s: the password of %q is %s", profile, name, password)
			}
		}
	}
}

// An account of one's own is judged as one that is made up, in each form of its name.
func TestOwnAccountsAreRefusedWhole(t *testing.T) {
	t.Parallel()
	for _, login := range []kernel.Login{{Username: "me"}, {Password: "x"}, {Username: "me\n", Password: "x"}, {Username: "me", Password: "\xff"}} {
		if s, err := reference.Serve(reference.Options{Profile: profile, Own: login}); err == nil {
			s.Close()
			t.Errorf("%+v was taken", login)
		}
	}
	if s, err := reference.Serve(reference.Options{Profile: "bluecat-9.5", Own: kernel.Login{Username: "a:b", Password: "x"}}); err == nil {
		s.Close()
		t.Error("a name with a colon was taken for Basic")
	}
}
