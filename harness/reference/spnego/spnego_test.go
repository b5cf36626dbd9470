package spnego

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"github.com/jcmturner/gofork/encoding/asn1"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	krb "github.com/jcmturner/gokrb5/v8/spnego"
)

// first makes a client's first token by another library.
func first(t testing.TB, message []byte, mechanisms ...asn1.ObjectIdentifier) []byte {
	t.Helper()
	token := krb.SPNEGOToken{Init: true, NegTokenInit: krb.NegTokenInit{MechTypes: mechanisms, MechTokenBytes: message}}
	data, err := token.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func offeredNTLM() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}
}

func TestParseFirstToken(t *testing.T) {
	t.Parallel()
	data := first(t, []byte("hello"), gssapi.OIDKRB5.OID(), offeredNTLM(), gssapi.OIDMSLegacyKRB5.OID(), asn1.ObjectIdentifier{1, 2, 3})
	token, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if !token.First || !slices.Equal(token.Mechanisms, []Mechanism{Kerberos, NTLM, Kerberos, Other}) || string(token.Message) != "hello" {
		t.Errorf("%+v", token)
	}
	if token, err := Parse(first(t, nil, offeredNTLM())); err != nil || token.Message != nil {
		t.Errorf("without a message: %+v, %v", token, err)
	}
}

func TestParseLaterToken(t *testing.T) {
	t.Parallel()
	// As Windows writes it, and as others do without the state (RFC 4178, 4.2.2, leaves it out after the first answer).
	for _, text := range []string{"a10c300aa0030a0101a2030401aa", "a1073005a2030401aa"} {
		data, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if token, err := Parse(data); err != nil || token.First || !bytes.Equal(token.Message, []byte{0xaa}) {
			t.Errorf("%s: %+v, %v", text, token, err)
		}
	}
}

func TestAnswerIsReadByAnotherLibrary(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		state   State
		chosen  Mechanism
		message []byte
	}{{Incomplete, NTLM, []byte("challenge")}, {Completed, Kerberos, nil}} {
		data, err := Answer(test.state, test.chosen, test.message)
		if err != nil {
			t.Fatal(err)
		}
		var token krb.SPNEGOToken
		if err := token.Unmarshal(data); err != nil || !token.Resp {
			t.Fatalf("%x: %v", data, err)
		}
		resp := token.NegTokenResp
		if State(resp.NegState) != test.state || mechanismOf([]int(resp.SupportedMech)) != test.chosen || !bytes.Equal(resp.ResponseToken, test.message) {
			t.Errorf("%+v", resp)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good := first(t, []byte("hello"), offeredNTLM())
	for name, data := range map[string][]byte{
		"nothing": nil, "a length beyond the end": {0x60, 0x84, 0xff, 0xff, 0xff, 0xff}, "half": good[:len(good)/2],
		"more behind it": append(bytes.Clone(good), 0), "another tag": {0x30, 0x00},
		"no mechanism": first(t, nil), "another mechanism's token": {0x60, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04},
	} {
		if token, err := Parse(data); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, token, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(first(f, []byte("hello"), offeredNTLM(), gssapi.OIDKRB5.OID()))
	f.Add([]byte("\xa1\x07\x30\x05\xa2\x03\x04\x01\xaa"))
	f.Fuzz(func(t *testing.T, data []byte) {
		token, err := Parse(data)
		if err == nil && token.First && len(token.Mechanisms) == 0 {
			t.Error("a first token that offers nothing")
		}
		if err != nil && !errors.Is(err, ErrMalformed) {
			t.Error(err)
		}
	})
}
