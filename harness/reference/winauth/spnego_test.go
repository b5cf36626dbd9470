package winauth

import (
	"bytes"
	standard "encoding/asn1"
	"encoding/hex"
	"errors"
	"reflect"
	"testing"

	"github.com/jcmturner/gofork/encoding/asn1"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	krb "github.com/jcmturner/gokrb5/v8/spnego"
)

type (
	oid  = standard.ObjectIdentifier
	oids = []oid
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
	offered, message, err := unwrap(data)
	if err != nil {
		t.Fatal(err)
	}
	if want := append(append(oids{kerberosID, ntlmID}, kerberosIDs[1]), oid{1, 2, 3}); !reflect.DeepEqual(offered, want) || string(message) != "hello" {
		t.Errorf("%v %q", offered, message)
	}
	if _, message, err := unwrap(first(t, nil, offeredNTLM())); err != nil || message != nil {
		t.Errorf("without a message: %q, %v", message, err)
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
		if offered, message, err := unwrap(data); err != nil || offered != nil || !bytes.Equal(message, []byte{0xaa}) {
			t.Errorf("%s: %v %x, %v", text, offered, message, err)
		}
	}
}

func TestAnswerIsReadByAnotherLibrary(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		state   krb.NegState
		chosen  oid
		message []byte
	}{{krb.NegStateAcceptIncomplete, ntlmID, []byte("challenge")}, {krb.NegStateAcceptCompleted, kerberosID, nil}} {
		data := wrap(test.state, test.chosen, test.message)
		var token krb.SPNEGOToken
		if err := token.Unmarshal(data); err != nil || !token.Resp {
			t.Fatalf("%x: %v", data, err)
		}
		resp := token.NegTokenResp
		if resp.State() != test.state || !test.chosen.Equal(oid(resp.SupportedMech)) || !bytes.Equal(resp.ResponseToken, test.message) {
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
		if offered, message, err := unwrap(data); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %v %x, %v", name, offered, message, err)
		}
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add(first(f, []byte("hello"), offeredNTLM(), gssapi.OIDKRB5.OID()))
	f.Add([]byte("\xa1\x07\x30\x05\xa2\x03\x04\x01\xaa"))
	f.Fuzz(func(t *testing.T, data []byte) {
		offered, _, err := unwrap(data)
		if err == nil && offered != nil && len(offered) == 0 {
			t.Error("a first token that offers nothing")
		}
		if err != nil && !errors.Is(err, errMalformed) {
			t.Error(err)
		}
	})
}
