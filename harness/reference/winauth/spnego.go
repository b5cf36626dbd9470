package winauth

import (
	"encoding/asn1"
	"errors"

	forked "github.com/jcmturner/gofork/encoding/asn1"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/spnego"
)

// SPNEGO (RFC 4178) is the wrapping in which Negotiate carries the messages of a mechanism. The Kerberos library reads it
// too, but wants a state in a client's later tokens, which RFC 4178 leaves out, and looks at nothing that stands behind a
// token. Left out here is mechListMIC, which protects the choice of a mechanism, and which clients do without where the
// first mechanism that they offer is taken.

// The mechanisms. Older Windows releases write an identifier of their own for Kerberos.
var (
	ntlmID       = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}
	kerberosID   = asn1.ObjectIdentifier(gssapi.OIDKRB5.OID())
	kerberosIDs  = []asn1.ObjectIdentifier{kerberosID, asn1.ObjectIdentifier(gssapi.OIDMSLegacyKRB5.OID())}
	errMalformed = errors.New("not a well-formed SPNEGO token")
)

// The forms of RFC 4178, 4.2: a NegTokenInit behind the identifier of SPNEGO (RFC 2743, 3.1), and a NegTokenResp.
// Everything is optional to this reader: what is missing is for the mechanism to miss.
type (
	initToken struct {
		ID   asn1.ObjectIdentifier
		Init struct {
			Mechanisms []asn1.ObjectIdentifier `asn1:"explicit,optional,tag:0"`
			Flags      asn1.BitString          `asn1:"explicit,optional,tag:1"`
			Message    []byte                  `asn1:"explicit,optional,tag:2"`
			MIC        asn1.RawValue           `asn1:"optional,tag:3"`
		} `asn1:"explicit,tag:0"`
	}
	respToken struct {
		State     asn1.Enumerated       `asn1:"explicit,optional,tag:0"`
		Mechanism asn1.ObjectIdentifier `asn1:"explicit,optional,tag:1"`
		Message   []byte                `asn1:"explicit,optional,tag:2"`
		MIC       []byte                `asn1:"explicit,optional,tag:3"`
	}
)

// unwrap reads a client's token. One that begins a negotiation has the mechanisms that the client offers, the one that it
// likes best first; the message is that one's, and often absent. A later one has a message alone.
func unwrap(token []byte) (offered []asn1.ObjectIdentifier, message []byte, err error) {
	var resp respToken
	if rest, err := asn1.UnmarshalWithParams(token, &resp, "explicit,tag:1"); err == nil && len(rest) == 0 {
		return nil, resp.Message, nil
	}
	var begun initToken
	rest, err := asn1.UnmarshalWithParams(token, &begun, "application,tag:0")
	if err != nil || len(rest) > 0 || !begun.ID.Equal(asn1.ObjectIdentifier(gssapi.OIDSPNEGO.OID())) || len(begun.Init.Mechanisms) == 0 {
		return nil, nil, errMalformed
	}
	return begun.Init.Mechanisms, begun.Init.Message, nil
}

// wrap writes a server's token: how the negotiation stands, the mechanism that was chosen and its message, if there is one.
func wrap(state spnego.NegState, chosen asn1.ObjectIdentifier, message []byte) []byte {
	resp := spnego.NegTokenResp{
		NegState: forked.Enumerated(state), SupportedMech: forked.ObjectIdentifier(chosen), ResponseToken: message,
	}
	token, _ := resp.Marshal() // numbers and bytes can always be written
	return token
}
