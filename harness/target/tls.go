package target

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
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
		pem, err := readPEM("tls.caFile", t.TLS.CAFile)
		if err != nil {
			return nil, err
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool() // a system without authorities of its own
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, Wrong("tls.caFile", "no certificate in the file; it must be PEM, with BEGIN CERTIFICATE in it")
		}
		config.RootCAs = pool
	}
	if t.TLS.CertFile == "" || t.TLS.KeyFile == "" {
		return config, nil
	}
	certificate, err := readPEM("tls.certFile", t.TLS.CertFile)
	if err != nil {
		return nil, err
	}
	key, err := readPEM("tls.keyFile", t.TLS.KeyFile)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	switch {
	case err == nil:
		config.Certificates = []tls.Certificate{pair}
	case bytes.Contains(key, []byte("ENCRYPTED")):
		return nil, Wrong("tls.keyFile", "the key is encrypted; write it without a passphrase, such as by openssl pkey -in FILE -out PLAIN")
	case !bytes.Contains(certificate, []byte("BEGIN CERTIFICATE")):
		return nil, Wrong("tls.certFile", "no certificate in the file; it must be PEM, with BEGIN CERTIFICATE in it")
	case !bytes.Contains(key, []byte("PRIVATE KEY")):
		return nil, Wrong("tls.keyFile", "no private key in the file; it must be PEM, with BEGIN PRIVATE KEY in it")
	default: // a word of crypto/tls about the pair, with nothing of the files in it
		return nil, Wrong("tls.keyFile", "cannot be used with tls.certFile: %s", strings.TrimPrefix(err.Error(), "tls: "))
	}
	return config, nil
}

// readPEM reads a file of PEM, whose text may be in UTF-16 or have a byte order mark, as editors of Windows save it.
func readPEM(key, name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, Wrong(key, "cannot be read: %v", errors.Unwrap(err))
	}
	if plain, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data); err == nil {
		data = plain
	}
	return data, nil
}
