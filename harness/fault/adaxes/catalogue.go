// Package adaxes is the catalogue of faults and variants of the Adaxes reference server.
package adaxes

import (
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// Fault and Variant are those of the Adaxes reference server.
type (
	Fault   = fault.Fault[adaxes.Config]
	Variant = fault.Variant[adaxes.Config]
)

// The profiles of faults that only one of the documents knows.
var (
	only2023 = []string{adaxes.Profile20232}
	only2025 = []string{adaxes.Profile20251}
)

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[adaxes.Config] {
	return fault.Catalogue[adaxes.Config]{
		Profiles: []string{adaxes.Profile20232, adaxes.Profile20251},
		Faults: slices.Concat(sessionFaults(), passwordChangeFaults(), loginFaults(), malformedLoginFaults(), accountFaults(),
			tokenFaults(), credentialFaults(), issueFaults(), typeFaults(), renewalFaults(), terminationFaults(), destructionFaults(),
			noContentFaults(), expiryFaults(), instanceFaults(), errorFaults()),
		Variants: slices.Concat(answerVariants(), decisionVariants(), wireVariants(), seams.Wire("media-type-in-capitals", "indented",
			"chunked",
			"connection-close", "no-date", "password-a-plain-word", "password-a-number", "slow")),
	}
}
