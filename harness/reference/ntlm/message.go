package ntlm

import (
	"encoding/binary"
	"fmt"
	"time"
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

// The attributes of a target information (2.2.2.1).
const (
	attributeEnd             = 0
	attributeComputer        = 1
	attributeDomain          = 2
	attributeDNSComputer     = 3
	attributeDNSDomain       = 4
	attributeFlags           = 6
	attributeTimestamp       = 7
	attributeChannelBindings = 10
)

// micProvided in the attribute of flags says that the message carries an integrity code.
const micProvided = 0x2

// Target is what a server says of itself in a challenge.
type Target struct {
	// Domain and Computer are NetBIOS names, DNSDomain and DNSComputer those of the DNS.
	Domain, Computer, DNSDomain, DNSComputer string
}

// pairs writes the target information: the names, and the server's time, which asks the client to use it in its proof
// in place of its own and to protect its messages by an integrity code.
func (t Target) pairs(now time.Time) (b []byte) {
	for _, pair := range []struct {
		id    uint16
		value []byte
	}{
		{attributeDomain, utf16le(t.Domain)}, {attributeComputer, utf16le(t.Computer)},
		{attributeDNSDomain, utf16le(t.DNSDomain)}, {attributeDNSComputer, utf16le(t.DNSComputer)},
		{attributeTimestamp, binary.LittleEndian.AppendUint64(nil, fileTime(now))}, {attributeEnd, nil},
	} {
		b = binary.LittleEndian.AppendUint16(b, pair.id)
		b = binary.LittleEndian.AppendUint16(b, uint16(len(pair.value)))
		b = append(b, pair.value...)
	}
	return b
}

// fileTime is a time in units of 100 ns since 1601.
func fileTime(t time.Time) uint64 {
	const between1601And1970 = 11644473600
	return uint64(t.Unix()+between1601And1970)*1e7 + uint64(t.Nanosecond()/100)
}

// clientInfo is what is read of the pairs that a client's proof covers.
type clientInfo struct {
	flags    uint32 // zero where there are none
	bindings []byte // of the channel; nil where the client names none
}

// readClientInfo reads the pairs that a client's proof covers. Pairs that do not end are malformed; what follows their end is
// padding.
func readClientInfo(b []byte) (info clientInfo, err error) {
	for {
		var pair struct{ ID, Length uint16 }
		n, err := binary.Decode(b, binary.LittleEndian, &pair)
		if err != nil {
			return clientInfo{}, fmt.Errorf("%w: target information without an end", ErrMalformed)
		}
		if b = b[n:]; pair.ID == attributeEnd {
			return info, nil
		}
		if int(pair.Length) > len(b) {
			return clientInfo{}, fmt.Errorf("%w: an attribute reaches beyond the target information", ErrMalformed)
		}
		switch {
		case pair.ID == attributeFlags && pair.Length == 4:
			info.flags = binary.LittleEndian.Uint32(b)
		case pair.ID == attributeChannelBindings:
			info.bindings = b[:pair.Length]
		}
		b = b[pair.Length:]
	}
}
