package main

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/testkit/kdc"
	"example.org/conform/harness/verdict"
)

// windows answers a login by what its Authorization holds.
type windows struct {
	schemes []string
	// challenge gives one to NTLM's first message, and closes hangs up behind it.
	challenge, closes bool
	status            int
}

func (s windows) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	message, _ := base64.StdEncoding.DecodeString(text)
	status := http.StatusUnauthorized
	switch {
	case s.challenge && strings.HasPrefix(string(message), "NTLMSSP\x00\x01"):
		w.Header().Set("WWW-Authenticate", scheme+" "+base64.StdEncoding.EncodeToString(ntlmChallenge()))
		if s.closes {
			w.Header().Set("Connection", "close")
		}
	case strings.HasPrefix(string(message), "NTLMSSP\x00\x03") && s.status != 0:
		status = s.status
	default:
		w.Header()["Www-Authenticate"] = s.schemes
	}
	w.WriteHeader(status)
}

// ntlmChallenge is the second message of NTLM with Unicode names, extended session security and an empty target information.
func ntlmChallenge() []byte {
	return []byte("NTLMSSP\x00\x02\x00\x00\x00" + strings.Repeat("\x00", 8) + "\x01\x02\x88\x00" + "12345678" + strings.Repeat("\x00", 8) +
		"\x04\x00\x04\x00\x30\x00\x00\x00" + "\x00\x00\x00\x00")
}

// How far a Windows login came says why it gave nothing, as far as that is known.
func TestAdviceOnWindowsLogins(t *testing.T) {
	t.Parallel()
	const credentials, negotiate, ntlm = "refused the credentials", "Negotiate", "NTLM"
	for name, c := range map[string]struct {
		server      windows
		secure      bool
		want, never []string
	}{
		"Kerberos alone": {windows{schemes: []string{negotiate}}, false,
			[]string{"does not take NTLM", "Negotiate alone", "no password was tried", "set kerberos"}, []string{credentials}},
		"NTLM that is only offered": {windows{schemes: []string{negotiate, ntlm}}, false,
			[]string{"without a challenge", "no password was tried", "set kerberos", "a proxy"}, []string{credentials}},
		"Basic": {windows{schemes: []string{`Basic realm="proxy"`}}, false,
			[]string{"does not ask for Windows Authentication", "401 with Basic"}, []string{credentials}},
		"nothing": {windows{}, false, []string{"does not ask for Windows Authentication", "no scheme"}, []string{credentials}},
		"a connection that is closed between the steps": {windows{schemes: []string{ntlm}, challenge: true, closes: true}, false,
			[]string{"of one connection", "a proxy or balancer", "set kerberos"}, []string{credentials, "is running"}},
		"a refused proof": {windows{schemes: []string{ntlm}, challenge: true}, false,
			[]string{credentials, "password", "account.domain", "no proxy or balancer", "breaks NTLM"}, []string{"Extended Protection"}},
		"a refused proof under TLS": {windows{schemes: []string{ntlm}, challenge: true}, true,
			[]string{credentials, "password", "ends TLS before a server with Extended Protection", "carries the channel bindings"}, nil},
		"a refused proof under Negotiate": {windows{schemes: []string{negotiate}, challenge: true}, false, []string{credentials, "password"}, []string{"does not take"}},
		"an account without rights": {windows{schemes: []string{ntlm}, challenge: true, status: http.StatusForbidden}, false,
			[]string{credentials, "403", "the account may use the API"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := httptest.NewServer
			if c.secure {
				start = httptest.NewTLSServer
			}
			s := start(c.server)
			t.Cleanup(s.Close)
			advised(t, at(t, "pyramid-2018.5", s.URL, "tls: {insecureSkipVerify: true}"), verdict.ExitIncomplete, c.want, c.never)
		})
	}
}

// A KDC that gives no ticket is not taken for a server that refuses a password.
func TestAdviceWithoutTickets(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(windows{schemes: []string{"Negotiate"}})
	t.Cleanup(s.Close)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := gone.Addr().String()
	_ = gone.Close() // nobody listens there
	advised(t, at(t, "pyramid-2018.5", s.URL, "kerberos: {realm: EXAMPLE.COM, kdc: '"+address+"'}"), verdict.ExitIncomplete,
		[]string{"no Kerberos ticket", "kerberos in the target file"}, []string{"refused the credentials"})
}

// A ticket that the server refuses is told from a password that it refuses.
func TestAdviceOnRefusedTickets(t *testing.T) {
	t.Parallel()
	realm := kdc.ForTest(t)
	realm.AddService("HTTP/127.0.0.1")
	realm.AddUser("svc", "Pass-word-1")
	for name, c := range map[string]struct {
		start func(http.Handler) *httptest.Server
		want  []string
	}{
		"plain": {httptest.NewServer, []string{"refused the Kerberos ticket of svc@example.com", "kerberos.spn"}},
		"TLS":   {httptest.NewTLSServer, []string{"refused the Kerberos ticket of svc@example.com", "kerberos.spn", "Extended Protection"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := c.start(windows{schemes: []string{"Negotiate"}})
			t.Cleanup(s.Close)
			file := at(t, "pyramid-2018.5", s.URL, "kerberos: {realm: "+kdc.Realm+", kdc: '"+realm.Address()+"'}", "tls: {insecureSkipVerify: true}")
			advised(t, file, verdict.ExitIncomplete, c.want, []string{"refused the credentials"})
		})
	}
}

// A server that requires Extended Protection is judged as any: every login, however it is spelt, names its channel.
func TestExtendedProtection(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{
		Profile: "pyramid-2018.5", TLS: true, CAFile: filepath.Join(t.TempDir(), "ca.pem"), Variant: "extended-protection",
	})
	o := conform(t, nil, "run", "--target-file", describe(t, server))
	if o.code != verdict.ExitConformant || o.report == nil || o.report.Runs[0].Totals.Warned > 0 || o.report.Runs[0].Totals.Inconclusive > 0 {
		t.Errorf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
}
