package main

import (
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// API 3.0 has its tokens in a header, and a call that anybody may make: the probe is the contract's own, and what opens it has a token there.
func TestTokensInAHeaderOfTheirOwn(t *testing.T) {
	t.Parallel()
	for fault, want := range map[string]struct {
		code    int
		promise string
	}{
		"":                        {verdict.ExitConformant, "CONFORMANT in what was examined"},
		"no-auth-accepted":        {verdict.ExitNonconformant, "PYR-USE-02"},
		"any-password":            {verdict.ExitNonconformant, "PYR-WIN-02"}, // by what the scheme of the login promises
		"token-ended-by-the-next": {verdict.ExitNonconformant, "PYR-TOK-04"},
	} {
		server := serve(t, reference.Options{Profile: "pyramid-2023.10", Fault: fault})
		o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter",
			"(PYR-USE-02 || PYR-WIN-02 || PYR-TOK-04) && !sweep")
		if o.code != want.code || !strings.Contains(o.stdout, want.promise) {
			t.Errorf("%q: exit code %d, want %d and %s: %s", fault, o.code, want.code, want.promise, o.stdout)
		}
	}
}
