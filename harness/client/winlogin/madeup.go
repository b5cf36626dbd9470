package winlogin

import (
	"crypto/rand"
	der "encoding/asn1"
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/Azure/go-ntlmssp"
	"github.com/jcmturner/gofork/encoding/asn1"
	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/iana"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/iana/msgtype"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/spnego"
	"github.com/jcmturner/gokrb5/v8/types"
)

// MadeUp is a value of Authorization in the form of a login's, which nobody was given, and what it is in words.
type MadeUp struct{ Words, Authorization string }

// Nonsense is a token without the form of any mechanism, behind each scheme.
func Nonsense() []MadeUp {
	token := base64.StdEncoding.EncodeToString([]byte("conform was given no token: " + rand.Text()))
	return []MadeUp{
		{"a made-up token behind " + schemeNegotiate, schemeNegotiate + " " + token},
		{"a made-up token behind " + schemeNTLM, schemeNTLM + " " + token},
	}
}

// Tickets are tickets of Kerberos for a host, well-formed, with random bytes where a KDC's seals would be: in SPNEGO, under both
// names of the mechanism, and bare. A ticket names its client under the seal alone, so that these name nobody.
func Tickets(host string) ([]MadeUp, error) {
	var made []MadeUp
	for _, mechanism := range []gssapi.OIDName{gssapi.OIDKRB5, gssapi.OIDMSLegacyKRB5} {
		request, err := ticket(host)
		if err != nil {
			return nil, fmt.Errorf("making up a ticket: %w", err)
		}
		wrapped, err := inSPNEGO(mechanism.OID(), request)
		if err != nil {
			return nil, err
		}
		made = append(made, MadeUp{fmt.Sprintf("a made-up ticket in SPNEGO (%s)", mechanism), header(schemeNegotiate, wrapped)})
		if mechanism == gssapi.OIDKRB5 {
			made = append(made, MadeUp{"a made-up ticket without SPNEGO", header(schemeNegotiate, request)})
		}
	}
	return made, nil
}

// Proofs are proofs of NTLM by a user, to a challenge that no server has given: bare, and in SPNEGO.
func Proofs(username, password string) ([]MadeUp, error) {
	// A second message with Unicode names, NTLM, extended session security and an empty target information ([MS-NLMP], 2.2.1.2).
	challenge := slices.Concat([]byte("NTLMSSP\x00\x02\x00\x00\x00"), make([]byte, 8), []byte{0x01, 0x02, 0x88, 0x00},
		[]byte(rand.Text()[:8]), make([]byte, 8), []byte{4, 0, 4, 0, 48, 0, 0, 0}, make([]byte, 4))
	proof, err := ntlmssp.NewAuthenticateMessage(challenge, username, password, nil)
	if err != nil {
		return nil, fmt.Errorf("making up a proof: %w", err)
	}
	wrapped, err := inSPNEGO(ntlmID, proof)
	if err != nil {
		return nil, err
	}
	return []MadeUp{
		{"a proof of NTLM to no challenge", header(schemeNTLM, proof)},
		{"a proof of NTLM to no challenge, behind " + schemeNegotiate, header(schemeNegotiate, proof)},
		{"a proof of NTLM to no challenge, in SPNEGO", header(schemeNegotiate, wrapped)},
	}, nil
}

func header(scheme string, token []byte) string {
	return scheme + " " + base64.StdEncoding.EncodeToString(token)
}

// ticket is a client's first message of Kerberos under GSS-API (RFC 4121, 4.1).
func ticket(host string) ([]byte, error) {
	sealed := func() types.EncryptedData {
		cipher := make([]byte, 240)
		_, _ = rand.Read(cipher) // never fails: the runtime ends the program before it returns weak bytes
		return types.EncryptedData{EType: etypeID.AES256_CTS_HMAC_SHA1_96, KVNO: 2, Cipher: cipher}
	}
	request := messages.APReq{
		PVNO: iana.PVNO, MsgType: msgtype.KRB_AP_REQ, APOptions: types.NewKrbFlags(), EncryptedAuthenticator: sealed(),
		Ticket: messages.Ticket{
			TktVNO: iana.PVNO, Realm: "CONFORM.INVALID", SName: types.NewPrincipalName(nametype.KRB_NT_SRV_INST, "HTTP/"+host), EncPart: sealed(),
		},
	}
	message, err := request.Marshal()
	if err != nil {
		return nil, err
	}
	mechanism, err := asn1.Marshal(gssapi.OIDKRB5.OID())
	if err != nil {
		return nil, err
	}
	return asn1tools.AddASNAppTag(slices.Concat(mechanism, []byte{1, 0}, message), 0), nil // 1, 0: a KRB_AP_REQ
}

// ntlmID is the identifier of NTLM as a mechanism of SPNEGO.
var ntlmID = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}

// laterInSPNEGO wraps a later message of a client's, which is alone in its token (RFC 4178, 4.2.2).
func laterInSPNEGO(message []byte) ([]byte, error) {
	made, err := der.MarshalWithParams(struct {
		Message []byte `asn1:"explicit,tag:2"`
	}{message}, "explicit,tag:1")
	if err != nil {
		return nil, fmt.Errorf("wrapping a later message in SPNEGO: %w", err)
	}
	return made, nil
}

// outOfSPNEGO is a server's message without its wrapping, and nil where there is none in it.
func outOfSPNEGO(token []byte) []byte {
	var answer spnego.NegTokenResp
	if answer.Unmarshal(token) != nil {
		return nil
	}
	return answer.ResponseToken
}

func inSPNEGO(mechanism asn1.ObjectIdentifier, message []byte) ([]byte, error) {
	token := spnego.SPNEGOToken{Init: true, NegTokenInit: spnego.NegTokenInit{
		MechTypes: []asn1.ObjectIdentifier{mechanism}, MechTokenBytes: message,
	}}
	made, err := token.Marshal()
	if err != nil {
		return nil, fmt.Errorf("wrapping a message in SPNEGO: %w", err)
	}
	return made, nil
}
