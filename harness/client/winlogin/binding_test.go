package winlogin

import (
	"bytes"
	"crypto/md5"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"testing"

	"github.com/Azure/go-ntlmssp"

	"example.org/conform/harness/reference/ntlm"
)

// An example that implementations share: what stands for a channel, by the hash of its certificate.
func TestBindingsOfAKnownHash(t *testing.T) {
	t.Parallel()
	hash, err := hex.DecodeString("e3ca49271e5089cc48ce82109f1324f41dbeddc29a777410c738f7868c4ff405")
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(bindingsOf(hash)); got != "6ea19df066da4622051f9c4f92c6df74" {
		t.Error(got)
	}
}

// The hash is the one of the certificate's signature, but for those that are broken; the server's side reads it alike.
func TestEndPoint(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, signature := range []x509.SignatureAlgorithm{
		x509.SHA1WithRSA, x509.SHA256WithRSA, x509.ECDSAWithSHA256, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384, x509.SHA512WithRSA,
	} {
		certificate := &x509.Certificate{Raw: []byte("a certificate"), SignatureAlgorithm: signature}
		got := endPoint(certificate)
		if len(got) != md5.Size || !bytes.Equal(got, ntlm.ChannelBindings(certificate)) {
			t.Errorf("%s: %x", signature, got)
		}
		seen[string(got)] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d values, of three hashes", len(seen))
	}
	if got := endPoint(&x509.Certificate{SignatureAlgorithm: x509.PureEd25519}); got != nil {
		t.Errorf("no hash of its own: %x", got)
	}
}

func challengeWith(info []byte) []byte {
	made := slices.Concat([]byte("NTLMSSP\x00\x02\x00\x00\x00"), make([]byte, 8), []byte{0x01, 0x02, 0x88, 0x00}, []byte("12345678"), make([]byte, 8))
	made = binary.LittleEndian.AppendUint16(made, uint16(len(info)))
	made = binary.LittleEndian.AppendUint16(made, uint16(len(info)))
	made = binary.LittleEndian.AppendUint32(made, challengeHead)
	return append(made, info...)
}

func channel() *tls.ConnectionState {
	return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: []byte("a certificate"), SignatureAlgorithm: x509.SHA256WithRSA}}}
}

// The bindings are put before the end, once, and what else the server says stays as it is.
func TestBind(t *testing.T) {
	t.Parallel()
	name, end := []byte{2, 0, 4, 0, 'E', 0, 'X', 0}, []byte{0, 0, 0, 0}
	own := append([]byte{10, 0, 16, 0}, endPoint(channel().PeerCertificates[0])...)
	stale := append([]byte{10, 0, 16, 0}, make([]byte, 16)...)
	for what, info := range map[string][]byte{"a name": slices.Concat(name, end), "another's": slices.Concat(stale, name, end)} {
		made := bind(challengeWith(info), channel())
		at := binary.LittleEndian.Uint32(made[targetInfoAt+4:])
		got := made[at : int(at)+int(binary.LittleEndian.Uint16(made[targetInfoAt:]))]
		if want := slices.Concat(name, own, end); !bytes.Equal(got, want) {
			t.Errorf("%s: %x, want %x", what, got, want)
		}
		if _, err := ntlmssp.NewAuthenticateMessage(made, `EXAMPLE\u`, "p", nil); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	whole := challengeWith(slices.Concat(name, end))
	far := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(far[targetInfoAt+4:], 1<<31)
	for what, c := range map[string]struct {
		challenge []byte
		channel   *tls.ConnectionState
	}{
		"no TLS": {whole, nil}, "no certificate": {whole, &tls.ConnectionState{}}, "no end": {challengeWith(name), channel()},
		"half an attribute": {challengeWith(name[:6]), channel()}, "no target information": {challengeWith(nil), channel()},
		"a place beyond the end": {far, channel()}, "a head that is cut": {whole[:20], channel()},
	} {
		if got := bind(c.challenge, c.channel); !bytes.Equal(got, c.challenge) {
			t.Errorf("%s: %x became %x", what, c.challenge, got)
		}
	}
}

func FuzzBind(f *testing.F) {
	f.Add(challengeWith([]byte{2, 0, 4, 0, 'E', 0, 'X', 0, 0, 0, 0, 0}))
	f.Add(challengeWith([]byte{10, 0, 0, 0, 0, 0, 0, 0}))
	f.Fuzz(func(t *testing.T, challenge []byte) {
		before := bytes.Clone(challenge)
		if made := bind(challenge, channel()); len(made) < len(challenge) || !bytes.Equal(challenge, before) {
			t.Error("a challenge was cut or changed in place")
		}
	})
}
