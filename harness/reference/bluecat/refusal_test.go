package bluecat_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"example.org/conform/harness/reference/bluecat"
)

func TestBasicAuthentication(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{})
	made, _ := b.logIn()
	user := b.server.User()
	for _, c := range []struct {
		title, authorization string
		want                 int
		code                 bluecat.Code
	}{
		{"ready-made", made.basic(), 200, ""},
		{"the client's own", basic(user.Name + ":" + made.Token), 200, ""},
		{"scheme in small letters", "basic " + made.Credentials, 200, ""},
		{"nothing", "", 401, bluecat.InvalidAuthorizationCredentials},
		{"scheme alone", "Basic", 401, bluecat.InvalidAuthorizationCredentials},
		{"no base64", "Basic %%%", 401, bluecat.InvalidAuthorizationCredentials},
		{"no colon", basic(user.Name), 401, bluecat.InvalidAuthorizationCredentials},
		{"Bearer", "Bearer " + made.Token, 401, bluecat.InvalidAuthorizationCredentials},
		{"a made-up token", basic(user.Name + ":" + bluecat.RandomToken()), 401, bluecat.InvalidAuthorizationToken},
		{"no token", basic(user.Name + ":"), 401, bluecat.InvalidAuthorizationToken},
		{"another user's name", basic("Conform.Operator:" + made.Token), 401, bluecat.InvalidAuthorizationToken},
		{"the name in another case", basic(strings.ToUpper(user.Name) + ":" + made.Token), 401, bluecat.InvalidAuthorizationToken},
		{"the password", basic(user.Name + ":" + user.Password), 401, bluecat.InvalidAuthorizationToken},
	} {
		answer := b.do("GET", "/api/v2/configurations", c.authorization, "", "")
		if answer.StatusCode != c.want {
			t.Errorf("%s: %d", c.title, answer.StatusCode)
		}
		if c.want == 401 {
			answer.expectError(t, c.title, c.code)
		}
	}
}

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	b := start(t, bluecat.Config{Rules: maxBody(1 << 10)})
	user := b.server.User()
	body := func(name, password string) string {
		text, err := json.Marshal(map[string]string{"username": name, "password": password})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, c := range []struct {
		title, contentType, body string
		status                   int
		code                     bluecat.Code
	}{
		{"wrong password", "application/json", body(user.Name, "no"), 401, bluecat.InvalidUsernameOrPassword},
		{"empty password", "application/json", body(user.Name, ""), 401, bluecat.InvalidUsernameOrPassword},
		{"unknown user", "application/json", body("nobody", user.Password), 401, bluecat.InvalidUsernameOrPassword},
		{"empty body", "application/json", "", 400, bluecat.EmptyRequestBody},
		{"blank body", "application/json", " \r\n", 400, bluecat.EmptyRequestBody},
		{"cut short", "application/json", `{"username":`, 400, bluecat.JSONParseError},
		{"two values", "application/json", `{}{}`, 400, bluecat.JSONParseError},
		{"array", "application/json", "[" + body(user.Name, user.Password) + "]", 400, bluecat.JSONParseError},
		{"null", "application/json", "null", 400, bluecat.JSONParseError},
		{"not UTF-8", "application/json", "{\"username\":\"\xff\"}", 400, bluecat.JSONParseError},
		{"no fields", "application/json", "{}", 400, bluecat.MissingRequiredField},
		{"null password", "application/json", `{"username":"a","password":null}`, 400, bluecat.MissingRequiredField},
		{"number", "application/json", `{"username":1,"password":"p"}`, 400, bluecat.JSONParseError},
		{"too large", "application/json", `{"username":"` + strings.Repeat("a", 2<<10) + `"}`, 413, bluecat.RequestTooLarge},
		{"as text", "text/plain", body(user.Name, user.Password), 415, bluecat.UnsupportedMediaType},
		{"as nothing", "", body(user.Name, user.Password), 415, bluecat.UnsupportedMediaType},
	} {
		answer := b.do("POST", "/api/v2/sessions", "", c.contentType, c.body)
		if answer.StatusCode != c.status {
			t.Errorf("%s: %d", c.title, answer.StatusCode)
		}
		answer.expectError(t, c.title, c.code)
		if bytes.Contains(answer.body, []byte(user.Password)) {
			t.Errorf("%s: the password is in the answer", c.title)
		}
	}
	if wrong := b.server.WrongPasswords(); wrong != 2 {
		t.Errorf("%d wrong passwords counted, want 2", wrong)
	}
	if live, _ := b.server.Live(); live != 0 {
		t.Errorf("%d sessions opened", live)
	}
	for _, mediaType := range []string{"application/json; charset=utf-8", "application/hal+json"} {
		if answer := b.do("POST", "/api/v2/sessions", "", mediaType, `{"type":"UserSession",`+b.credentials()[1:]); answer.StatusCode != 201 {
			t.Errorf("a login as %s with a member more: %d", mediaType, answer.StatusCode)
		}
	}
}
