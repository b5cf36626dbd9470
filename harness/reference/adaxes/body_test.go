package adaxes_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// expectBadRequest checks a 400 and the parts of the request that it complains of.
func (r reply) expectBadRequest(places ...string) {
	r.Helper()
	f := r.expect(400).fault()
	if got := slices.Sorted(maps.Keys(f.ModelState)); f.Code != "badRequest" || !slices.Equal(got, places) {
		r.Errorf("modelState of %q, want %q: %s", got, places, r.body)
	}
	for place, complaints := range f.ModelState {
		if len(complaints) != 1 || complaints[0] == "" {
			r.Errorf("%s: complaints %q", place, complaints)
		}
	}
}

func TestMalformedBodies(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	const create, issue = "/api/authSessions/create", "/api/auth"
	for _, body := range []string{
		" ", "\n", "\ufeff", "{", "}", `{"username":}`, "null", "true", "1", `"username"`, "[]", `[{"username":"a","password":"b"}]`,
		"{}{}", `{"username":"a","password":"b"},`, "{'username':'a','password':'b'}", "username=a&password=b",
		"{\"username\":\"\xff\",\"password\":\"b\"}", strings.Repeat(`{"a":`, 12_000), strings.Repeat("[", 12_000),
	} {
		b.do("POST", create, body, "Content-Type", "application/json").expectBadRequest("body")
		b.do("POST", issue, body, "Content-Type", "application/json").expectBadRequest("body")
	}
	b.do("POST", create, "", "Content-Type", "application/json").expectBadRequest("body")
	for body, places := range map[string][]string{
		"{}":                                           {"password", "username"},
		`{"user":"a","pass":"b"}`:                      {"password", "username"},
		`{"username":"a"}`:                             {"password"},
		`{"password":"a"}`:                             {"username"},
		`{"username":null,"password":""}`:              {"username"},
		`{"username":1,"password":true}`:               {"password", "username"},
		`{"username":["a"],"password":{"a":"b"}}`:      {"password", "username"},
		`{"username":"a","password":"b","PASSWORD":2}`: {"password"},
	} {
		b.do("POST", create, body).expectBadRequest(places...)
	}
	for _, body := range []string{
		"{}", `{"sessionId":null}`, `{"sessionId":""}`, `{"sessionId":1}`, `{"sessionId":["a"]}`, `{"session":"a"}`, `{"type":0}`,
	} {
		b.do("POST", issue, body).expectBadRequest("sessionId")
	}
	if wrong := b.server.Wrong(); len(wrong) != 0 {
		t.Errorf("malformed requests count as wrong passwords: %v", wrong)
	}
	b.expectLive(0, 0)
}

// What .NET's reader lets pass: members in any letter case, unknown ones, a byte order mark, the last of a name.
func TestUnusualBodies(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	account := b.server.Accounts()[adaxes.Ordinary]
	name, _ := json.Marshal(account.Username)
	password, _ := json.Marshal(account.Password)
	for _, body := range []string{
		`{"UserName":` + string(name) + `,"PASSWORD":` + string(password) + `}`,
		"\ufeff{\"password\":" + string(password) + ",\"username\":" + string(name) + "}",
		` {"domain":{"a":[1,null]},"username":"x","username":` + string(name) + `,"password":` + string(password) + "}\r\n",
	} {
		var made session
		b.do("POST", "/api/authSessions/create", body).expect(200).into(&made)
		if got := b.do("POST", "/api/auth", `{"SESSIONID":"`+made.SessionID+`"}`).ticket().Sid; got != account.SID {
			t.Errorf("a token of %s, want %s", got, account.SID)
		}
	}
}

func TestMediaType(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	account := b.server.Accounts()[adaxes.Ordinary]
	credentials := text(map[string]string{"username": account.Username, "password": account.Password})
	for contentType, want := range map[string]int{
		"application/json": 200, "APPLICATION/JSON": 200, "application/json; charset=utf-8": 200, "application/json;charset": 200,
		"": 415, "text/plain": 415, "text/json": 415, "application/x-www-form-urlencoded": 415, "application/jsonp": 415,
		"application/problem+json": 415, "application/json, text/plain": 415, "*/*": 415,
	} {
		answer := b.do("POST", "/api/authSessions/create", credentials, "Content-Type", contentType).expect(want)
		if want == 415 && answer.fault().Code != "unsupportedMediaType" {
			t.Errorf("%q: %s", contentType, answer.body)
		}
		made := b.logIn()
		answer = b.do("POST", "/api/auth", text(map[string]string{"sessionId": made.SessionID}), "Content-Type", contentType).expect(want)
		if want == 200 && answer.ticket().Sid != account.SID {
			t.Errorf("%q: %s", contentType, answer.body)
		}
	}
	b.expectLive(4+12, 4)
}

// The bound is on what is read: a body at it is read, one byte above is not.
func TestBodySize(t *testing.T) {
	t.Parallel()
	for limit, rules := range map[int]adaxes.Rules{
		kernel.DefaultMaxBody: {}, 200: {Requests: adaxes.RequestRules{RequestRules: requestRules{MaxBody: 200}}},
	} {
		b := start(t, adaxes.Config{Rules: rules})
		made := b.logIn()
		body := text(map[string]string{"sessionId": made.SessionID})
		body += strings.Repeat(" ", limit-len(body))
		if got := b.do("POST", "/api/auth", body).ticket().Token; got == "" {
			t.Errorf("%d bytes: no token", limit)
		}
		if got := b.do("POST", "/api/auth", body+" ").expect(413).fault().Code; got != "requestTooLarge" {
			t.Errorf("%d bytes: %s", limit+1, got)
		}
		b.expectLive(1, 1)
	}
}
