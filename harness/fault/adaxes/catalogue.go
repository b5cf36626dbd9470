// Package adaxes is the catalogue of faults and variants of the Adaxes reference server.
package adaxes

import (
	_ "embed" // the catalogue itself
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[adaxes.Config] {
	return seams.Must(text, []overrides{
		sessionFaults(), passwordChangeFaults(), loginFaults(),
		tokenFaults(), deadCredentialFaults(), openDoorFaults, issueFaults, typeFaults(),
		renewedTokenFaults(), renewalRightFaults, terminationFaults(), destructionFaults(),
		framings("termination", adaxes.TerminateSession), framings("destruction", adaxes.DestroyToken), expiryFaults,
		instanceFaults(), answerVariants(), decisionVariants, wireVariants(),
	}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[adaxes.Config] { return read() }
