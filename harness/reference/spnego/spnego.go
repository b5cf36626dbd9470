// Package spnego reads and writes the wrapping in which HTTP Negotiate carries the messages of a mechanism (RFC 4178):
// which mechanisms a client offers, the message of one of them, and what a server answers. The mechanisms themselves
// are others' work. It leaves out mechListMIC, which protects the choice of a mechanism, and which clients do without
// where the first mechanism that they offer is taken.
package spnego

import (
	"encoding/asn1"
	"errors"
	"fmt"
)

// ErrMalformed is wrapped by every error about the bytes of a token.
var ErrMalformed = errors.New("not a well-formed SPNEGO token")

// The mechanisms that this house knows. Kerberos has a second name, which older Windows releases write.
func mechanisms() (spnegoID, ntlm, kerberos, kerberosLegacy asn1.ObjectIdentifier) {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 2}, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10},
		asn1.ObjectIdentifier{1, 2, 840, 113554, 1, 2, 2}, asn1.ObjectIdentifier{1, 2, 840, 48018, 1, 2, 2}
}

// Mechanism is a way of authentication.
type Mechanism int

// The mechanisms. Other is any that is none of the named ones.
const (
	Other Mechanism = iota
	NTLM
	Kerberos
)

func (m Mechanism) id() asn1.ObjectIdentifier {
	_, ntlm, kerberos, _ := mechanisms()
	if m == Kerberos {
		return kerberos
	}
	return ntlm
}

func mechanismOf(id asn1.ObjectIdentifier) Mechanism {
	_, ntlm, kerberos, legacy := mechanisms()
	switch {
	case id.Equal(ntlm):
		return NTLM
	case id.Equal(kerberos), id.Equal(legacy):
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

// The forms of RFC 4178, 4.2. Everything is optional to this reader: what is missing is for the mechanism to miss.
type negTokenInit struct {
	Mechanisms []asn1.ObjectIdentifier `asn1:"explicit,optional,tag:0"`
	Flags      asn1.BitString          `asn1:"explicit,optional,tag:1"`
	Message    []byte                  `asn1:"explicit,optional,tag:2"`
	MIC        asn1.RawValue           `asn1:"optional,tag:3"`
}

type negTokenResp struct {
	State     asn1.Enumerated       `asn1:"explicit,optional,tag:0"`
	Mechanism asn1.ObjectIdentifier `asn1:"explicit,optional,tag:1"`
	Message   []byte                `asn1:"explicit,optional,tag:2"`
	MIC       []byte                `asn1:"explicit,optional,tag:3"`
}

// Parse reads a client's token.
func Parse(data []byte) (Token, error) {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(data, &outer)
	if err != nil || len(rest) > 0 {
		return Token{}, fmt.Errorf("%w: not one ASN.1 value", ErrMalformed)
	}
	switch {
	case outer.Class == asn1.ClassApplication && outer.Tag == 0 && outer.IsCompound:
		return parseFirst(outer.Bytes)
	case outer.Class == asn1.ClassContextSpecific && outer.Tag == 1 && outer.IsCompound:
		var resp negTokenResp
		if rest, err := asn1.Unmarshal(outer.Bytes, &resp); err != nil || len(rest) > 0 {
			return Token{}, fmt.Errorf("%w: NegTokenResp", ErrMalformed)
		}
		return Token{Message: resp.Message}, nil
	}
	return Token{}, fmt.Errorf("%w: neither NegTokenInit nor NegTokenResp", ErrMalformed)
}

// parseFirst reads a NegTokenInit behind the identifier of SPNEGO (RFC 2743, 3.1).
func parseFirst(data []byte) (Token, error) {
	wanted, _, _, _ := mechanisms()
	var id asn1.ObjectIdentifier
	data, err := asn1.Unmarshal(data, &id)
	if err != nil || !id.Equal(wanted) {
		return Token{}, fmt.Errorf("%w: a token of another mechanism", ErrMalformed)
	}
	var choice asn1.RawValue
	if rest, err := asn1.Unmarshal(data, &choice); err != nil || len(rest) > 0 || choice.Class != asn1.ClassContextSpecific || choice.Tag != 0 {
		return Token{}, fmt.Errorf("%w: no NegTokenInit", ErrMalformed)
	}
	var first negTokenInit
	if rest, err := asn1.Unmarshal(choice.Bytes, &first); err != nil || len(rest) > 0 {
		return Token{}, fmt.Errorf("%w: NegTokenInit", ErrMalformed)
	}
	if len(first.Mechanisms) == 0 {
		return Token{}, fmt.Errorf("%w: no mechanism is offered", ErrMalformed)
	}
	t := Token{First: true, Message: first.Message}
	for _, id := range first.Mechanisms {
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
	Rejected   State = 2
)

// Answer writes a server's token: the state, the mechanism that was chosen and, where there is one, its message.
func Answer(state State, chosen Mechanism, message []byte) ([]byte, error) {
	type answer struct {
		State     asn1.Enumerated       `asn1:"explicit,tag:0"`
		Mechanism asn1.ObjectIdentifier `asn1:"explicit,tag:1"`
		Message   []byte                `asn1:"explicit,optional,omitempty,tag:2"`
	}
	inner, err := asn1.Marshal(answer{State: asn1.Enumerated(state), Mechanism: chosen.id(), Message: message})
	if err != nil {
		return nil, fmt.Errorf("writing a SPNEGO token: %w", err)
	}
	token, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: inner})
	if err != nil {
		return nil, fmt.Errorf("writing a SPNEGO token: %w", err)
	}
	return token, nil
}
