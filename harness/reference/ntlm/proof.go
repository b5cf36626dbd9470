package ntlm

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rc4"
	"strings"

	//lint:ignore SA1019 the hash of the protocol
	"golang.org/x/crypto/md4"
)

// Hash is the one-way form of a password that NTLM proves the knowledge of (NTOWFv1, 3.3.1).
type Hash [md4.Size]byte

// HashOf makes the hash of a password.
func HashOf(password string) Hash {
	h := md4.New()
	_, _ = h.Write(utf16le(password)) // a hash never fails to write
	return Hash(h.Sum(nil))
}

// Matches reports whether the proof was made with the password of a hash, over the challenge of the proof's own
// exchange, and whether the messages came through unchanged where the client has protected them (3.2.5.1.2). It takes
// as long for a wrong proof as for a right one without an integrity code.
func (p *Proof) Matches(password Hash) bool {
	key := mac(password[:], utf16le(strings.ToUpper(p.User)+p.Domain)) // NTOWFv2, 3.3.2
	proof := mac(key, p.exchange.nonce[:], p.response[proofLength:])
	if !hmac.Equal(proof, p.response[:proofLength]) {
		return false
	}
	return !p.hasMIC || p.intact(mac(key, proof))
}

// intact checks the integrity code over the three messages, its own place being zero (3.1.5.1.2).
func (p *Proof) intact(sessionKey []byte) bool {
	if p.flags.Has(KeyExchange) && len(p.sessionKey) == len(sessionKey) {
		cipher, err := rc4.NewCipher(sessionKey)
		if err != nil {
			return false
		}
		exported := make([]byte, len(sessionKey))
		cipher.XORKeyStream(exported, p.sessionKey)
		sessionKey = exported
	}
	code := p.message[micOffset : micOffset+micLength]
	return hmac.Equal(code, mac(sessionKey, p.exchange.negotiate, p.exchange.challenge,
		p.message[:micOffset], make([]byte, micLength), p.message[micOffset+micLength:]))
}

// mac is HMAC-MD5 over the parts, one behind the other.
func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(md5.New, key)
	for _, part := range parts {
		_, _ = h.Write(part) // a hash never fails to write
	}
	return h.Sum(nil)
}
