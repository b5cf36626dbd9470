package adaxes_test

import (
	"strings"
	"testing"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

func TestEveryAccountIsAnsweredByItsState(t *testing.T) {
	t.Parallel()
	reasons := map[adaxes.State]float64{adaxes.Ordinary: 0, adaxes.PasswordExpired: 1, adaxes.PasswordMustBeChanged: 2}
	codes := map[adaxes.State]string{
		adaxes.Disabled: "accountIsDisabled", adaxes.LockedOut: "accountLockedOut", adaxes.Expired: "accountExpired",
		adaxes.OutsideLogonHours: "logonTimeIncorrect", adaxes.AccessDenied: "accessDenied",
	}
	for _, profile := range profiles {
		b := start(t, adaxes.Config{Config: kernel.Config{Profile: profile}})
		for _, account := range b.server.Accounts() {
			for _, name := range []string{
				account.Username, strings.ToUpper(account.Username), account.DownLevelName, strings.ToLower(account.DownLevelName),
			} {
				if code, refused := codes[account.State]; refused {
					b.expectAttempt(name, account.Password, code, -1)
					continue
				}
				reply := b.attempt(name, account.Password).expect(200)
				if profile == adaxes.Profile20251 {
					reply.expectNames("sessionId", "expiresAtUtc")
					continue
				}
				reply.expectNames("sessionId", "totpState", "changePasswordReason", "expiresAtUtc")
				if o := reply.object(); o["totpState"] != nil || o["changePasswordReason"] != reasons[account.State] {
					t.Errorf("%s: %s", account.State, reply.body)
				}
			}
		}
	}
}

// A state is told only to who knows the password.
func TestStateIsNotToldToAGuess(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	for _, account := range b.server.Accounts() {
		b.expectAttempt(account.Username, "wrong", "invalidCredentials", kernel.DefaultLockoutAfter-1)
	}
}

func TestPasswordsAreComparedExactly(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Config: kernel.Config{LockoutAfter: -1}})
	account := b.server.Accounts()[adaxes.Ordinary]
	p := account.Password
	near := []string{
		"", p + " ", " " + p, p[:len(p)-1], p[1:], p + p, p + "\x00", strings.ToLower(p), strings.ToUpper(p),
		b.server.Accounts()[adaxes.Disabled].Password,
	}
	for _, wrong := range near {
		b.expectAttempt(account.Username, wrong, "invalidCredentials", -1)
	}
	if seen := b.server.Wrong(); seen[account.Username] != len(near) {
		t.Errorf("%d wrong passwords counted as %+v", len(near), seen)
	}
	b.logIn()
}

func TestEveryLoginGivesASessionOfItsOwn(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{})
	first, second := b.logIn(), b.logIn()
	if first.SessionID == second.SessionID {
		t.Fatalf("one session for two logins: %q", first.SessionID)
	}
	b.terminate(first)
	b.obtain(first).expect(404)
	b.issue(second)
	b.expectLive(1, 1)
}

func TestPasswordsAreRandomAndHardToCarry(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 2 {
		for _, account := range start(t, adaxes.Config{}).server.Accounts() {
			p := account.Password
			for _, escaped := range random.Escaped {
				if !strings.ContainsRune(p, escaped) && !strings.HasSuffix(string(account.State), "Password") {
					t.Errorf("the password of %s has no %q", account.Username, escaped)
				}
			}
			if seen[p] || strings.ToLower(p) == p || strings.ToUpper(p) == p {
				t.Errorf("the password of %s is not new, or of one letter case", account.Username)
			}
			seen[p] = true
		}
	}
}
