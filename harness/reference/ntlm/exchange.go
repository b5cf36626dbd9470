package ntlm

import (
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

// Begin reads a client's first message and returns the challenge to send (3.2.5.1.1). It grants what this package
// can do of what the client asks for, and refuses a client that would not do NTLM.
func Begin(target Target, now time.Time, negotiate []byte) (*Exchange, []byte, error) {
	var message negotiation
	if err := read(negotiate, typeNegotiate, &message); err != nil {
		return nil, nil, err
	}
	asked, flags := message.Flags, NTLM|TargetInfo|RequestTarget|TargetIsDomain
	switch {
	case !asked.Has(NTLM) && !asked.Has(ExtendedSecurity): // the session security is of NTLM alone; some clients ask for no more
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
