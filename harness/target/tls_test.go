package target

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// clientPair writes a self-signed client certificate and its key, and returns their files and a pool that trusts it.
func clientPair(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(certificate)
	return writePEM(t, "CERTIFICATE", der), writePEM(t, "PRIVATE KEY", keyDER), pool
}

func writePEM(t *testing.T, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHTTPTLS(t *testing.T) {
	t.Parallel()
	certFile, keyFile, clients := clientPair(t)
	start := func(config *tls.Config) (*httptest.Server, string) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
		server.TLS = config
		server.StartTLS()
		t.Cleanup(server.Close)
		return server, writePEM(t, "CERTIFICATE", server.Certificate().Raw)
	}
	plain, plainCA := start(&tls.Config{})
	mutual, mutualCA := start(&tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients})
	old, oldCA := start(&tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
	for name, tt := range map[string]struct {
		server *httptest.Server
		tls    TLS
		want   string // a part of the error; empty: the request works
	}{
		"an authority that is not trusted": {plain, TLS{}, "certificate"},
		"a trusted authority":              {plain, TLS{CAFile: plainCA}, ""},
		"no verification":                  {plain, TLS{InsecureSkipVerify: true}, ""},
		"no client certificate":            {mutual, TLS{CAFile: mutualCA}, "certificate required"},
		"a client certificate":             {mutual, TLS{CAFile: mutualCA, CertFile: certFile, KeyFile: keyFile}, ""},
		"TLS 1.1":                          {old, TLS{CAFile: oldCA}, "protocol version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := (&Target{TLS: tt.tls}).HTTPTLS()
			if err != nil {
				t.Fatal(err)
			}
			transport := &http.Transport{TLSClientConfig: config}
			t.Cleanup(transport.CloseIdleConnections)
			response, err := (&http.Client{Transport: transport}).Get(tt.server.URL)
			if err == nil {
				response.Body.Close()
			}
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestHTTPTLSRefuses(t *testing.T) {
	t.Parallel()
	certFile, keyFile, _ := clientPair(t)
	_, otherKey, _ := clientPair(t)
	for name, tt := range map[string]struct {
		tls  TLS
		want string
	}{
		"a key for an authority":  {TLS{CAFile: keyFile}, "tls.caFile: no certificate in the file; it must be PEM"},
		"a missing authority":     {TLS{CAFile: filepath.Join(t.TempDir(), "none")}, "tls.caFile: cannot be read: no such file or directory"},
		"another key":             {TLS{CertFile: certFile, KeyFile: otherKey}, "tls.keyFile: cannot be used with tls.certFile: private key does not match public key"},
		"an encrypted key":        {TLS{CertFile: certFile, KeyFile: writePEM(t, "ENCRYPTED PRIVATE KEY", []byte("x"))}, "tls.keyFile: the key is encrypted"},
		"a certificate for a key": {TLS{CertFile: certFile, KeyFile: certFile}, "tls.keyFile: no private key in the file"},
		"a key for a certificate": {TLS{CertFile: keyFile, KeyFile: keyFile}, "tls.certFile: no certificate in the file"},
	} {
		if _, err := (&Target{TLS: tt.tls}).HTTPTLS(); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s…", name, err, tt.want)
		}
	}
}

// Files of PEM are read as editors of Windows save them.
func TestPEMInOtherForms(t *testing.T) {
	t.Parallel()
	certFile, keyFile, _ := clientPair(t)
	again := func(file string, as encoding.Encoding) string {
		data, err := os.ReadFile(file)
		if err == nil {
			data, err = as.NewEncoder().Bytes(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
		}
		path := filepath.Join(t.TempDir(), "file.pem")
		if err = cmp.Or(err, os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, as := range map[string]encoding.Encoding{
		"UTF-8 with a mark": unicode.UTF8BOM, "UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "the other end": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	} {
		config, err := (&Target{TLS: TLS{CAFile: again(certFile, as), CertFile: again(certFile, as), KeyFile: again(keyFile, as)}}).HTTPTLS()
		if err != nil || len(config.Certificates) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
