// Package bluecat is the catalogue of faults and variants of the BlueCat Address Manager reference server.
package bluecat

import (
	_ "embed" // the catalogue itself
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[bluecat.Config] {
	return seams.Must(text, []overrides{
		sessionFaults, loginFaults, credentialFaults, openDoorFaults, currentFaults, headerFaults, answerVariants, decisionVariants,
	}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[bluecat.Config] { return read() }
