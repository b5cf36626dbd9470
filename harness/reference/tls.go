package reference

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"example.org/conform/harness/fault/hostile"
)

// Issued is a certificate, its key, and the certificate of the authority that vouches for it, all in PEM.
type Issued struct{ Authority, Certificate, Key []byte }

// authorityName is the name in the certificate of every authority that is made here.
const authorityName = "conform reference server authority"

// Issue makes an authority and a certificate for hosts: names and addresses. The authority's key is thrown away.
func Issue(hosts ...string) (*Issued, error) { return issue(hostile.Secured{}, hosts...) }

// issue is Issue for a server that is hostile, or not.
func issue(odd hostile.Secured, hosts ...string) (*Issued, error) {
	root := &x509.Certificate{
		Subject: pkix.Name{CommonName: authorityName}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		Subject:  pkix.Name{CommonName: "conform reference server"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else if host != "" {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	rootKey, noRootKey := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	key, noKey := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(noRootKey, noKey); err != nil {
		return nil, fmt.Errorf("making keys: %w", err)
	}
	for _, c := range []*x509.Certificate{root, leaf} { // they are made anew at every start
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	}
	odd.Leaf(leaf)
	authority, noAuthority := sign(root, root, &rootKey.PublicKey, rootKey)
	certificate, noCertificate := sign(leaf, root, &key.PublicKey, rootKey)
	encoded, noEncoding := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(noAuthority, noCertificate, noEncoding); err != nil {
		return nil, fmt.Errorf("making certificates: %w", err)
	}
	return &Issued{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}),
	}, nil
}

func sign(certificate, by *x509.Certificate, key *ecdsa.PublicKey, with *ecdsa.PrivateKey) ([]byte, error) {
	return x509.CreateCertificate(rand.Reader, certificate, by, key, with)
}

// ours reports an error where a file is there that is not the certificate of an authority which was made here: it may be the only copy
// of what somebody trusts.
func ours(caFile string) error {
	text, err := os.ReadFile(caFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what is in place of the authority's certificate: %w", err)
	}
	block, rest := pem.Decode(text)
	if block != nil && len(rest) == 0 {
		if made, err := x509.ParseCertificate(block.Bytes); err == nil && made.Subject.CommonName == authorityName {
			return nil
		}
	}
	return fmt.Errorf("%s is there and was not made by conform serve: name another file for the authority's certificate (--ca-file)", caFile)
}

// secured makes the server's certificate for the host and for localhost, and writes that of its authority to the file. In a
// container the host name is how others reach it.
func secured(host, caFile string, odd hostile.Secured) (*tls.Config, error) {
	if err := ours(caFile); err != nil {
		return nil, err
	}
	name, _ := os.Hostname()
	issued, err := issue(odd, host, name, "localhost", "127.0.0.1", "::1")
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(issued.Certificate, issued.Key)
	if err != nil {
		return nil, fmt.Errorf("the certificate and its key: %w", err)
	}
	if err := os.WriteFile(caFile, issued.Authority, 0o644); err != nil {
		return nil, fmt.Errorf("writing the authority's certificate: %w", err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Certificates: []tls.Certificate{pair}}
	return config, odd.Configure(config)
}
