package reference_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
)

// secure starts a server with TLS, and gives a client that trusts the authorities of a file alone.
func secure(t *testing.T) (s *reference.Server, trusting func(caFile string) *http.Client) {
	t.Helper()
	s, err := reference.Serve(reference.Options{
		Profile: profile, Instances: 2, TLS: true, CAFile: filepath.Join(t.TempDir(), "authority.pem"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, func(caFile string) *http.Client {
		pool := x509.NewCertPool()
		if caFile != "" {
			text, err := os.ReadFile(caFile)
			if err != nil {
				t.Fatal(err)
			}
			if !pool.AppendCertsFromPEM(text) {
				t.Fatalf("no certificate in %s", text)
			}
			if strings.Contains(string(text), "PRIVATE KEY") || strings.Count(string(text), "BEGIN ") != 1 {
				t.Errorf("the authority's file is %s", text)
			}
		}
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}
	}
}

// The authority in the file vouches for the server on every address, and no other authority does.
func TestTLSVerifies(t *testing.T) {
	t.Parallel()
	s, trusting := secure(t)
	other, _ := secure(t)
	caFile := s.Target().TLS.CAFile
	if !filepath.IsAbs(caFile) || !strings.HasPrefix(s.URL(), "https://127.0.0.1:") {
		t.Errorf("URL %s, authority in %s", s.URL(), caFile)
	}
	at, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range append([]string{s.URL(), "https://localhost:" + at.Port()}, s.Target().Instances...) {
		answer, err := trusting(caFile).Get(address + "/nothing")
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusNotFound || answer.TLS.Version < tls.VersionTLS12 {
			t.Errorf("%s: status %d, TLS %x", address, answer.StatusCode, answer.TLS.Version)
		}
	}
	for what, file := range map[string]string{"no authority": "", "another server's authority": other.Target().TLS.CAFile} {
		answer, err := trusting(file).Get(s.URL())
		if err == nil {
			_ = answer.Body.Close()
		}
		if unknown := (x509.UnknownAuthorityError{}); !errors.As(err, &unknown) {
			t.Errorf("with %s: %v", what, err)
		}
	}
	answer, err := http.Get("http://" + at.Host)
	if err == nil {
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("without TLS: %d", answer.StatusCode)
		}
	}
}

// The certificate names the hosts that it is for, and no other.
func TestTLSNamesItsHost(t *testing.T) {
	t.Parallel()
	s, trusting := secure(t)
	client := trusting(s.Target().TLS.CAFile)
	client.Transport.(*http.Transport).TLSClientConfig.ServerName = "other.example.com"
	answer, err := client.Get(s.URL())
	if err == nil {
		_ = answer.Body.Close()
	}
	if other := (x509.HostnameError{}); !errors.As(err, &other) {
		t.Errorf("under another name: %v", err)
	}
}

// HTTP/2 is offered beside HTTP/1.1, but where something is of the connection or may take it over.
func TestTLSOffersHTTP2(t *testing.T) {
	t.Parallel()
	all := reference.Faults()
	some := all[slices.IndexFunc(all, func(f fault.Named) bool { return slices.Contains(f.Profiles, profile) })].Name
	for want, servers := range map[string][]reference.Options{
		"h2":       {{Profile: "adaxes-2025.1"}, {Profile: "aria-operations-8"}, {Profile: "bluecat-9.5"}},
		"http/1.1": {{Profile: "pyramid-2018.5"}, {Profile: profile, Variant: "jitter"}, {Profile: profile, Fault: some}},
	} {
		for _, o := range servers {
			o.TLS, o.CAFile = true, filepath.Join(t.TempDir(), "authority.pem")
			s, err := reference.Serve(o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			if got := spoken(t, s, "h2", "http/1.1"); got != want {
				t.Errorf("%+v: %s, want %s", o, got, want)
			}
			if got := spoken(t, s, "http/1.1"); got != "http/1.1" {
				t.Errorf("%+v: %s for who speaks HTTP/1.1 alone", o, got)
			}
		}
	}
}

// spoken is what a server chooses of some protocols.
func spoken(t *testing.T, s *reference.Server, offered ...string) string {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12, NextProtos: offered}
	at, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().NegotiatedProtocol
}

// What was made by nobody here is not overwritten: it may be the only copy of what somebody trusts. What a server wrote is.
func TestTLSOverwritesItsOwnFilesAlone(t *testing.T) {
	t.Parallel()
	other, err := reference.Issue("other.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{
		"a text": "precious", "nothing": "", "a key": string(other.Key), "a server's certificate": string(other.Certificate),
		"one of ours with another behind it": string(other.Authority) + string(other.Certificate),
	} {
		file := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := reference.Serve(reference.Options{Profile: profile, TLS: true, CAFile: file})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "ca.pem is there and was not made by conform serve") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
		if kept, _ := os.ReadFile(file); string(kept) != text {
			t.Errorf("%s was overwritten", what)
		}
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	for range 2 {
		s, err := reference.Serve(reference.Options{Profile: profile, TLS: true, CAFile: file})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
}
