package ntlm

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rc4"
	"errors"
	"fmt"
	"slices"
	"strings"

	//lint:ignore SA1019 the hash of the protocol
	"golang.org/x/crypto/md4"
)

// Proof is a client's answer to a challenge: who it says it is, and what shows that it knows the password.
type Proof struct {
	// Domain and User are as the client wrote them. Domain is empty when the user is named user@domain.
	Domain, User string
	// Workstation is the client's own name for its machine, which proves nothing.
	Workstation string

	exchange   *Exchange
	message    []byte
	response   []byte // the NTLMv2 response: the proof string and the blob that it covers
	sessionKey []byte // encrypted by the client, where one is exchanged
	flags      Flags
	hasMIC     bool
	bindings   []byte // of the channel, where the client names it
}

// The NTLMv2 response (2.2.2.8): a proof string, and a blob with the time, the client's nonce and the pairs.
const (
	proofLength     = 16
	blobPairsOffset = 28
)

// Answered reads a client's answer to the challenge of the exchange. It does not judge it: that takes a password, by
// Proof.Matches. A response of version 1 is ErrUnsupported, one without a name ErrAnonymous.
func (e *Exchange) Answered(authenticate []byte) (*Proof, error) {
	var m authentication
	if err := read(authenticate, typeAuthenticate, &m); err != nil {
		return nil, err
	}
	// The encoding of the names is the one that the challenge has settled; what the client says of it is its own matter.
	p := &Proof{exchange: e, message: slices.Clone(authenticate), flags: m.Flags&^(Unicode|OEM) | e.flags&(Unicode|OEM)}
	var wrong error
	part := func(f field) []byte {
		raw, err := f.of(p.message)
		wrong = errors.Join(wrong, err)
		return raw
	}
	name := func(f field) string {
		name, err := text(part(f), p.flags)
		wrong = errors.Join(wrong, err)
		return name
	}
	p.response, p.sessionKey = part(m.Response), part(m.SessionKey)
	p.Domain, p.User, p.Workstation = name(m.Domain), name(m.User), name(m.Workstation)
	if wrong != nil {
		return nil, wrong
	}
	if p.User == "" && len(p.response) == 0 || p.flags.Has(Anonymous) {
		return nil, ErrAnonymous
	}
	return p, p.readResponse()
}

// readResponse checks the form of the NTLMv2 response.
func (p *Proof) readResponse() error {
	const versionOneLength = 24
	if len(p.response) == versionOneLength {
		return fmt.Errorf("%w: a response of version 1", ErrUnsupported)
	}
	if len(p.response) < proofLength+blobPairsOffset || !bytes.Equal(p.response[proofLength:proofLength+2], []byte{1, 1}) {
		return fmt.Errorf("%w: not a response of version 2", ErrMalformed)
	}
	info, err := readClientInfo(p.response[proofLength+blobPairsOffset:])
	if err != nil {
		return err
	}
	p.bindings = info.bindings
	if p.hasMIC = info.flags&micProvided != 0; p.hasMIC && len(p.message) < micOffset+micLength {
		return fmt.Errorf("%w: no room for the integrity code that it promises", ErrMalformed)
	}
	return nil
}

// The integrity code stands behind the fixed part of a message.
const (
	micOffset = 72
	micLength = 16
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
func (p *Proof) Matches(password Hash) bool { return p.matches(password, proofLength) }

// MatchesBut is Matches of a reader that leaves so many bytes at the end of a proof unread, and its integrity code. It is for servers
// that are wrong on purpose.
func (p *Proof) MatchesBut(password Hash, unread int) bool {
	lax := *p
	lax.hasMIC = false
	return lax.matches(password, proofLength-unread)
}

func (p *Proof) matches(password Hash, read int) bool {
	key := mac(password[:], utf16le(strings.ToUpper(p.User)+p.Domain)) // NTOWFv2, 3.3.2
	proof := mac(key, p.exchange.nonce[:], p.response[proofLength:])
	if !hmac.Equal(proof[:read], p.response[:read]) {
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
