// Package bluecat is the catalogue of faults and variants of the BlueCat Address Manager reference server.
package bluecat

import (
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// Fault and Variant are those of the BlueCat Address Manager reference server.
type (
	Fault   = fault.Fault[bluecat.Config]
	Variant = fault.Variant[bluecat.Config]
)

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[bluecat.Config] {
	return fault.Catalogue[bluecat.Config]{
		Profiles: []string{bluecat.Profile},
		Faults: slices.Concat(creationFaults(), memberFaults(), linkFaults(), passwordFaults(), malformedFaults(),
			habitFaults(), credentialFaults(), openDoorFaults(), currentFaults(), logoutFaults(), expiryFaults(),
			headerFaults(), errorFaults()),
		Variants: slices.Concat(answerVariants(), decisionVariants(), seams.Wire("media-type-in-capitals", "indented", "chunked",
			"connection-close", "no-date", "password-a-plain-word", "password-a-number", "slow")),
	}
}
