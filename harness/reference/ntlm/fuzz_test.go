package ntlm

import (
	"testing"
	"time"

	"github.com/Azure/go-ntlmssp"
)

// What a client sends never does more than fail, and what fails never authenticates.
func FuzzAnswered(f *testing.F) {
	f.Add(unhex(f, vectorAuthenticate))
	f.Add([]byte("NTLMSSP\x00\x03\x00\x00\x00"))
	good := unhex(f, vectorAuthenticate)
	f.Fuzz(func(t *testing.T, message []byte) {
		p, err := vectorExchange(t).Answered(message)
		if err != nil {
			return
		}
		if p.Matches(HashOf("Another")) {
			t.Error("a proof for a password that nobody has")
		}
		if p.Matches(HashOf("Password")) && string(p.response) != string(good[0x84:0x84+0x54]) {
			t.Error("a proof that the specification does not know")
		}
	})
}

func FuzzBegin(f *testing.F) {
	first, err := ntlmssp.NewNegotiateMessage("DOMAIN", "HOST")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(first)
	f.Add(first[:16])
	f.Fuzz(func(t *testing.T, message []byte) {
		e, challenge, err := Begin(server(), time.Unix(0, 0), message)
		if err != nil {
			return
		}
		if !IsNegotiate(message) || !Is(challenge) || len(challenge) < 56 || e == nil {
			t.Errorf("%x was taken for a first message", message)
		}
		for _, at := range []int{12, 40} {
			fieldAt(t, challenge, at)
		}
	})
}
