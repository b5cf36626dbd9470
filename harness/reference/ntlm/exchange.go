package ntlm

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Exchange is the server's side of one login, between its challenge and the proof. It belongs to one connection, and
// its owner uses it once: a challenge that is answered twice would let a proof that was overheard be used again.
type Exchange struct {
	negotiate, challenge []byte
	nonce                [8]byte
	flags                Flags
}

// The integrity code stands behind the fixed part of a message.
const (
	micOffset = 72
	micLength = 16
)

// Begin reads a client's first message and returns the challenge to send (3.2.5.1.1). It grants what this package
// can do of what the client asks for, and refuses a client that would not do NTLM.
func Begin(target Target, now time.Time, negotiate []byte) (*Exchange, []byte, error) {
	var message negotiation
	if err := read(negotiate, typeNegotiate, &message); err != nil {
		return nil, nil, err
	}
	asked, flags := message.Flags, NTLM|TargetInfo|RequestTarget|TargetIsDomain
	switch {
	case !asked.Has(NTLM):
		return nil, nil, fmt.Errorf("%w: no NTLM", ErrUnsupported)
	case asked.Has(Unicode):
		flags |= Unicode
	case asked.Has(OEM):
		flags |= OEM
	default:
		return nil, nil, fmt.Errorf("%w: neither Unicode nor OEM names", ErrUnsupported)
	}
	// A key may be exchanged, since the integrity code is made with it; it protects nothing else here.
	flags |= asked & (ExtendedSecurity | AlwaysSign | Sign | Key128 | Key56 | Version)
	if asked.Has(Sign) {
		flags |= asked & KeyExchange
	}
	e := &Exchange{negotiate: slices.Clone(negotiate), flags: flags}
	_, _ = rand.Read(e.nonce[:]) // never fails: the runtime ends the program before it returns weak bytes
	e.challenge = e.write(target, now)
	return e, slices.Clone(e.challenge), nil
}

// write writes the challenge (2.2.1.2).
func (e *Exchange) write(target Target, now time.Time) []byte {
	name, info := []byte(target.Domain), target.pairs(now)
	if e.flags.Has(Unicode) {
		name = utf16le(target.Domain)
	}
	m := challenge{header: header{signature, typeChallenge}, Flags: e.flags, Nonce: e.nonce}
	start := binary.Size(m)
	m.TargetName = field{uint16(len(name)), uint16(len(name)), uint32(start)}
	m.TargetInfo = field{uint16(len(info)), uint16(len(info)), uint32(start + len(name))}
	if e.flags.Has(Version) {
		m.Version = [8]byte{10, 0, 0x5d, 0x58, 0, 0, 0, 15} // as Windows 10 writes it; for debugging only (2.2.2.10)
	}
	fixed, _ := binary.Append(nil, binary.LittleEndian, m) // numbers can always be written
	return slices.Concat(fixed, name, info)
}

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
	flags, err := clientFlags(p.response[proofLength+blobPairsOffset:])
	if err != nil {
		return err
	}
	if p.hasMIC = flags&micProvided != 0; p.hasMIC && len(p.message) < micOffset+micLength {
		return fmt.Errorf("%w: no room for the integrity code that it promises", ErrMalformed)
	}
	return nil
}
