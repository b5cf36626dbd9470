package ntlm

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// The messages' fixed parts (2.2.1). What follows them is where their fields say.
type (
	header struct {
		Signature [8]byte
		Type      uint32
	}
	negotiation struct { // older clients send no more
		header
		Flags Flags
	}
	challenge struct {
		header
		TargetName field
		Flags      Flags
		Nonce      [8]byte
		_          [8]byte
		TargetInfo field
		Version    [8]byte
	}
	authentication struct {
		header
		LMResponse, Response, Domain, User, Workstation, SessionKey field
		Flags                                                       Flags
	}
	field struct {
		Length, Max uint16 // nobody reads the second
		Offset      uint32
	}
)

// The types of messages.
const (
	typeNegotiate    = 1
	typeChallenge    = 2
	typeAuthenticate = 3
)

// signature begins every message.
var signature = [8]byte([]byte("NTLMSSP\x00"))

// Is reports whether a token is an NTLM message at all, well-formed or not. Under HTTP Negotiate it tells a bare NTLM
// message from one that is wrapped in SPNEGO.
func Is(token []byte) bool {
	return len(token) >= len(signature) && [8]byte(token) == signature
}

// IsNegotiate reports whether a token is a client's first message, with which a login begins.
func IsNegotiate(token []byte) bool { return read(token, typeNegotiate, &header{}) == nil }

// read reads the fixed part of a message of a type, which begins with a header.
func read(message []byte, kind uint32, into any) error {
	var got header
	if _, err := binary.Decode(message, binary.LittleEndian, &got); err != nil || !Is(message) || got.Type != kind {
		return fmt.Errorf("%w: not a message of type %d", ErrMalformed, kind)
	}
	if _, err := binary.Decode(message, binary.LittleEndian, into); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// of is the part of a message that the field describes.
func (f field) of(message []byte) ([]byte, error) {
	end := uint64(f.Offset) + uint64(f.Length)
	switch {
	case f.Length == 0:
		return nil, nil
	case end > uint64(len(message)):
		return nil, fmt.Errorf("%w: a field reaches beyond its end", ErrMalformed)
	}
	return message[f.Offset:end], nil
}

// text reads a name in the encoding that was agreed on. The code page of an OEM string is not known; what is not ASCII
// in it is read as Latin-1.
func text(b []byte, flags Flags) (string, error) {
	if !flags.Has(Unicode) {
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes), nil
	}
	units := make([]uint16, len(b)/2)
	if n, _ := binary.Decode(b, binary.LittleEndian, units); n != len(b) {
		return "", fmt.Errorf("%w: half a UTF-16 character", ErrMalformed)
	}
	return string(utf16.Decode(units)), nil
}

func utf16le(s string) []byte {
	b, _ := binary.Append(nil, binary.LittleEndian, utf16.Encode([]rune(s))) // numbers can always be written
	return b
}
