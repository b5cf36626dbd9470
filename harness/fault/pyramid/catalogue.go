// Package pyramid is the catalogue of faults and variants of the Pyramid Analytics reference server.
package pyramid

import (
	_ "embed" // the catalogue itself
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[pyramid.Config] {
	return seams.Must(text, []overrides{
		answerFaults(), credentialFaults, proofFaults, useFaults(), variants(),
	}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[pyramid.Config] { return read() }
