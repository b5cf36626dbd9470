// Package aria is the catalogue of faults and variants of the VMware Aria Operations reference server.
package aria

import (
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// Fault and Variant are those of the Aria Operations reference server.
type (
	Fault   = fault.Fault[aria.Config]
	Variant = fault.Variant[aria.Config]
)

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[aria.Config] {
	return fault.Catalogue[aria.Config]{
		Profiles: []string{aria.Profile},
		Faults: slices.Concat(acquisitionFaults(), sourceFaults(), loginFaults(), refusalFaults(), malformedFaults(),
			methodFaults(), disclosureFaults(), tokenFaults(), schemeFaults(), validityFaults(), slidingFaults(),
			releaseFaults(), errorFaults()),
		Variants: slices.Concat(answerVariants(), decisionVariants(), seams.Wire("media-type-in-capitals", "indented", "chunked",
			"connection-close", "no-date", "password-a-plain-word", "password-a-number", "slow")),
	}
}
