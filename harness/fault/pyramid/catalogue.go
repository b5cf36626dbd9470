// Package pyramid is the catalogue of faults and variants of the Pyramid Analytics reference server.
package pyramid

import (
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
)

// Fault and Variant are those of the Pyramid Analytics reference server.
type (
	Fault   = fault.Fault[pyramid.Config]
	Variant = fault.Variant[pyramid.Config]
)

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[pyramid.Config] {
	return fault.Catalogue[pyramid.Config]{
		Profiles: []string{pyramid.Profile},
		Faults:   slices.Concat(answerFaults(), methodFaults(), credentialFaults(), proofFaults(), useFaults()),
		Variants: append(variants(), seams.Wire("password-a-plain-word", "password-a-number")...),
		Exempt: []fault.Exemption{{
			Requirement: "PYR-WIN-04", Check: "no-credentials",
			Reason: "a server that does not challenge who brings nothing lets nobody begin a login: the run says so and ends",
		}},
	}
}
