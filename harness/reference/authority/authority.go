// Package authority makes a certificate authority for one server alone, and that server's certificate.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"time"

	"example.org/conform/harness/reference/random"
)

// validity is how long the certificates are valid: they are made anew at every start.
const validity = 24 * time.Hour

// Issued is a certificate, its key, and the certificate of the authority that vouches for it, all in PEM.
type Issued struct{ Authority, Certificate, Key []byte }

// Issue makes an authority and a certificate for hosts: names and addresses. The authority's key is thrown away.
func Issue(hosts ...string) (*Issued, error) {
	root := &x509.Certificate{
		Subject: pkix.Name{CommonName: "conform reference server authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, SubjectKeyId: random.Bytes(20),
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
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the authority's key: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	issued := &Issued{}
	if issued.Authority, err = sign(root, root, &rootKey.PublicKey, rootKey); err != nil {
		return nil, err
	}
	if issued.Certificate, err = sign(leaf, root, &key.PublicKey, rootKey); err != nil {
		return nil, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("writing the key: %w", err)
	}
	issued.Key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
	return issued, nil
}

func sign(certificate, by *x509.Certificate, key *ecdsa.PublicKey, with *ecdsa.PrivateKey) ([]byte, error) {
	certificate.NotBefore, certificate.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(validity)
	der, err := x509.CreateCertificate(rand.Reader, certificate, by, key, with)
	if err != nil {
		return nil, fmt.Errorf("making a certificate: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}
