// Package suites knows the systems whose suites there are.
package suites

import (
	"example.org/conform/suites/adaxes"
	"example.org/conform/suites/aria"
	"example.org/conform/suites/bluecat"
	"example.org/conform/suites/check"
	"example.org/conform/suites/pyramid"
)

// Systems returns the suites of all systems. A new system adds itself here.
func Systems() []check.System {
	return []check.System{adaxes.System(), bluecat.System(), aria.System(), pyramid.System()}
}
