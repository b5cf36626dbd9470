package ntlm

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
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

// The lengths of the fixed parts.
const (
	negotiateLength    = 16 // older clients send no more
	challengeLength    = 56
	authenticateLength = 64
	micOffset          = 72
	micLength          = 16
)

// Begin reads a client's first message and returns the challenge to send (3.2.5.1.1). It grants what this package
// can do of what the client asks for, and refuses a client that would not do NTLM.
func Begin(target Target, now time.Time, negotiate []byte) (*Exchange, []byte, error) {
	if err := expect(negotiate, typeNegotiate, negotiateLength); err != nil {
		return nil, nil, err
	}
	asked := Flags(binary.LittleEndian.Uint32(negotiate[12:]))
	flags := NTLM | TargetInfo | RequestTarget | TargetIsDomain
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
	name, info := encode(target.Domain, e.flags), target.pairs(now)
	m := make([]byte, challengeLength, challengeLength+len(name)+len(info))
	copy(m, signature)
	binary.LittleEndian.PutUint32(m[8:], typeChallenge)
	putField(m, 12, len(name), challengeLength)
	binary.LittleEndian.PutUint32(m[20:], uint32(e.flags))
	copy(m[24:], e.nonce[:])
	putField(m, 40, len(info), challengeLength+len(name))
	if e.flags.Has(Version) {
		copy(m[48:], []byte{10, 0, 0x5d, 0x58, 0, 0, 0, 15}) // as Windows 10 writes it; for debugging only (2.2.2.10)
	}
	return append(append(m, name...), info...)
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
	if err := expect(authenticate, typeAuthenticate, authenticateLength); err != nil {
		return nil, err
	}
	p := &Proof{exchange: e, message: slices.Clone(authenticate)}
	// The encoding of the names is the one that the challenge has settled; what the client says of it is its own matter.
	p.flags = Flags(binary.LittleEndian.Uint32(authenticate[60:]))&^(Unicode|OEM) | e.flags&(Unicode|OEM)
	var err error
	if p.response, err = field(p.message, 20); err != nil {
		return nil, err
	}
	for _, name := range []struct {
		at   int
		into *string
	}{{28, &p.Domain}, {36, &p.User}, {44, &p.Workstation}} {
		raw, err := field(p.message, name.at)
		if err != nil {
			return nil, err
		}
		if *name.into, err = text(raw, p.flags); err != nil {
			return nil, err
		}
	}
	if p.sessionKey, err = field(p.message, 52); err != nil {
		return nil, err
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
