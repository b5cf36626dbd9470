package player_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.org/conform/harness/player"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/openapi"
)

// small is a contract whose token is handed out as a text says, and whose end is answered as another does.
const small = `openapi: 3.1.0
info: {title: Small, version: '1'}
paths:
  /login:
    post:
      operationId: login
      security: []
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, password]
              properties: {name: {type: string, x-account: username}, password: {type: string, x-account: password}}
      responses:
        '200':
          description: A token.
          x-hands-out: {kind: token, %s}
          content:
            application/json:
              schema:
                type: object
                required: [token]
                properties: {token: {type: string, minLength: 8}, ends: {type: [integer, string]}, level: {type: integer, minimum: 3}}
        4XX: {description: Refused.}
  /me:
    get:
      operationId: me
      x-probe: true
      security: [{bearer: []}]
      responses: {'200': {description: Me., content: {application/json: {schema: %s}}}}
  /logout:
    post:
      operationId: logOut
      security: [{bearer: []}]
      x-ends: {%s}
      responses: {'204': {description: Ended.}}
components: {securitySchemes: {bearer: {type: http, scheme: bearer, x-credential: {kind: token}}}}
`

func start(t *testing.T, hands, me, ends string) (*player.Server, *openapi.Document, error) {
	t.Helper()
	text := fmt.Sprintf(small, hands, me, ends)
	d, err := openapi.ReadBrought(fstest.MapFS{"small.yaml": {Data: []byte(text)}}, "small.yaml", openapi.BroughtOptions{Profile: "small"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := player.New(player.Config{Contract: d, Config: kernel.Config{TokenLifetime: 90 * time.Second}})
	if err == nil {
		t.Cleanup(s.Close)
	}
	return s, d, err
}

// send asks a player.
func send(s *player.Server, method, path, body, authorization string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func logIn(t *testing.T, s *player.Server, d *openapi.Document) (token string, x openapi.Exchange) {
	t.Helper()
	account := s.Accounts()[0]
	w := send(s, http.MethodPost, "/login", fmt.Sprintf(`{"name": %q, "password": %q}`, account.Username, account.Password), "")
	x = openapi.Exchange{Body: w.Body.Bytes(), Header: w.Header()}
	token, ok := d.Login().Value.Read(x)
	if w.Code != http.StatusOK || !ok {
		t.Fatalf("a good login is answered %d %s", w.Code, w.Body)
	}
	return token, x
}

// The end of what is handed out is stated in each form that a contract can ask for, and a reader of the contract finds it.
func TestEndIsStatedInEachForm(t *testing.T) {
	t.Parallel()
	for _, form := range openapi.EndForms() {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			where := "$response.body#/ends"
			switch form {
			case openapi.EndsAsHTTP:
				where = "$response.header.X-Ends"
			case openapi.EndsWithCookie:
				where = "$response.cookie.END"
			case openapi.EndsInJWT:
				where = "$response.body#/token"
			}
			before := time.Now()
			s, d, err := start(t, fmt.Sprintf("value: '$response.body#/token', ends: '%s', endsAs: %s", where, form), "{type: object}", "spares: [siblings]")
			if err != nil {
				t.Fatal(err)
			}
			token, x := logIn(t, s, d)
			moment, lives := d.Login().End(x)
			if lives == 0 {
				at, err := time.Parse(time.RFC3339, moment)
				if err != nil {
					t.Fatalf("%q and %s in %s", moment, lives, x.Body)
				}
				lives = at.Sub(before)
			}
			if lives < 89*time.Second || lives > 30*time.Minute { // never earlier than that, but for a second's fraction
				t.Errorf("it lives for %s", lives)
			}
			if w := send(s, http.MethodGet, "/me", "", "Bearer "+token); w.Code != http.StatusOK {
				t.Errorf("the probe is answered %d", w.Code)
			}
		})
	}
}

// A second end is answered as the contract says, and what ended opens nothing.
func TestEndsAreAnsweredAsTheContractSays(t *testing.T) {
	t.Parallel()
	for ends, again := range map[string]int{"again: [410]": 410, "always: true": 204, "spares: [siblings]": 401} {
		s, d, err := start(t, "value: '$response.body#/token'", "{type: object}", ends)
		if err != nil {
			t.Fatal(err)
		}
		token, _ := logIn(t, s, d)
		other, _ := logIn(t, s, d)
		for _, want := range []int{204, again} {
			if w := send(s, http.MethodPost, "/logout", "", "Bearer "+token); w.Code != want {
				t.Errorf("%s: an end is answered %d, want %d", ends, w.Code, want)
			}
		}
		for authorization, want := range map[string]int{"Bearer " + token: 401, "bearer " + other: 200, "Basic " + other: 401, "": 401} {
			if w := send(s, http.MethodGet, "/me", "", authorization); w.Code != want {
				t.Errorf("%s: the probe is answered %d, want %d", ends, w.Code, want)
			}
		}
	}
}

func TestRequestsThatAreWrong(t *testing.T) {
	t.Parallel()
	s, _, err := start(t, "value: '$response.body#/token'", "{type: object}", "spares: [siblings]")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", "/login", "", 400}, {"POST", "/login", "{", 400}, {"POST", "/login", `[{"name":"a","password":"b"}]`, 400},
		{"POST", "/login", `{"name":"a"}`, 400}, {"POST", "/login", `{"name":"a","password":null}`, 400}, {"POST", "/login", `{"name":"a","password":"b"}`, 401},
		{"PUT", "/login", "{}", 405}, {"GET", "/nowhere", "", 404}, {"GET", "/me/", "", 404},
	} {
		if w := send(s, c.method, c.path, c.body, ""); w.Code != c.want {
			t.Errorf("%s %s %s is answered %d, want %d", c.method, c.path, c.body, w.Code, c.want)
		}
	}
}

// What cannot be made as the contract wants it is said in one line, with what helps.
func TestAnswerThatCannotBeMadeIsSaid(t *testing.T) {
	t.Parallel()
	_, _, err := start(t, "value: '$response.body#/token'", "{type: object, required: [a], properties: {a: {not: {}}}}", "spares: [siblings]")
	if err == nil || !strings.Contains(err.Error(), "no answer of me can be made as the contract describes it") || bytes.ContainsRune([]byte(err.Error()), '\n') {
		t.Errorf("got %v", err)
	}
}
