// Package aria is the catalogue of faults and variants of the VMware Aria Operations reference server.
package aria

import (
	_ "embed" // the catalogue itself
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[aria.Config] {
	return seams.Must(text, []overrides{
		acquisitionFaults, sourceFaults, loginFaults, tokenFaults(), schemeFaults,
		validityFaults(), slidingFaults, releaseFaults, answerVariants(), decisionVariants(),
	}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[aria.Config] { return read() }
