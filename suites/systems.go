// Package suites knows the systems whose suites there are.
package suites

import (
	"example.org/conform/harness/target"
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

// Reader reads descriptions of targets in the words of all systems.
func Reader() target.Reader {
	var r target.Reader
	for _, s := range Systems() {
		r.Systems = append(r.Systems, s.Target)
	}
	return r
}
