package target

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// HTTPTLS builds the configuration for connections to the target: TLS 1.2 or later, the system's authorities and those
// of TLS.CAFile, and the client certificate where there is one. The caller owns the result. An error names the key of
// the file that is at fault.
func (t *Target) HTTPTLS() (*tls.Config, error) {
	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: t.TLS.InsecureSkipVerify, // the operator's explicit choice
	}
	if t.TLS.CAFile != "" {
		pem, err := os.ReadFile(t.TLS.CAFile)
		if err != nil {
			return nil, fmt.Errorf("tls.caFile: reading the authorities: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool() // a system without authorities of its own
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("tls.caFile: no certificate in %s; it must be PEM", t.TLS.CAFile)
		}
		config.RootCAs = pool
	}
	if t.TLS.CertFile != "" || t.TLS.KeyFile != "" {
		pair, err := tls.LoadX509KeyPair(t.TLS.CertFile, t.TLS.KeyFile)
		if key, _ := os.ReadFile(t.TLS.KeyFile); err != nil && bytes.Contains(key, []byte("ENCRYPTED")) {
			return nil, errors.New("tls.keyFile: the key is encrypted; write it without a passphrase, such as by openssl pkey -in FILE -out PLAIN")
		}
		if err != nil {
			return nil, fmt.Errorf("tls.certFile and tls.keyFile: loading the client certificate: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
