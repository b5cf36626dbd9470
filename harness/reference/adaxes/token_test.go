package adaxes_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

func TestTokenShape(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		b := start(t, adaxes.Config{Config: kernel.Config{Profile: profile, TokenLifetime: time.Hour}})
		made := b.logIn()
		seen := map[string]bool{}
		for range 20 {
			answer := b.obtain(made).expect(200)
			answer.expectNames("id", "token", "sid", "expiresAtUtc", "applications")
			if got := answer.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
				t.Errorf("a token as %q", got)
			}
			if got := answer.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("a token with Cache-Control %q", got)
			}
			got := answer.ticket()
			if len(got.Token) <= 400 || !strings.Contains(got.Token, "+") || !strings.Contains(got.Token, "/") || !strings.HasSuffix(got.Token, "=") {
				t.Errorf("a token of %d characters, which must be above 400 and hold +, / and =: %s", len(got.Token), got.Token)
			}
			if _, err := base64.StdEncoding.DecodeString(got.Token); err != nil {
				t.Errorf("the token: %v", err)
			}
			if got.ID == "" || strings.ContainsAny(got.ID, "+/=") || got.Sid != b.server.Accounts()[adaxes.Ordinary].SID || !strings.HasPrefix(got.Sid, "S-1-5-21-") {
				t.Errorf("id %q, sid %q", got.ID, got.Sid)
			}
			if got.ExpiresAtUtc != "2023-01-20T22:40:48.1234568Z" || len(got.Applications) != 1 || got.Applications[0] != "REST API" {
				t.Errorf("expiresAtUtc %s, applications %q", got.ExpiresAtUtc, got.Applications)
			}
			if seen[got.ID] || seen[got.Token] || got.ID == made.SessionID {
				t.Error("an id or a token was given before")
			}
			seen[got.ID], seen[got.Token] = true, true
			b.expectRead("the token", got.Token, 200)
			b.expectRead("the id", got.ID, 200)
		}
		b.expectLive(1, 20)
	}
}

// Up to 2023.2 the type must be 0; later releases look at none.
func TestType(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		b := start(t, adaxes.Config{Config: kernel.Config{Profile: profile}})
		made := b.logIn()
		tokens := 0
		for member, accepted := range map[string]bool{
			"": true, `,"type":0`: true, `,"type":"0"`: true, `,"TYPE":0`: true, `,"type":1,"type":0`: true,
			`,"type":1`: false, `,"type":-1`: false, `,"type":"1"`: false, `,"type":""`: false, `,"type":null`: false, `,"type":true`: false,
			`,"type":0.0`: false, `,"type":[0]`: false, `,"type":{}`: false, `,"type":0,"type":1`: false,
		} {
			answer := b.do("POST", "/api/auth", `{"sessionId":"`+made.SessionID+`"`+member+`}`)
			if accepted || profile == adaxes.Profile20251 {
				b.expectRead("a token issued with "+member, answer.ticket().Token, 200)
				tokens++
				continue
			}
			answer.expectBadRequest("type")
		}
		b.expectLive(1, tokens)
	}
}

// No text but the identifier itself issues a token.
func TestUnknownSessions(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	issued := b.issue(made)
	id := made.SessionID
	for what, wrong := range map[string]string{
		"a made-up id": "made-up", "one character more": id + "x", "one less": id[:len(id)-1], "a blank more": id + " ",
		"other letter case": swapCase(id), "a ticket id": issued.ID, "a token": issued.Token,
	} {
		if got := b.obtain(session{SessionID: wrong}).expect(404).fault().Code; got != "notFound" {
			t.Errorf("%s: %s", what, got)
		}
	}
	b.expectLive(1, 1)
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	got := b.issue(made)
	flip := map[bool]string{true: "B", false: "A"}[got.Token[200] == 'A']
	for what, credential := range map[string]string{
		"nothing": "", "a made-up token": "made-up", "the session id": made.SessionID, "a token cut short": got.Token[:len(got.Token)-1],
		"a token without its first character": got.Token[1:], "one character changed": got.Token[:200] + flip + got.Token[201:],
		"a token in other letter case": swapCase(got.Token), "an id in other letter case": swapCase(got.ID),
		"a scheme before it": "Bearer " + got.Token, "two tokens": got.Token + "," + got.Token,
		"an encoded token": strings.ReplaceAll(got.Token, "+", "%2B"),
	} {
		b.expectRead(what, credential, 401)
	}
	b.expectRead("the token", got.Token, 200)
	for _, header := range []string{"Authorization", "Adm-Authorisation"} {
		b.do("GET", "/api/directoryObjects?directoryObject="+"x", "", header, got.Token).expect(401)
	}
}

// swapCase turns every letter's case.
func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if upper := strings.ToUpper(string(r)); upper != string(r) {
			return []rune(upper)[0]
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, s)
}
