// Package ntlm is the server's side of NTLM version 2 ([MS-NLMP]): it reads a client's first message, writes a
// challenge, and judges the proof that answers it. It authenticates and does no more: it neither signs nor seals.
//
// One login is three messages, which belong together by the connection that they travel on. The package keeps no
// connections: whoever does keeps the Exchange that Begin returns beside the connection, and lets it go when the
// connection ends or the proof has come.
//
// Everything that a client sends is hostile until its proof holds: no message, however broken, is worth more than an
// error.
package ntlm

import "errors"

// What can be wrong with a login. ErrMalformed is about the bytes, the others about what they say.
var (
	ErrMalformed   = errors.New("not a well-formed NTLM message")
	ErrUnsupported = errors.New("an NTLM message that asks for what is not offered")
	ErrAnonymous   = errors.New("an anonymous login")
)

// Flags are the negotiate flags of [MS-NLMP], section 2.2.2.5, as far as this package reads or writes them.
type Flags uint32

// The flags, by their names in the specification without NTLMSSP_NEGOTIATE_.
const (
	Unicode          Flags = 1 << 0
	OEM              Flags = 1 << 1
	RequestTarget    Flags = 1 << 2
	Sign             Flags = 1 << 4
	NTLM             Flags = 1 << 9
	Anonymous        Flags = 1 << 11
	AlwaysSign       Flags = 1 << 15
	TargetIsDomain   Flags = 1 << 16
	ExtendedSecurity Flags = 1 << 19
	TargetInfo       Flags = 1 << 23
	Version          Flags = 1 << 25
	Key128           Flags = 1 << 29
	KeyExchange      Flags = 1 << 30
	Key56            Flags = 1 << 31
)

// Has reports whether all of the given flags are set.
func (f Flags) Has(flags Flags) bool { return f&flags == flags }
