package adaxes_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

// A renewal adds a token and takes nothing away.
func TestRenewal(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		b := start(t, adaxes.Config{Config: kernel.Config{Profile: profile}})
		made := b.logIn()
		old := b.issue(made)
		b.terminate(made)
		b.clock.Add(time.Second)
		answer := b.renew(old.Token, old.Token).expect(200)
		answer.expectNames("id", "token", "sid", "expiresAtUtc", "applications")
		renewed := answer.ticket()
		if renewed.Token == old.Token || len(renewed.Token) <= 400 || renewed.ID == old.ID || renewed.ID == "" {
			t.Errorf("renewed into id %q, token %q; the old id is %q", renewed.ID, renewed.Token, old.ID)
		}
		if renewed.Sid != old.Sid || !slices.Equal(renewed.Applications, old.Applications) {
			t.Errorf("renewed into %+v", renewed)
		}
		if old.ExpiresAtUtc != "2023-01-20T22:10:48.1234568Z" || renewed.ExpiresAtUtc != "2023-01-20T22:10:49.1234568Z" {
			t.Errorf("expires at %s, renewed at %s", old.ExpiresAtUtc, renewed.ExpiresAtUtc)
		}
		for what, credential := range map[string]string{
			"the old token": old.Token, "the old id": old.ID, "the new token": renewed.Token, "the new id": renewed.ID,
		} {
			b.expectRead(what, credential, 200)
		}
		b.expectLive(0, 2)
	}
}

// A token and its id both do as the header and as the parameter, and the two need not name one ticket.
func TestRenewalByEitherName(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	one, other := b.issue(made), b.issue(made)
	account := b.server.Accounts()[adaxes.PasswordExpired]
	var foreign session
	b.attempt(account.Username, account.Password).expect(200).into(&foreign)
	stranger := b.issue(foreign)
	for _, header := range []string{one.Token, one.ID, other.Token, other.ID, stranger.Token} {
		for _, parameter := range []string{one.Token, one.ID} {
			if got := b.renew(header, parameter).ticket(); got.Sid != b.server.Accounts()[adaxes.Ordinary].SID {
				t.Errorf("renewed into a token of %s", got.Sid)
			} else {
				b.expectRead("a renewed token", got.Token, 200)
			}
		}
	}
	b.expectLive(2, 3+10)
}

// Renewed tokens can be renewed, and each expires a full lifetime after its own renewal.
func TestChainOfRenewals(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{TokenLifetime: time.Minute}})
	chain := []ticket{b.issue(b.logIn())}
	for range 5 {
		b.clock.Add(time.Minute - time.Second)
		last := chain[len(chain)-1]
		chain = append(chain, b.renew(last.Token, last.Token).ticket())
		b.expectRead("the token that was renewed", last.Token, 200)
		if len(chain) > 2 {
			b.expectRead("the one before", chain[len(chain)-3].Token, 401)
		}
	}
	b.expectLive(1, 2)
}

// The parameter is decoded once. A client that does not encode its plus signs sends blanks.
func TestRenewalDecodesTheParameter(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	got := b.issue(b.logIn())
	escaped := url.QueryEscape(got.Token)
	everyByte := ""
	for _, c := range []byte(got.Token) {
		everyByte += fmt.Sprintf("%%%02x", c)
	}
	for query, want := range map[string]int{
		"token=" + escaped: 200, "token=" + everyByte: 200, "TOKEN=" + escaped: 200, "a=b&token=" + escaped + "&c": 200,
		"token=" + escaped + "&token=x": 200, "%74oken=" + escaped: 200, "a=%zz&token=" + escaped: 200,
		"token=x&token=" + escaped: 404, "Token=x&TOKEN=" + escaped: 404,
		"token=" + url.QueryEscape(escaped): 404, "token=" + strings.ReplaceAll(escaped, "%2B", "+"): 404,
		"": 400, "token": 400, "token=": 400, "token=%zz": 400, "tokens=" + escaped: 400, "id=" + escaped: 400,
	} {
		answer := b.do("PATCH", "/api/auth?"+query, "", "Adm-Authorization", got.Token)
		if answer.status != want {
			t.Errorf("%s: %d, want %d: %s", strings.ReplaceAll(query, escaped, "…"), answer.status, want, answer.body)
		} else if want == 400 {
			answer.expectBadRequest("token")
		}
	}
	b.expectLive(1, 1+7)
}

func TestRefusedRenewals(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	made := b.logIn()
	got, gone := b.issue(made), b.issue(made)
	b.destroy(got.Token, gone.Token)
	for _, c := range []struct {
		what, header, parameter string
		want                    int
		code                    string
	}{
		{"no header", "", got.Token, 401, "unauthorized"},
		{"a made-up header", "made-up", got.Token, 401, "unauthorized"},
		{"the session in the header", made.SessionID, got.Token, 401, "unauthorized"},
		{"a destroyed token in the header", gone.Token, got.Token, 401, "unauthorized"},
		{"the id of a destroyed token in the header", gone.ID, got.Token, 401, "unauthorized"},
		{"neither is valid", "made-up", "made-up", 401, "unauthorized"},
		{"a made-up parameter", got.Token, "made-up", 404, "notFound"},
		{"the session as parameter", got.Token, made.SessionID, 404, "notFound"},
		{"a destroyed token as parameter", got.Token, gone.Token, 404, "notFound"},
		{"the id of a destroyed token as parameter", got.Token, gone.ID, 404, "notFound"},
		{"other letter case", got.Token, swapCase(got.Token), 404, "notFound"},
	} {
		answer := b.renew(c.header, c.parameter)
		if f := answer.fault(); answer.status != c.want || f.Code != c.code {
			t.Errorf("%s: %d %s, want %d", c.what, answer.status, answer.body, c.want)
		}
	}
	b.expectLive(1, 1)
}
