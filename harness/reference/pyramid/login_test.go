package pyramid_test

import (
	"bufio"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/go-ntlmssp"
	"github.com/jcmturner/gokrb5/v8/spnego"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/winauth"
)

// wire is one connection to a server, on which a test says every step of a login itself.
type wire struct {
	t      *testing.T
	conn   net.Conn
	reader *bufio.Reader
}

func dial(t *testing.T, base string) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &wire{t, conn, bufio.NewReader(conn)}
}

// post asks for a token with an Authorization, and returns the status, the body and the message of the next step.
func (w *wire) post(authorization string) (status int, body string, next []byte) {
	w.t.Helper()
	header := ""
	if authorization != "" {
		header = "Authorization: " + authorization + "\r\n"
	}
	_, err := fmt.Fprintf(w.conn, "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: 4\r\n\r\nnull", loginPath, header)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.ReadResponse(w.reader, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, encoded, ok := strings.Cut(resp.Header.Get("WWW-Authenticate"), " "); ok {
		if next, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			w.t.Fatal(err)
		}
	}
	return resp.StatusCode, string(data), next
}

func encode(scheme string, message []byte) string {
	return scheme + " " + base64.StdEncoding.EncodeToString(message)
}

func firstMessage(t *testing.T) []byte {
	t.Helper()
	first, err := ntlmssp.NewNegotiateMessage("", "")
	if err != nil {
		t.Fatal(err)
	}
	return first
}

func proofFor(t *testing.T, challenge []byte, a pyramid.Account) []byte {
	t.Helper()
	proof, err := ntlmssp.NewAuthenticateMessage(challenge, a.DownLevelName, a.Password, nil)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

func TestLoginBySteps(t *testing.T) {
	t.Parallel()
	server, base := start(t, pyramid.Config{})
	admin := server.Accounts().Admin
	for _, scheme := range []string{"NTLM", "Negotiate", "ntlm"} {
		w := dial(t, base)
		if status, _, _ := w.post(""); status != 401 {
			t.Errorf("%s: without credentials: %d", scheme, status)
		}
		status, _, challenge := w.post(encode(scheme, firstMessage(t)))
		if status != 401 || challenge == nil {
			t.Fatalf("%s: the first message: %d", scheme, status)
		}
		proof := encode(scheme, proofFor(t, challenge, admin))
		status, token, _ := w.post(proof)
		if status != 200 || call(t, base, token) != 200 {
			t.Errorf("%s: the proof: %d", scheme, status)
		}
		if status, _, _ := w.post(proof); status != 401 {
			t.Errorf("%s: the same proof a second time: %d", scheme, status)
		}
		if status, _, _ := w.post(""); status != 401 {
			t.Errorf("%s: without credentials after a login: %d", scheme, status)
		}
	}
}

func TestProofIsBoundToItsConnection(t *testing.T) {
	t.Parallel()
	server, base := start(t, pyramid.Config{})
	here, there := dial(t, base), dial(t, base)
	_, _, challenge := here.post(encode("NTLM", firstMessage(t)))
	proof := encode("NTLM", proofFor(t, challenge, server.Accounts().Admin))
	if status, _, _ := there.post(proof); status != 401 {
		t.Errorf("on a connection without a challenge: %d", status)
	}
	there.post(encode("NTLM", firstMessage(t)))
	if status, _, _ := there.post(proof); status != 401 {
		t.Errorf("on a connection with another challenge: %d", status)
	}
	if status, _, _ := here.post(proof); status != 200 {
		t.Errorf("on its own connection: %d", status)
	}
}

// Browsers on Windows wrap NTLM in SPNEGO, and often offer Kerberos first.
func TestLoginInSPNEGO(t *testing.T) {
	t.Parallel()
	server, base := start(t, pyramid.Config{})
	ntlmID := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}
	kerberosID := asn1.ObjectIdentifier{1, 2, 840, 113554, 1, 2, 2}
	for name, offered := range map[string][]asn1.ObjectIdentifier{
		"NTLM first": {ntlmID}, "Kerberos first": {kerberosID, ntlmID},
	} {
		w := dial(t, base)
		message := firstMessage(t)
		_, _, answer := w.post(encode("Negotiate", firstToken(t, offered, message)))
		if name == "Kerberos first" {
			// The server asks for NTLM; the message that came was not for it.
			_, _, answer = w.post(encode("Negotiate", laterToken(t, message)))
		}
		var parsed spnego.NegTokenResp
		if err := parsed.Unmarshal(answer); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		status, token, last := w.post(encode("Negotiate", laterToken(t, proofFor(t, parsed.ResponseToken, server.Accounts().Admin))))
		if status != 200 || call(t, base, token) != 200 {
			t.Errorf("%s: %d", name, status)
		}
		if err := parsed.Unmarshal(last); err != nil {
			t.Errorf("%s: the last word of the negotiation: %v", name, err)
		}
	}
}

