package ntlm

import (
	"encoding/binary"
	"fmt"
	"time"
)

// The attributes of a target information (2.2.2.1).
const (
	attributeEnd         = 0
	attributeComputer    = 1
	attributeDomain      = 2
	attributeDNSComputer = 3
	attributeDNSDomain   = 4
	attributeFlags       = 6
	attributeTimestamp   = 7
)

// micProvided in the attribute of flags says that the message carries an integrity code.
const micProvided = 0x2

// Target is what a server says of itself in a challenge.
type Target struct {
	// Domain and Computer are NetBIOS names, DNSDomain and DNSComputer those of the DNS; empty ones are left out.
	Domain, Computer, DNSDomain, DNSComputer string
}

// pairs writes the target information: the names, and the server's time, which asks the client to use it in its proof
// in place of its own and to protect its messages by an integrity code.
func (t Target) pairs(now time.Time) []byte {
	var b []byte
	add := func(id uint16, value []byte) {
		b = binary.LittleEndian.AppendUint16(b, id)
		b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
		b = append(b, value...)
	}
	for _, name := range []struct {
		id    uint16
		value string
	}{
		{attributeDomain, t.Domain}, {attributeComputer, t.Computer},
		{attributeDNSDomain, t.DNSDomain}, {attributeDNSComputer, t.DNSComputer},
	} {
		if name.value != "" {
			add(name.id, utf16le(name.value))
		}
	}
	add(attributeTimestamp, binary.LittleEndian.AppendUint64(nil, fileTime(now)))
	add(attributeEnd, nil)
	return b
}

// fileTime is a time in units of 100 ns since 1601.
func fileTime(t time.Time) uint64 {
	const between1601And1970 = 11644473600
	return uint64(t.Unix()+between1601And1970)*1e7 + uint64(t.Nanosecond()/100)
}

// clientFlags reads the attribute of flags out of the pairs that a client's proof covers; zero when it has none. Pairs
// that do not end are malformed; what follows their end is padding.
func clientFlags(b []byte) (uint32, error) {
	var flags uint32
	for {
		if len(b) < 4 {
			return 0, fmt.Errorf("%w: target information without an end", ErrMalformed)
		}
		id, length := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if b = b[4:]; id == attributeEnd {
			return flags, nil
		}
		if length > len(b) {
			return 0, fmt.Errorf("%w: an attribute reaches beyond the target information", ErrMalformed)
		}
		if id == attributeFlags && length == 4 {
			flags = binary.LittleEndian.Uint32(b)
		}
		b = b[length:]
	}
}
