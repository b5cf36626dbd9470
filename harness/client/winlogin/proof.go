package winlogin

import (
	"bytes"
	"encoding/binary"
)

// Where the third message of NTLM has its fields, each of eight bytes: a length, the same once more, and where it stands ([MS-NLMP],
// 2.2.1.3).
const (
	lmResponseAt, ntResponseAt = 12, 20
	domainAt, userAt           = 28, 36
	flagsAt                    = 60
	proofHead                  = 64
	// anonymousFlag says that the client has no name and no password (2.2.2.5, J).
	anonymousFlag = 0x800
)

// Where the first message has its flags ([MS-NLMP], 2.2.1.1), and that of NTLM among them (2.2.2.5, H).
const (
	firstFlagsAt = 12
	ntlmFlag     = 0x200
)

// withoutNTLM takes out of a first message that NTLM is wanted.
func withoutNTLM(first []byte) []byte {
	made := bytes.Clone(first)
	flags := binary.LittleEndian.Uint32(made[firstFlagsAt:])
	binary.LittleEndian.PutUint32(made[firstFlagsAt:], flags&^ntlmFlag)
	return made
}

// Hollow takes the responses out of a proof, and leaves the name.
func Hollow(proof []byte) []byte { return emptied(proof, lmResponseAt, ntResponseAt) }

// Anonymous takes the name out of a proof as well, and says so.
func Anonymous(proof []byte) []byte {
	made := emptied(proof, lmResponseAt, ntResponseAt, domainAt, userAt)
	if len(made) >= proofHead {
		flags := binary.LittleEndian.Uint32(made[flagsAt:])
		binary.LittleEndian.PutUint32(made[flagsAt:], flags|anonymousFlag)
	}
	return made
}

// VersionOne has a proof be one of NTLMv1 by its length, in which nothing is proved.
func VersionOne(proof []byte) []byte {
	const length = 24 // [MS-NLMP], 2.2.2.6
	made := bytes.Clone(proof)
	if len(made) >= proofHead {
		binary.LittleEndian.PutUint16(made[ntResponseAt:], length)
		binary.LittleEndian.PutUint16(made[ntResponseAt+2:], length)
	}
	return made
}

// LastChanged changes the last byte of what is proved, which 16 bytes at the head of the response are ([MS-NLMP], 2.2.2.8).
func LastChanged(proof []byte) []byte {
	const length = 16
	made := bytes.Clone(proof)
	if len(made) < proofHead {
		return made
	}
	if at := int(binary.LittleEndian.Uint32(made[ntResponseAt+4:])) + length - 1; at < len(made) {
		made[at] ^= 1
	}
	return made
}

// Cut ends a proof in the middle, so that its fields stand beyond its end.
func Cut(proof []byte) []byte { return bytes.Clone(proof[:len(proof)/2]) }

// Headless ends a proof within its head.
func Headless(proof []byte) []byte { return bytes.Clone(proof[:min(len(proof), userAt)]) }

// FarOff has the response stand where no message reaches.
func FarOff(proof []byte) []byte {
	made := bytes.Clone(proof)
	if len(made) >= proofHead {
		binary.LittleEndian.PutUint32(made[ntResponseAt+4:], 0xfffffff0)
	}
	return made
}

func emptied(proof []byte, fields ...int) []byte {
	made := bytes.Clone(proof)
	for _, at := range fields {
		if len(made) >= at+8 {
			clear(made[at : at+4])
		}
	}
	return made
}