// marshal writes an ASN.1 value under a tag.
func marshal(t *testing.T, class, tag int, parts ...[]byte) []byte {
	t.Helper()
	var inner []byte
	for _, p := range parts {
		inner = append(inner, p...)
	}
	data, err := asn1.Marshal(asn1.RawValue{Class: class, Tag: tag, IsCompound: true, Bytes: inner})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func octets(t *testing.T, value any) []byte {
	t.Helper()
	data, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func firstToken(t *testing.T, offered []asn1.ObjectIdentifier, message []byte) []byte {
	const context, application = asn1.ClassContextSpecific, asn1.ClassApplication
	return marshal(t, application, 0, octets(t, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 2}),
		marshal(t, context, 0, marshal(t, asn1.ClassUniversal, asn1.TagSequence,
			marshal(t, context, 0, octets(t, offered)), marshal(t, context, 2, octets(t, message)))))
}

func laterToken(t *testing.T, message []byte) []byte {
	const context = asn1.ClassContextSpecific
	return marshal(t, context, 1, marshal(t, asn1.ClassUniversal, asn1.TagSequence, marshal(t, context, 2, octets(t, message))))
}

func TestAnotherLibrarysTransportLogsIn(t *testing.T) {
	t.Parallel()
	for _, schemes := range [][]string{nil, {winauth.SchemeNTLM}, {winauth.SchemeNegotiate}} {
		server, base := start(t, pyramid.Config{Rules: pyramid.Rules{Rules: winauth.Rules{Schemes: schemes}}})
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		client := &http.Client{Transport: ntlmssp.Negotiator{RoundTripper: transport}}
		for _, a := range server.Accounts().All() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+loginPath, strings.NewReader("null"))
			if err != nil {
				t.Fatal(err)
			}
			req.SetBasicAuth(a.DownLevelName, a.Password)
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			token, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			want := map[bool]int{true: 200, false: 403}[a.Admin]
			if err != nil || resp.StatusCode != 200 || call(t, base, string(token)) != want {
				t.Errorf("%v, %s: %d, %v", schemes, a.Name, resp.StatusCode, err)
			}
		}
	}
}

// A connection that has logged in stays so where the server is told to keep it.
func TestPersistentLogin(t *testing.T) {
	t.Parallel()
	server, base := start(t, pyramid.Config{Rules: pyramid.Rules{Rules: winauth.Rules{Persistent: true}}})
	w := dial(t, base)
	_, _, challenge := w.post(encode("NTLM", firstMessage(t)))
	w.post(encode("NTLM", proofFor(t, challenge, server.Accounts().Admin)))
	if status, _, _ := w.post(""); status != 200 {
		t.Errorf("without credentials after a login: %d", status)
	}
	if status, _, _ := dial(t, base).post(""); status != 401 {
		t.Errorf("on another connection: %d", status)
	}
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()
	now := time.Now()
	clock := make(chan time.Time, 1)
	clock <- now
	server, base := start(t, pyramid.Config{Config: kernel.Config{TokenLifetime: time.Minute, Clock: func() time.Time {
		at := <-clock
		clock <- at
		return at
	}}})
	w := dial(t, base)
	_, _, challenge := w.post(encode("NTLM", firstMessage(t)))
	_, token, _ := w.post(encode("NTLM", proofFor(t, challenge, server.Accounts().Admin)))
	set := func(to time.Time) {
		<-clock
		clock <- to
	}
	if set(now.Add(59 * time.Second)); call(t, base, token) != 200 {
		t.Error("a token ends before its time")
	}
	if _, tokens := server.Live(); tokens != 1 {
		t.Errorf("%d live tokens", tokens)
	}
	if set(now.Add(time.Minute)); call(t, base, token) != 401 {
		t.Error("a token outlives its time")
	}
}
