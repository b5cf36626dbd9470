package main

import (
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
)

// What contracts give catches what is true of any login, and says what it leaves to those who read the vendor's document.
func TestWhatContractsCatchAlone(t *testing.T) {
	t.Parallel()
	prove := func(faults string) outcome {
		return conform(t, nil, "prove", "--contract-only", "--profiles", "aria-operations-8", "--only", faults)
	}
	caught := prove("any-password,failed-login-403,roles-string")
	if caught.code != verdict.ExitConformant || strings.Contains(caught.stdout, "MISSED") ||
		!strings.Contains(caught.stdout, "aria-operations-8     3 faults: 100 % by the requirement that each breaks, 100 % by any") {
		t.Errorf("exit code %d: %s%s", caught.code, caught.stdout, caught.stderr)
	}
	missed := prove("any-password,expires-at-of-the-cluster")
	if missed.code != verdict.ExitNonconformant || !strings.Contains(missed.stdout, "MISSED: expires-at-of-the-cluster in aria-operations-8 breaks ARO-VAL-09") ||
		!strings.Contains(missed.stdout, "2 faults:  50 % by the requirement that each breaks,  50 % by any") {
		t.Errorf("exit code %d: %s%s", missed.code, missed.stdout, missed.stderr)
	}
	conform(t, nil, "prove", "--contract-only", "--full").said(t, verdict.ExitUsage, "give one of them")
	conform(t, nil, "prove", "--contract-only", "--only", "json-alone").said(t, verdict.ExitUsage, "nothing to prove")
}
