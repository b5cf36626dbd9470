package ntlm

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// signature begins every message.
const signature = "NTLMSSP\x00"

// Is reports whether a token is an NTLM message at all, well-formed or not. Under HTTP Negotiate it tells a bare NTLM
// message from one that is wrapped in SPNEGO.
func Is(token []byte) bool {
	return len(token) >= len(signature) && string(token[:len(signature)]) == signature
}

// IsNegotiate reports whether a token is a client's first message, with which a login begins.
func IsNegotiate(token []byte) bool {
	kind, err := messageType(token)
	return err == nil && kind == typeNegotiate
}

func messageType(message []byte) (uint32, error) {
	if !Is(message) || len(message) < 12 {
		return 0, fmt.Errorf("%w: no signature", ErrMalformed)
	}
	return binary.LittleEndian.Uint32(message[8:]), nil
}

// expect checks the signature, the type and the shortest length of a message.
func expect(message []byte, kind uint32, shortest int) error {
	got, err := messageType(message)
	switch {
	case err != nil:
		return err
	case got != kind:
		return fmt.Errorf("%w: type %d in place of %d", ErrMalformed, got, kind)
	case len(message) < shortest:
		return fmt.Errorf("%w: %d bytes, fewer than %d", ErrMalformed, len(message), shortest)
	}
	return nil
}

// field reads a field of a message by its descriptor at an offset: a length, a maximum that nobody reads, and where
// in the message the bytes stand (2.2.1). The result is a part of the message.
func field(message []byte, at int) ([]byte, error) {
	length := uint64(binary.LittleEndian.Uint16(message[at:]))
	offset := uint64(binary.LittleEndian.Uint32(message[at+4:]))
	if length == 0 {
		return nil, nil
	}
	if offset+length > uint64(len(message)) {
		return nil, fmt.Errorf("%w: a field reaches beyond its end", ErrMalformed)
	}
	return message[offset : offset+length], nil
}

// putField writes a descriptor.
func putField(message []byte, at, length, offset int) {
	binary.LittleEndian.PutUint16(message[at:], uint16(length))
	binary.LittleEndian.PutUint16(message[at+2:], uint16(length))
	binary.LittleEndian.PutUint32(message[at+4:], uint32(offset))
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
	if len(b)%2 != 0 {
		return "", fmt.Errorf("%w: half a UTF-16 character", ErrMalformed)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units)), nil
}

// encode writes a name in the encoding that was agreed on.
func encode(s string, flags Flags) []byte {
	if !flags.Has(Unicode) {
		return []byte(s)
	}
	return utf16le(s)
}

func utf16le(s string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}
