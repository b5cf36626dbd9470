package adaxes_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// Every refusal has the vendor's error object: modelState with 400 alone, innerError with 403 alone.
func TestErrorShape(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		b := start(t, adaxes.Config{Config: kernel.Config{Profile: profile}})
		account := b.server.Accounts()[adaxes.Ordinary]
		got := b.issue(b.logIn())
		for _, c := range []struct {
			method, path, body, credential string
			status                         int
			code                           string
			members                        []string
		}{
			{"POST", "/api/auth", "{}", "", 400, "badRequest", []string{"message", "code", "modelState"}},
			{"PATCH", "/api/auth", "", got.Token, 400, "badRequest", []string{"message", "code", "modelState"}},
			{"GET", "/api/directoryObjects", "", got.Token, 400, "badRequest", []string{"message", "code", "modelState"}},
			{"GET", "/api/directoryObjects?directoryObject=", "", got.Token, 400, "badRequest", []string{"message", "code", "modelState"}},
			{"GET", "/api/directoryObjects?directoryObject=x", "", "", 401, "unauthorized", []string{"message", "code"}},
			{"PATCH", "/api/auth?token=x", "", "", 401, "unauthorized", []string{"message", "code"}},
			{"POST", "/api/authSessions/create", `{"username":"x","password":"x"}`, "", 403, "forbidden", []string{"message", "code", "innerError"}},
			{"GET", "/api/directoryObjects?directoryObject=x", "", got.Token, 404, "notFound", []string{"message", "code"}},
			{"POST", "/api/auth", `{"sessionId":"x"}`, "", 404, "notFound", []string{"message", "code"}},
			{"PATCH", "/api/auth?token=x", "", got.Token, 404, "notFound", []string{"message", "code"}},
			{"GET", "/api/nothing", "", got.Token, 404, "notFound", []string{"message", "code"}},
			{"PUT", "/api/auth", "", got.Token, 405, "methodNotAllowed", []string{"message", "code"}},
			{"POST", "/api/auth", strings.Repeat(" ", kernel.DefaultMaxBody+1), "", 413, "requestTooLarge", []string{"message", "code"}},
		} {
			answer := b.do(c.method, c.path, c.body, "Adm-Authorization", c.credential).expect(c.status)
			if f := answer.fault(); f.Code != c.code || f.Message == "" {
				t.Errorf("%s %s: %s, want the code %s", c.method, c.path, answer.body, c.code)
			}
			answer.expectNames(c.members...)
			if got := answer.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
				t.Errorf("%s %s: an error as %q", c.method, c.path, got)
			}
			if got := answer.header.Get("Adm-Service"); got != b.server.Service(0) {
				t.Errorf("%s %s: Adm-Service %q", c.method, c.path, got)
			}
			for _, secret := range []string{got.Token, got.ID, account.Password} {
				if strings.Contains(answer.body, secret) {
					t.Errorf("%s %s: the answer holds a secret: %s", c.method, c.path, answer.body)
				}
			}
		}
		answer := b.attempt(account.Username, "wrong").expect(403)
		var members struct{ InnerError map[string]json.RawMessage }
		answer.into(&members)
		if len(members.InnerError) != 3 || string(members.InnerError["attemptsLeft"]) != "4" || string(members.InnerError["code"]) != `"invalidCredentials"` {
			t.Errorf("innerError of %s", answer.body)
		}
		b.expectLive(1, 1)
	}
}

// Each path takes its own methods, says which, and does nothing for others.
func TestMethods(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	got := b.issue(made)
	account := b.server.Accounts()[adaxes.Ordinary]
	body := text(map[string]string{"username": account.Username, "password": account.Password, "sessionId": made.SessionID})
	query := "?id=" + made.SessionID + "&token=" + url.QueryEscape(got.Token) + "&directoryObject=" + url.QueryEscape(account.DN)
	for path, allowed := range map[string][]string{
		"/api/authSessions/create": {"POST"}, "/api/authSessions": {"DELETE"}, "/api/auth": {"POST", "PATCH", "DELETE"},
		"/api/directoryObjects": {"GET"},
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "TRACEE"} {
			if slices.Contains(allowed, method) {
				continue
			}
			answer := b.do(method, path+query, body, "Adm-Authorization", got.Token).expect(405)
			if list := answer.header.Get("Allow"); list != strings.Join(allowed, ", ") {
				t.Errorf("%s %s: Allow %q, want %q", method, path, list, allowed)
			}
			if method != "HEAD" && answer.fault().Code != "methodNotAllowed" {
				t.Errorf("%s %s: %s", method, path, answer.body)
			}
		}
	}
	b.expectRead("the token", got.Token, 200)
	b.expectLive(1, 1)
}

// Paths are found in any letter case and with a slash at the end, as ASP.NET finds them; nothing near them is.
func TestPaths(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	token := b.issue(b.logIn()).Token
	root := strings.TrimSuffix(b.url, adaxes.BasePath)
	for path, want := range map[string]int{
		"/restApi/api/authSessions/create": 400, "/restapi/api/authsessions/create": 400, "/RESTAPI/API/AUTHSESSIONS/CREATE/": 400,
		"/": 404, "/restApi": 404, "/restApi/": 404, "/restApi/api": 404, "/api/authSessions/create": 404, "/restApi2/api/authSessions/create": 404,
		"/restApi//api/authSessions/create": 404, "/restApi/api/authSessions/create//": 404, "/restApi/api/authSessions/createx": 404,
		"/restApi/restApi/api/authSessions/create": 404, "/x/restApi/api/authSessions/create": 404, "/restApi/api/authSessions%2Fcreatex": 404,
	} {
		at := b
		at.url = root
		answer := at.do("POST", path, "{}", "Adm-Authorization", token)
		if answer.status != want || answer.fault().Message == "" {
			t.Errorf("%s: %d %s, want %d", path, answer.status, answer.body, want)
		}
	}
}

// The directory answers with the vendor's default set, and finds an object by each of its names.
func TestDirectoryObject(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	token := b.issue(b.logIn()).Token
	for _, account := range b.server.Accounts() {
		for _, name := range []string{
			account.DN, strings.ToUpper(account.DN), strings.ReplaceAll(account.DN, ",", ", "), account.GUID, "{" + account.GUID + "}",
			strings.ToUpper(account.GUID), account.SID,
		} {
			answer := b.do("GET", "/api/directoryObjects?directoryObject="+url.QueryEscape(name), "", "Adm-Authorization", token).expect(http.StatusOK)
			answer.expectNames("guid", "dn", "displayName", "objectType", "objectTypeCode", "domainName", "directoryType")
			o := answer.object()
			if o["guid"] != account.GUID || o["dn"] != account.DN || o["displayName"] != account.DisplayName || o["objectType"] != "user" ||
				o["objectTypeCode"] != 2.0 || o["domainName"] != "example.com" || o["directoryType"] != 1.0 {
				t.Errorf("%s: %s", name, answer.body)
			}
		}
	}
}
