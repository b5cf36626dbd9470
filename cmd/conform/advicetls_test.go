package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"example.org/conform/harness/verdict"
)

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// sign makes a certificate of one's own, which a function completes; a nil authority makes one that signs itself.
func (by *authority) sign(t *testing.T, complete func(*x509.Certificate)) *authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	complete(template)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by == nil {
		by = &authority{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, &key.PublicKey, by.key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{made, key}
}

func isAuthority(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = name, true, true, x509.KeyUsageCertSign
	}
}

// forLoopback has a certificate be for the address of the tests' servers.
func forLoopback(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }

// pair is the certificate as a server or a client shows it, with others of its chain.
func (by *authority) pair(chain ...*authority) tls.Certificate {
	made := tls.Certificate{Certificate: [][]byte{by.certificate.Raw}, PrivateKey: by.key}
	for _, above := range chain {
		made.Certificate = append(made.Certificate, above.certificate.Raw)
	}
	return made
}

func (by *authority) file(t *testing.T) string {
	t.Helper()
	return write(t, "certificate.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: by.certificate.Raw})))
}

func (by *authority) keyFile(t *testing.T) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(by.key)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// secured serves nothing under TLS of a configuration, and returns the URL.
func secured(t *testing.T, config *tls.Config) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog, s.TLS = log.New(io.Discard, "", 0), config // refused handshakes are what is tested
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// What is wrong with a certificate is named, with what leads out of it.
func TestAdviceOnCertificates(t *testing.T) {
	t.Parallel()
	root := (*authority)(nil).sign(t, isAuthority("Example Root"))
	between := root.sign(t, isAuthority("Example Issuing"))
	expired := func(c *x509.Certificate) {
		forLoopback(c)
		c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	}
	future := func(c *x509.Certificate) {
		forLoopback(c)
		c.NotBefore, c.NotAfter = time.Now().Add(24*time.Hour), time.Now().Add(48*time.Hour)
	}
	others := func(c *x509.Certificate) { c.DNSNames = []string{"adaxes.example.com", "*.example.net"} }
	trusted := "tls: {caFile: " + root.file(t) + "}"
	for name, c := range map[string]struct {
		shown tls.Certificate
		tls   string
		want  []string
	}{
		"no subjectAltName":    {root.sign(t, func(*x509.Certificate) {}).pair(), trusted, []string{"subjectAltName", `"127.0.0.1"`}},
		"other names":          {root.sign(t, others).pair(), trusted, []string{"not for the host name 127.0.0.1", "adaxes.example.com, *.example.net"}},
		"expired":              {root.sign(t, expired).pair(), trusted, []string{"has expired", "renew it", "clock"}},
		"not yet valid":        {root.sign(t, future).pair(), trusted, []string{"is not valid before", "clock"}},
		"an unknown authority": {root.sign(t, forLoopback).pair(), "", []string{"does not know (CN=Example Root)", "tls.caFile"}},
		"signed by itself":     {(*authority)(nil).sign(t, forLoopback).pair(), "", []string{"signed by itself", "the certificate itself as tls.caFile"}},
		"no intermediate":      {between.sign(t, forLoopback).pair(), trusted, []string{"does not know (CN=Example Issuing)", "intermediate"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := secured(t, &tls.Config{Certificates: []tls.Certificate{c.shown}})
			advised(t, at(t, "adaxes-2025.1", url, c.tls), verdict.ExitIncomplete, c.want, []string{"is running"})
		})
	}
	t.Run("the whole chain", func(t *testing.T) {
		t.Parallel()
		url := secured(t, &tls.Config{Certificates: []tls.Certificate{between.sign(t, forLoopback).pair(between)}})
		advised(t, at(t, "adaxes-2025.1", url, trusted), verdict.ExitIncomplete, []string{"404"}, []string{"certificate"})
	})
}

// A client certificate that is missing, or is not taken, is named as such in each version of TLS, also where the server says nothing.
func TestAdviceOnClientCertificates(t *testing.T) {
	t.Parallel()
	root := (*authority)(nil).sign(t, isAuthority("Example Root"))
	server, clients := root.sign(t, forLoopback), x509.NewCertPool()
	clients.AddCert(root.certificate)
	stranger := (*authority)(nil).sign(t, func(*x509.Certificate) {})
	for version, number := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		config := func(wanted tls.ClientAuthType) *tls.Config {
			return &tls.Config{
				Certificates: []tls.Certificate{server.pair()}, ClientAuth: wanted, ClientCAs: clients, MinVersion: number, MaxVersion: number,
			}
		}
		ca := "caFile: " + root.file(t)
		t.Run(version+" and none", func(t *testing.T) {
			t.Parallel()
			url := secured(t, config(tls.RequireAndVerifyClientCert))
			advised(t, at(t, "adaxes-2025.1", url, "tls: {"+ca+"}"), verdict.ExitIncomplete,
				[]string{"asked for a client certificate", "tls.certFile"}, []string{"is running"})
		})
		t.Run(version+" and another one", func(t *testing.T) {
			t.Parallel()
			url := secured(t, config(tls.RequireAndVerifyClientCert))
			own := ", certFile: " + stranger.file(t) + ", keyFile: " + stranger.keyFile(t)
			advised(t, at(t, "adaxes-2025.1", url, "tls: {"+ca+own+"}"), verdict.ExitIncomplete,
				[]string{"ends the TLS handshake", "a client certificate"}, []string{"is running", "got none"})
		})
		t.Run(version+" without a word", func(t *testing.T) {
			t.Parallel()
			hangUp := config(tls.RequestClientCert)
			l, err := tls.Listen("tcp", "127.0.0.1:0", hangUp)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			go func() {
				for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
					_, _ = conn.Read(make([]byte, 1<<16))
					_ = conn.(*tls.Conn).NetConn().Close()
				}
			}()
			advised(t, at(t, "adaxes-2025.1", "https://"+l.Addr().String(), "tls: {"+ca+"}"), verdict.ExitIncomplete,
				[]string{"asked for a client certificate", "broke off", "tls.certFile"}, nil)
		})
	}
}

func TestAdviceOnVersionsOfTLS(t *testing.T) {
	t.Parallel()
	root := (*authority)(nil).sign(t, isAuthority("Example Root"))
	for name, version := range map[string]uint16{"TLS 1.0": tls.VersionTLS10, "TLS 1.1": tls.VersionTLS11} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := secured(t, &tls.Config{
				Certificates: []tls.Certificate{root.sign(t, forLoopback).pair()}, MinVersion: tls.VersionTLS10, MaxVersion: version,
			})
			advised(t, at(t, "adaxes-2025.1", url, "tls: {caFile: "+root.file(t)+"}"), verdict.ExitIncomplete,
				[]string{"version of TLS", "1.2 and 1.3 were offered"}, []string{"is running"})
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		plain := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(plain.Close)
		advised(t, at(t, "adaxes-2025.1", "https"+plain.URL[len("http"):]), verdict.ExitIncomplete, []string{"does not speak TLS", "http://"}, nil)
	})
}
