// Package plain shows how the tests of a server hold it against its contract with nothing but Go's own testing.
package plain

import (
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/suites"
)

// In place of the reference server a project starts its own here, and describes it as a target file would: by
// what suites.Reader reads, or a target.Target of its own making.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: these judge by all checks, and wait for lifetimes to end")
	}
	for _, profile := range []string{"adaxes-2025.1", "bluecat-9.5"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			server, err := reference.Serve(reference.Options{Profile: profile, Lifetimes: reference.ShortLifetimes()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Close)
			suites.Run(t, server.Target())
		})
	}
}
