package ntlm

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/binary"
	"slices"
)

// BoundTo reports whether the proof names the channel of TLS on which the server shows a certificate (Extended Protection,
// 3.2.5.1.2). It says nothing of the password, which is what makes the name the client's own: see Proof.Matches.
func (p *Proof) BoundTo(certificate *x509.Certificate) bool {
	return hmac.Equal(p.bindings, ChannelBindings(certificate))
}

// ChannelBindings are what stands for such a channel in a proof (2.2.2.1, MsvAvChannelBindings): the MD5 of the structure of
// RFC 4121, 4.1.1.2, with no addresses and the channel binding tls-server-end-point of RFC 5929.
func ChannelBindings(certificate *x509.Certificate) []byte {
	var hash []byte
	switch certificate.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		sum := sha512.Sum384(certificate.Raw)
		hash = sum[:]
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		sum := sha512.Sum512(certificate.Raw)
		hash = sum[:]
	default:
		sum := sha256.Sum256(certificate.Raw)
		hash = sum[:]
	}
	application := slices.Concat([]byte("tls-server-end-point:"), hash)
	var structure []byte
	for _, number := range []int{0, 0, 0, 0, len(application)} { // of initiator and acceptor, type and length of the address each
		structure = binary.LittleEndian.AppendUint32(structure, uint32(number))
	}
	sum := md5.Sum(append(structure, application...))
	return sum[:]
}
