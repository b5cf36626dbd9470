// Package spnego reads and writes the wrapping in which HTTP Negotiate carries the messages of a mechanism (RFC 4178):
// which mechanisms a client offers, the message of one of them, and what a server answers. The mechanisms themselves
// are others' work. It leaves out mechListMIC, which protects the choice of a mechanism, and which clients do without
// where the first mechanism that they offer is taken.
//
// The Kerberos library reads the same tokens, but wants a state in a client's later ones, which RFC 4178 leaves out, and
// looks at nothing that stands behind a token.
package spnego

import (
	"encoding/asn1"
	"errors"
)

// ErrMalformed is the error about the bytes of a token.
var ErrMalformed = errors.New("not a well-formed SPNEGO token")

// Mechanism is a way of authentication.
type Mechanism int

// The mechanisms. Other is any that is none of the named ones.
const (
	Other Mechanism = iota
	NTLM
	Kerberos
)

// The object identifiers. Kerberos has a second one, which older Windows releases write.
var (
	spnegoID   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 2}
	ntlmID     = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}
	kerberosID = asn1.ObjectIdentifier{1, 2, 840, 113554, 1, 2, 2}
	legacyID   = asn1.ObjectIdentifier{1, 2, 840, 48018, 1, 2, 2}
)

func mechanismOf(id asn1.ObjectIdentifier) Mechanism {
	switch {
	case id.Equal(ntlmID):
		return NTLM
	case id.Equal(kerberosID), id.Equal(legacyID):
		return Kerberos
	}
	return Other
}

// Token is what a client sends.
type Token struct {
	// First says that the token begins a negotiation; Mechanisms are then what the client offers, the one that it
	// likes best first.
	First      bool
	Mechanisms []Mechanism
	// Message is the mechanism's own message: in a first token that of the first mechanism, and often absent.
	Message []byte
}

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

// Parse reads a client's token.
func Parse(data []byte) (Token, error) {
	var resp respToken
	if rest, err := asn1.UnmarshalWithParams(data, &resp, "explicit,tag:1"); err == nil && len(rest) == 0 {
		return Token{Message: resp.Message}, nil
	}
	var begun initToken
	rest, err := asn1.UnmarshalWithParams(data, &begun, "application,tag:0")
	if err != nil || len(rest) > 0 || !begun.ID.Equal(spnegoID) || len(begun.Init.Mechanisms) == 0 {
		return Token{}, ErrMalformed
	}
	t := Token{First: true, Message: begun.Init.Message}
	for _, id := range begun.Init.Mechanisms {
		t.Mechanisms = append(t.Mechanisms, mechanismOf(id))
	}
	return t, nil
}

// State is how a negotiation stands after a server's answer.
type State int

// The states, by the numbers of RFC 4178, 4.2.2.
const (
	Completed  State = 0
	Incomplete State = 1
)

// Answer writes a server's token: the state, the mechanism that was chosen and, where there is one, its message.
func Answer(state State, chosen Mechanism, message []byte) ([]byte, error) {
	id := ntlmID
	if chosen == Kerberos {
		id = kerberosID
	}
	return asn1.MarshalWithParams(struct {
		State     asn1.Enumerated       `asn1:"explicit,tag:0"`
		Mechanism asn1.ObjectIdentifier `asn1:"explicit,tag:1"`
		Message   []byte                `asn1:"explicit,optional,omitempty,tag:2"`
	}{asn1.Enumerated(state), id, message}, "explicit,tag:1")
}
