package ntlm

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// The example of [MS-NLMP], section 4.2.4: User of Domain with the password Password, at COMPUTER, against Server.
const (
	vectorNonce = "0123456789abcdef"
	vectorHash  = "a4f49c406510bdcab6824ee7c30fd852" // NTOWFv1, 4.2.2.1.2
	vectorProof = "68cd0ab851e51c96aabc927bebef6a1c" // 4.2.4.2.2
	vectorKey   = "8de40ccadbc14a82f15cb0ad0de95ca3" // 4.2.4.1.2

	vectorAuthenticate = `4e544c4d53535000 03000000 18001800 6c000000 54005400 84000000 0c000c00 48000000 08000800 54000000
		10001000 5c000000 10001000 d8000000 358288e2 0501280a0000000f
		44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
		86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa
		68cd0ab851e51c96aabc927bebef6a1c 0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
		02000c0044006f006d00610069006e00 01000c005300650072007600650072 00 00000000 00000000
		c5dad2544fc979909 4ce1ce90bc9d03e`
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func vectorExchange(t testing.TB) *Exchange {
	e := &Exchange{flags: Unicode | NTLM}
	copy(e.nonce[:], unhex(t, vectorNonce))
	return e
}

func TestHashOfTheSpecification(t *testing.T) {
	t.Parallel()
	if h := HashOf("Password"); !bytes.Equal(h[:], unhex(t, vectorHash)) {
		t.Errorf("%x", h)
	}
}

func TestProofOfTheSpecification(t *testing.T) {
	t.Parallel()
	p, err := vectorExchange(t).Answered(unhex(t, vectorAuthenticate))
	if err != nil {
		t.Fatal(err)
	}
	if p.Domain != "Domain" || p.User != "User" || p.Workstation != "COMPUTER" {
		t.Errorf("%q %q %q", p.Domain, p.User, p.Workstation)
	}
	if !bytes.Equal(p.response[:proofLength], unhex(t, vectorProof)) {
		t.Errorf("the proof string is %x", p.response[:proofLength])
	}
	if !p.Matches(HashOf("Password")) {
		t.Error("the right password does not match")
	}
	for _, wrong := range []string{"", "password", "Password ", "Passwor"} {
		if p.Matches(HashOf(wrong)) {
			t.Errorf("%q matches", wrong)
		}
	}
	key := mac(unhex(t, "0c868a403bfd7a93a3001ef22ef02e3f"), unhex(t, vectorProof))
	if !bytes.Equal(key, unhex(t, vectorKey)) {
		t.Errorf("the session base key is %x", key)
	}
}

// A proof covers everything that it is made over: no byte of it may change, and no other challenge may stand in.
func TestProofCoversItsInput(t *testing.T) {
	t.Parallel()
	message := unhex(t, vectorAuthenticate)
	const responseAt, responseLength = 0x84, 0x54
	for i := responseAt; i < responseAt+responseLength; i++ {
		changed := bytes.Clone(message)
		changed[i] ^= 0x10
		p, err := vectorExchange(t).Answered(changed)
		if err == nil && p.Matches(HashOf("Password")) {
			t.Errorf("byte %d of the response is not covered", i-responseAt)
		}
	}
	other := vectorExchange(t)
	other.nonce[0]++
	if p, err := other.Answered(message); err != nil || p.Matches(HashOf("Password")) {
		t.Errorf("the proof holds for another challenge (%v)", err)
	}
	renamed := bytes.Replace(message, []byte("U\x00s\x00e\x00r\x00C"), []byte("A\x00d\x00a\x00m\x00C"), 1)
	if p, err := vectorExchange(t).Answered(renamed); err != nil || p.User != "Adam" || p.Matches(HashOf("Password")) {
		t.Errorf("the proof holds for another user (%v)", err)
	}
}
