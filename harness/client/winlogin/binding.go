package winlogin

import (
	"crypto"
	"crypto/md5"
	_ "crypto/sha256" // the hashes below
	_ "crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"slices"
)

// Where the second message of NTLM says where its target information is ([MS-NLMP], 2.2.1.2), and the attributes in that which are
// read here (2.2.2.1).
const (
	targetInfoAt  = 40
	challengeHead = 48

	attributeEnd             = 0
	attributeChannelBindings = 10
	attributeHead            = 4
)

// bind has a challenge name the channel that it came by, where that is TLS: the proof repeats the challenge's target information,
// and so binds the login to the channel, as Extended Protection asks (3.1.5.1.2). A server that does not ask for it does not look.
// A challenge without well-formed target information stays as it is.
func bind(challenge []byte, channel *tls.ConnectionState) []byte {
	if channel == nil || len(channel.PeerCertificates) == 0 || len(challenge) < challengeHead {
		return challenge
	}
	bindings := endPoint(channel.PeerCertificates[0])
	length := uint64(binary.LittleEndian.Uint16(challenge[targetInfoAt:]))
	start := uint64(binary.LittleEndian.Uint32(challenge[targetInfoAt+4:]))
	if bindings == nil || start+length > uint64(len(challenge)) {
		return challenge
	}
	info, ok := withAttribute(challenge[start:start+length], attributeChannelBindings, bindings)
	if !ok || len(info) > 1<<16-1 {
		return challenge
	}
	made := slices.Clone(challenge)
	binary.LittleEndian.PutUint16(made[targetInfoAt:], uint16(len(info)))
	binary.LittleEndian.PutUint16(made[targetInfoAt+2:], uint16(len(info)))
	binary.LittleEndian.PutUint32(made[targetInfoAt+4:], uint32(len(made)))
	return append(made, info...)
}

// withAttribute is a target information with one attribute more, or another value of it, before its end.
func withAttribute(info []byte, id uint16, value []byte) (made []byte, ok bool) {
	for rest := info; len(rest) >= attributeHead; {
		kind, length := binary.LittleEndian.Uint16(rest), int(binary.LittleEndian.Uint16(rest[2:]))
		if length > len(rest)-attributeHead {
			return nil, false
		}
		whole := rest[:attributeHead+length]
		if kind == attributeEnd {
			made = binary.LittleEndian.AppendUint16(made, id)
			made = binary.LittleEndian.AppendUint16(made, uint16(len(value)))
			return slices.Concat(made, value, rest), true
		}
		if kind != id {
			made = append(made, whole...)
		}
		rest = rest[len(whole):]
	}
	return nil, false
}

// endPoint is what stands for a channel of TLS by the certificate at its far end: tls-server-end-point (RFC 5929, 4). Where that is
// not defined for the certificate, nil.
func endPoint(certificate *x509.Certificate) []byte {
	hash, ok := endPointHash(certificate.SignatureAlgorithm)
	if !ok {
		return nil
	}
	h := hash.New()
	_, _ = h.Write(certificate.Raw) // a hash never fails to write
	return bindingsOf(h.Sum(nil))
}

// bindingsOf is MD5 over gss_channel_bindings_struct (RFC 2744, 3.11), which has no addresses here, around the hash of a certificate.
func bindingsOf(hash []byte) []byte {
	data := append([]byte("tls-server-end-point:"), hash...)
	const addresses = 16 // the types and the lengths of both
	bindings := binary.LittleEndian.AppendUint32(make([]byte, addresses), uint32(len(data)))
	sum := md5.Sum(append(bindings, data...))
	return sum[:]
}

// endPointHash is the hash of a certificate's signature, and SHA-256 where that is MD5 or SHA-1.
func endPointHash(signature x509.SignatureAlgorithm) (crypto.Hash, bool) {
	switch signature {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1,
		x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.DSAWithSHA256, x509.ECDSAWithSHA256:
		return crypto.SHA256, true
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		return crypto.SHA384, true
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		return crypto.SHA512, true
	}
	return 0, false // Ed25519 has no hash of its own
}
