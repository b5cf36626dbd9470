package winlogin_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/go-ntlmssp"

	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/winauth"
)

// What is changed in a proof arrives at a server as what its name says.
func TestChangedProofs(t *testing.T) {
	t.Parallel()
	first, err := ntlmssp.NewNegotiateMessage("", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		change func([]byte) []byte
		err    error
	}{
		"hollow": {winlogin.Hollow, ntlm.ErrMalformed}, "anonymous": {winlogin.Anonymous, ntlm.ErrAnonymous}, "cut": {winlogin.Cut, ntlm.ErrMalformed},
		"headless": {winlogin.Headless, ntlm.ErrMalformed}, "far off": {winlogin.FarOff, ntlm.ErrMalformed},
		"of version one": {winlogin.VersionOne, ntlm.ErrUnsupported}, "last changed": {winlogin.LastChanged, nil},
		"as it is": {func(proof []byte) []byte { return proof }, nil},
	} {
		exchange, challenge, err := ntlm.Begin(ntlm.Target{Domain: "EXAMPLE", Computer: "HOST"}, time.Now(), first)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := ntlmssp.NewAuthenticateMessage(challenge, `EXAMPLE\anna`, "secret", nil)
		if err != nil {
			t.Fatal(err)
		}
		before := string(proof)
		if _, err := exchange.Answered(want.change(proof)); !errors.Is(err, want.err) {
			t.Errorf("%s: %v", name, err)
		}
		if string(proof) != before {
			t.Errorf("%s: the proof itself was changed", name)
		}
	}
}

// A bare request goes on the connection of the login before it: a server that keeps a connection logged in shows so.
func TestBareGoesOnTheConnectionBeforeIt(t *testing.T) {
	t.Parallel()
	for _, persistent := range []bool{false, true} {
		server, url, connections := start(t, pyramid.Config{Rules: pyramid.Rules{Rules: winauth.Rules{Persistent: persistent}}})
		admin := server.Accounts().Admin
		for password, want := range map[string]int{admin.Password: http.StatusOK, "wrong": http.StatusUnauthorized} {
			before := winlogin.Login{Username: admin.DownLevelName, Password: password}
			status, body, err := post(winlogin.With(t.Context(), winlogin.Login{Before: []winlogin.Login{before}, Bare: true}), transport(t), url)
			if !persistent {
				want = http.StatusUnauthorized
			}
			if err != nil || status != want || strings.Contains(body, "html") == (want == http.StatusOK) {
				t.Errorf("persistent %v, %s: %d %v", persistent, password, status, err)
			}
		}
		if n := connections.Load(); n != 2 {
			t.Errorf("%d connections for two logins", n)
		}
	}
}
