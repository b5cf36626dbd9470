package brought

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"example.org/conform/harness/fault/player"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// played is the report on a player of a contract with a fault, by some of its checks.
func played(t *testing.T, file, fault, only string) verdict.Run {
	t.Helper()
	contract, err := Read(Options{Contract: file, Allowed: map[string][]string{"testdata/vault.yaml": {"files"}}[file]})
	if err != nil {
		t.Fatal(err)
	}
	server := reference.Start(t, contract.Profile, func(o *reference.Options) {
		o.Make, o.Fault, o.Lifetimes = player.Make(contract.Contract), fault, reference.Lifetimes{Session: 4 * time.Second, Token: 2400 * time.Millisecond}
	})
	return judged(t, contract, server.Target(), only)
}

// pouchdb has a cookie that each use gives anew, whose old value lives on.
const pouchdb = "../../openapi/examples/pouchdb-server/pouchdb-server.yaml"

// A made-up vendor needs no Go at all: its contract is played, and what is played keeps it.
func TestPlayersAreConformant(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"testdata/cellar.json", "testdata/vault.yaml", "testdata/turnstile.yaml", pouchdb} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			whole(t, played(t, file, "", ""), 60)
		})
	}
}

// What is played with a fault is told which requirement it breaks.
func TestBrokenPlayersAreCaught(t *testing.T) {
	t.Parallel()
	// What is hostile sweeps; of the others the plain check shows it.
	plain := map[string]string{"malformed-post-session-crashes": "sweep", "session-in-any-case": "sweep", "session-in-any-order": "sweep", "session-by-the-account-s-name": "sweep"}
	for file, faults := range map[string]map[string]string{
		"testdata/cellar.json": {
			"delete-session-does-nothing":             "GEN-get-session-REJECTED-ENDED",
			"delete-session-ends-all":                 "GEN-get-session-LIVES-ON-SIBLING-ENDED",
			"password-without-its-last-character":     "GEN-post-session-REJECTED-WRONG-PASSWORD",
			"any-password-but-of-the-first":           "GEN-post-session-REJECTED-WRONG-PASSWORD",
			"password-of-anybody":                     "GEN-post-session-REJECTED-WRONG-PASSWORD",
			"name-with-a-tag":                         "GEN-post-session-REJECTED-UNKNOWN-NAME",
			"post-session-forgives-whom-it-knows":     "GEN-post-session-REJECTED-WRONG-PASSWORD",
			"any-session":                             "GEN-get-session-REJECTED-MADE-UP",
			"session-in-any-order":                    "GEN-get-session-REJECTED-NEAR-MISS",
			"session-by-the-account-s-name":           "GEN-get-session-REJECTED-NEAR-MISS",
			"session-in-any-case":                     "GEN-get-session-REJECTED-NEAR-MISS",
			"session-never-ends":                      "GEN-get-session-REJECTED-EXPIRED",
			"session-does-not-slide":                  "GEN-get-session-LIVES-ON-UNTIL-END",
			"secret-missing-accepted":                 "GEN-post-session-REJECTED-MALFORMED",
			"unknown-name-let-in-by-post-session":     "GEN-post-session-REJECTED-UNKNOWN-NAME",
			"cookie-of-post-session-open-to-scripts":  "GEN-post-session-COOKIE-HTTPONLY",
			"delete-session-with-content-length-zero": "GEN-delete-session-NO-LENGTH",
			"malformed-post-session-crashes":          "GEN-post-session-NO-SERVER-ERROR",
		},
		"testdata/vault.yaml": {
			"tokens-delete-ends-the-caller":      "GEN-me-LIVES-ON-ENDS-ANOTHER",
			"tokens-delete-by-anybody":           "GEN-me-LIVES-ON-END-BY-NOBODY",
			"second-tokens-delete-403":           "GEN-tokens.delete-AGAIN",
			"tokens-refresh-of-what-has-ended":   "GEN-tokens.refresh-REJECTED-ENDED",
			"tokens-refresh-ends-the-old":        "GEN-me-LIVES-ON-RENEWED",
			"files-open-to-anybody":              "GEN-files-REJECTED-NONE",
			"unknown-by-query":                   "GEN-me-ACCEPTED-BY-query",
			"anything-by-query":                  "GEN-me-REJECTED-BY-query",
			"token-end-stated-in-the-past":       "GEN-tokens.create-ENDS-LATER",
			"password-null-accepted":             "GEN-tokens.create-REJECTED-MALFORMED",
			"tokens-create-cut-short":            "GEN-tokens.create-ANSWER",
			"tokens-delete-ends-the-original":    "GEN-me-LIVES-ON-RENEWAL-ENDED",
			"unknown-name-told-by-tokens-create": "GEN-tokens.create-NO-ENUMERATION",
		},
		"testdata/turnstile.yaml": {
			"pass-gives-a-dead-one":                 "GEN-pass-REISSUES",
			"pass-gives-the-same-again":             "GEN-pass-REISSUES-ANOTHER",
			"pass-keeps-what-it-took":               "GEN-pass-REJECTED-REISSUED",
			"pass-gives-one-that-ends-with-the-old": "GEN-pass-REISSUED-LIVES-ON-UNTIL-END",
			"pass-gives-one-that-never-ends":        "GEN-pass-REISSUED-REJECTED-EXPIRED",
		},
		pouchdb: {
			"who-am-i-ends-what-it-took": "GEN-whoAmI-LIVES-ON-REISSUED",
		},
	} {
		for fault, requirement := range faults {
			t.Run(fault, func(t *testing.T) {
				t.Parallel()
				r := played(t, file, fault, requirement+" && "+cmp.Or(plain[fault], "!sweep"))
				if !slices.ContainsFunc(r.Checks, func(c verdict.Check) bool { return c.Broken() && slices.Contains(c.Requirements, requirement) }) {
					t.Errorf("%s: no check of %s is broken: %s", r.Verdict, requirement, r.Reason)
				}
			})
		}
	}
}
