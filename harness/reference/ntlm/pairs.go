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

// clientFlags reads the attribute of flags out of the pairs that a client's proof covers; zero when it has none. Pairs
// that do not end are malformed; what follows their end is padding.
func clientFlags(b []byte) (flags uint32, err error) {
	for {
		var pair struct{ ID, Length uint16 }
		n, err := binary.Decode(b, binary.LittleEndian, &pair)
		if err != nil {
			return 0, fmt.Errorf("%w: target information without an end", ErrMalformed)
		}
		if b = b[n:]; pair.ID == attributeEnd {
			return flags, nil
		}
		if int(pair.Length) > len(b) {
			return 0, fmt.Errorf("%w: an attribute reaches beyond the target information", ErrMalformed)
		}
		if pair.ID == attributeFlags && pair.Length == 4 {
			flags = binary.LittleEndian.Uint32(b)
		}
		b = b[pair.Length:]
	}
}
