package main

import (
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// Where the document names the word before a token, a server that wants another one is not conformant, and no choice of the target's; where it
// does not, the target has to say which.
func TestAWordThatTheDocumentNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile, fault, variant string
		code                    int
	}{
		{"vcf-operations-9", "ops-token-unknown", "", verdict.ExitNonconformant},
		{"vcf-operations-9", "", "ops-token", verdict.ExitConformant},
		{"aria-operations-8", "", "ops-token", verdict.ExitIncomplete},
	} {
		server := serve(t, reference.Options{Profile: c.profile, Fault: c.fault, Variant: c.variant})
		delete(server.Target().Own, "authorizationScheme")
		o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", "token && MUST && !sweep")
		if o.code != c.code {
			t.Errorf("%s, %s%s: exit code %d, want %d: %s", c.profile, c.fault, c.variant, o.code, c.code, o.stdout)
		}
	}
}
