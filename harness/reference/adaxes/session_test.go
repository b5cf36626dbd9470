package adaxes_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

func TestLogonNames(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{LockoutAfter: -1}})
	account := b.server.Accounts()[adaxes.Ordinary]
	ids := map[string]bool{}
	granted := []string{
		account.Username, strings.ToUpper(account.Username), strings.ToLower(account.Username),
		account.DownLevelName, strings.ToUpper(account.DownLevelName), strings.ToLower(account.DownLevelName),
	}
	for _, name := range granted {
		var made session
		b.attempt(name, account.Password).expect(200).into(&made)
		if len(made.SessionID) < 20 || ids[made.SessionID] {
			t.Errorf("%q: session %q is short, or was given before", name, made.SessionID)
		}
		ids[made.SessionID] = true
		if got := b.issue(made).Sid; got != account.SID {
			t.Errorf("%q: a session of %s, want %s", name, got, account.SID)
		}
	}
	b.expectLive(len(granted), len(granted))
	user, _, _ := strings.Cut(account.Username, "@")
	for _, name := range []string{
		"", user, " " + account.Username, account.Username + " ", user + "@other.example", `OTHER\` + user, account.DN,
		strings.ReplaceAll(account.DownLevelName, `\`, "/"), b.server.Accounts()[adaxes.Disabled].Username,
	} {
		b.expectAttempt(name, account.Password, "invalidCredentials", -1)
	}
}

// No refusal repeats the password that it refuses.
func TestPasswordsAreNotRepeated(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	for _, account := range b.server.Accounts() {
		for _, password := range []string{account.Password, account.Password + "x"} {
			escaped := strings.Trim(text(map[string]string{"": account.Password}), `{}":`)
			answer := b.attempt(account.Username, password)
			if strings.Contains(answer.body, account.Password) || strings.Contains(answer.body, escaped) {
				t.Errorf("%s: %s", account.State, answer.body)
			}
		}
	}
}

// The header of a session's answer, and its time to the unit of the answers.
func TestSessionAnswer(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		b := start(t, adaxes.Config{Config: kernel.Config{Profile: profile, SessionLifetime: time.Hour}})
		account := b.server.Accounts()[adaxes.Ordinary]
		answer := b.attempt(account.Username, account.Password).expect(200)
		for name, want := range map[string]string{
			"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", "Adm-Service": b.server.Service(0),
			"Content-Length": fmt.Sprint(len(answer.body)),
		} {
			if got := answer.header.Get(name); got != want {
				t.Errorf("%s: %s %q, want %q", profile, name, got, want)
			}
		}
		if got, want := answer.object()["expiresAtUtc"], "2023-01-20T22:40:48.1234568Z"; got != want {
			t.Errorf("%s: expiresAtUtc %v, want %s", profile, got, want)
		}
	}
}

// An account that does not exist is answered like one that does, header and body, up to the lock and beyond.
func TestNoEnumeration(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{LockoutAfter: 3}})
	accounts := b.server.Accounts()
	series := func(username, downLevel string) (answers []string) {
		for _, name := range []string{username, downLevel, strings.ToUpper(username), strings.ToLower(downLevel), username} {
			answer := b.attempt(name, "wrong")
			answer.header.Del("Date")
			answers = append(answers, fmt.Sprint(answer.status, answer.body, slices.Sorted(maps.Keys(answer.header)), answer.header["Content-Length"]))
		}
		return answers
	}
	known := series(accounts[adaxes.Ordinary].Username, accounts[adaxes.Ordinary].DownLevelName)
	if !strings.Contains(known[0], `"attemptsLeft":2`) || !strings.Contains(known[4], "accountLockedOut") {
		t.Errorf("a known account is answered %q", known)
	}
	for what, got := range map[string][]string{
		"an unknown account":   series("nobody@example.com", `EXAMPLE\nobody`),
		"a disabled account":   series(accounts[adaxes.Disabled].Username, accounts[adaxes.Disabled].DownLevelName),
		"a locked account":     series(accounts[adaxes.LockedOut].Username, accounts[adaxes.LockedOut].DownLevelName),
		"a name outside ASCII": series("ärger@example.com", `EXAMPLE\ärger`),
	} {
		if !slices.Equal(got, known) {
			t.Errorf("%s is answered %q, a known one %q", what, got, known)
		}
	}
}
