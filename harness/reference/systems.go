package reference

import (
	"sync"

	adaxesfault "example.org/conform/harness/fault/adaxes"
	ariafault "example.org/conform/harness/fault/aria"
	bluecatfault "example.org/conform/harness/fault/bluecat"
	pyramidfault "example.org/conform/harness/fault/pyramid"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/pyramid"
)

// implementations are the systems that have a reference server. A new system adds itself here.
var implementations = sync.OnceValue(func() []implementation {
	return []implementation{
		implement("adaxes", adaxesfault.Catalogue(), adaxes.New),
		implement("aria", ariafault.Catalogue(), aria.New),
		implement("bluecat", bluecatfault.Catalogue(), bluecat.New),
		implement("pyramid", pyramidfault.Catalogue(), pyramid.New),
	}
})
