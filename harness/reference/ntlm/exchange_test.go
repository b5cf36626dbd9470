package ntlm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/Azure/go-ntlmssp"
)

func server() Target {
	return Target{Domain: "EXAMPLE", Computer: "HOST", DNSDomain: "example.com", DNSComputer: "host.example.com"}
}

func begin(t testing.TB) (*Exchange, []byte) {
	t.Helper()
	first, err := ntlmssp.NewNegotiateMessage("", "")
	if err != nil {
		t.Fatal(err)
	}
	e, challenge, err := Begin(server(), time.Now(), first)
	if err != nil {
		t.Fatal(err)
	}
	return e, challenge
}

func TestAnotherLibrarysClientLogsIn(t *testing.T) {
	t.Parallel()
	for _, name := range []struct{ given, domain, user string }{
		{`EXAMPLE\jürgen`, "EXAMPLE", "jürgen"}, {"anna@example.com", "", "anna@example.com"}, {"anna", "", "anna"},
	} {
		e, challenge := begin(t)
		const password = `pa ß"𝄞`
		answer, err := ntlmssp.NewAuthenticateMessage(challenge, name.given, password, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := e.Answered(answer)
		if err != nil {
			t.Fatal(err)
		}
		if p.Domain != name.domain || p.User != name.user || !p.Matches(HashOf(password)) || p.Matches(HashOf(password+" ")) {
			t.Errorf("%s: %q, %q, %v, %v", name.given, p.Domain, p.User, p.Matches(HashOf(password)), p.Matches(HashOf(password+" ")))
		}
		other, _ := begin(t)
		if p, err := other.Answered(answer); err != nil || p.Matches(HashOf(password)) {
			t.Errorf("%s: the proof holds in another exchange (%v)", name.given, err)
		}
	}
}

func TestEveryChallengeIsAnother(t *testing.T) {
	t.Parallel()
	first, _ := begin(t)
	second, _ := begin(t)
	if first.nonce == second.nonce {
		t.Error("the same nonce twice")
	}
}

func TestIntegrityCode(t *testing.T) {
	t.Parallel()
	e, challenge := begin(t)
	const password = "secret"
	message := protected(t, e, challenge, password)
	p, err := e.Answered(message)
	if err != nil || !p.hasMIC || !p.Matches(HashOf(password)) {
		t.Fatalf("%v %+v", err, p)
	}
	for _, at := range []int{micOffset, 60, len(message) - 1} {
		changed := bytes.Clone(message)
		changed[at] ^= 1 << 3
		if p, err := e.Answered(changed); err == nil && p.Matches(HashOf(password)) {
			t.Errorf("a change at byte %d goes unseen", at)
		}
	}
	e.negotiate[len(e.negotiate)-1]++
	if p, err := e.Answered(message); err != nil || p.Matches(HashOf(password)) {
		t.Errorf("a change to the first message goes unseen (%v)", err)
	}
}

// fieldAt is what a message's field at an offset describes.
func fieldAt(t testing.TB, message []byte, at int) []byte {
	t.Helper()
	var f field
	_, err := binary.Decode(message[at:], binary.LittleEndian, &f)
	part, beyond := f.of(message)
	if err := errors.Join(err, beyond); err != nil {
		t.Fatal(err)
	}
	return part
}

// protected makes a message of a client that protects the exchange by an integrity code.
func protected(t *testing.T, e *Exchange, challenge []byte, password string) []byte {
	t.Helper()
	info := fieldAt(t, challenge, 40)
	flags := []byte{attributeFlags, 0, 4, 0, micProvided, 0, 0, 0}
	blob := append([]byte{1, 1, 0, 0, 0, 0, 0, 0}, make([]byte, 20)...)
	blob = append(append(blob, flags...), info...)
	hash := HashOf(password)
	key := mac(hash[:], utf16le("ANNA"+"EXAMPLE"))
	proof := mac(key, e.nonce[:], blob)

	m := make([]byte, micOffset+micLength)
	copy(m, signature[:])
	binary.LittleEndian.PutUint32(m[8:], typeAuthenticate)
	binary.LittleEndian.PutUint32(m[60:], uint32(e.flags))
	add := func(at int, value []byte) {
		binary.LittleEndian.PutUint16(m[at:], uint16(len(value)))
		binary.LittleEndian.PutUint32(m[at+4:], uint32(len(m)))
		m = append(m, value...)
	}
	add(28, utf16le("EXAMPLE"))
	add(36, utf16le("anna"))
	add(20, append(proof, blob...))
	add(44, utf16le("PC"))
	copy(m[micOffset:], mac(mac(key, proof), e.negotiate, e.challenge, m))
	return m
}

func TestRefusedMessages(t *testing.T) {
	t.Parallel()
	e, challenge := begin(t)
	good, err := ntlmssp.NewAuthenticateMessage(challenge, `EXAMPLE\anna`, "secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	change := func(edit func([]byte)) []byte {
		m := bytes.Clone(good)
		edit(m)
		return m
	}
	for name, test := range map[string]struct {
		message []byte
		want    error
	}{
		"nothing":             {nil, ErrMalformed},
		"a signature alone":   {good[:8], ErrMalformed},
		"a header alone":      {good[:12], ErrMalformed},
		"half of it":          {good[:len(good)/2], ErrMalformed},
		"another type":        {change(func(m []byte) { m[8] = 1 }), ErrMalformed},
		"a field beyond":      {change(func(m []byte) { binary.LittleEndian.PutUint32(m[24:], 1<<32-1) }), ErrMalformed},
		"a name of odd bytes": {change(func(m []byte) { m[36]-- }), ErrMalformed},
		"version 1":           {change(func(m []byte) { m[20], m[21] = 24, 0 }), ErrUnsupported},
		"a short response":    {change(func(m []byte) { m[20], m[21] = 40, 0 }), ErrMalformed},
		"another blob":        {change(func(m []byte) { m[binary.LittleEndian.Uint32(m[24:])+proofLength] = 9 }), ErrMalformed},
		"anonymous":           {change(func(m []byte) { m[36], m[37], m[20], m[21] = 0, 0, 0, 0 }), ErrAnonymous},
	} {
		if _, err := e.Answered(test.message); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func TestRefusedBeginnings(t *testing.T) {
	t.Parallel()
	first := func(flags Flags) []byte {
		m := make([]byte, 32)
		copy(m, signature[:])
		m[8] = typeNegotiate
		binary.LittleEndian.PutUint32(m[12:], uint32(flags))
		return m
	}
	if _, _, err := Begin(server(), time.Now(), first(Unicode)); !errors.Is(err, ErrUnsupported) {
		t.Errorf("without NTLM: %v", err)
	}
	if _, _, err := Begin(server(), time.Now(), first(NTLM)); !errors.Is(err, ErrUnsupported) {
		t.Errorf("without an encoding: %v", err)
	}
	if _, _, err := Begin(server(), time.Now(), first(NTLM | OEM)[:15]); !errors.Is(err, ErrMalformed) {
		t.Errorf("too short: %v", err)
	}
	e, challenge, err := Begin(server(), time.Now(), first(NTLM | OEM)[:16])
	if err != nil {
		t.Fatal(err)
	}
	if name := fieldAt(t, challenge, 12); string(name) != "EXAMPLE" || e.flags.Has(Unicode) {
		t.Errorf("an old client gets the name %q", name)
	}
}

// The first message of requests-ntlm as it goes on the connection: no NTLM in its flags, but the session security that is of NTLM
// alone, and names in the code page.
func TestFirstMessageOfRequestsNTLM(t *testing.T) {
	t.Parallel()
	first := unhex(t, `4e544c4d53535000 01000000 329088e2 0700070028000000 000000002f000000 0601b11d0000000f 4558414d504c45`)
	if flags := Flags(binary.LittleEndian.Uint32(first[12:])); flags.Has(NTLM) || !flags.Has(ExtendedSecurity) {
		t.Fatalf("flags %x", flags)
	}
	_, challenge, err := Begin(server(), time.Now(), first)
	if err != nil {
		t.Fatal(err)
	}
	if granted := Flags(binary.LittleEndian.Uint32(challenge[20:])); !granted.Has(NTLM | ExtendedSecurity | TargetInfo) {
		t.Errorf("granted %x", granted)
	}
	cleared := bytes.Clone(first)
	binary.LittleEndian.PutUint32(cleared[12:], binary.LittleEndian.Uint32(first[12:])&^uint32(ExtendedSecurity))
	if _, _, err := Begin(server(), time.Now(), cleared); !errors.Is(err, ErrUnsupported) {
		t.Errorf("neither of the two: %v", err)
	}
}
