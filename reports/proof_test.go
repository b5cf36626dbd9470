package reports_test

import (
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

func TestTheProofNamesWhatItLacks(t *testing.T) {
	t.Parallel()
	written := func(p verdict.Proof) string {
		var b strings.Builder
		if err := reports.ProofText(&b, p); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	fault := func(requirement, name, profile string, kill verdict.Kill) verdict.FaultProof {
		return verdict.FaultProof{
			Profile: profile, Name: name, Requirement: requirement, Kill: kill, Caught: []string{"R-01", "R-09"}, Detail: "the run is " + string(kill),
		}
	}
	golden(t, "proof.txt", written(verdict.Proof{
		Faults: []verdict.FaultProof{
			fault("R-01", "a", "p-1", verdict.Killed), fault("R-01", "a", "p-2", verdict.Survived),
			fault("R-01", "b", "p-1", verdict.Killed), fault("R-02", "b", "p-1", verdict.KilledByOthers),
		},
		Variants: []verdict.VariantProof{
			{Profile: "p-1", Name: "v", Verdict: verdict.Conformant},
			{Profile: "p-2", Name: "v", Verdict: verdict.Nonconformant, Blamed: []string{"x: because", "y: because"}},
		},
		Unproven: []string{"p-1 R-03"}, Idle: []string{"p-1/R-01/x"}, Seconds: 12.4,
	}))
	golden(t, "proof-contract.txt", written(verdict.Proof{
		Faults: []verdict.FaultProof{
			fault("", "c", "p-1", verdict.Survived), fault("GEN-me-ANSWER", "a", "p-1", verdict.Killed), fault("GEN-me-ANSWER", "b", "p-1", verdict.Killed),
			fault("GEN-me-REJECTED-NONE", "d", "p-1", verdict.Killed),
		},
		Variants: []verdict.VariantProof{{Profile: "p-1", Name: "plain", Verdict: verdict.Nonconformant, Blamed: []string{"x: because"}}},
		Unproven: []string{"p-1 GEN-me-ANOTHER"}, Requirements: 3, Proven: 2, Seconds: 12.4,
	}))
	if text := written(verdict.Proof{}); !strings.HasSuffix(text, "\n\nfaults: 0, killed 0, killed only by others 0, survived 0; variants: 0, blamed 0; 0 s\n") {
		t.Errorf("an empty proof reads %q", text)
	}
}

// What checks of contracts catch alone is said by profile, and in all at the end.
func TestTheShareThatContractsCatch(t *testing.T) {
	t.Parallel()
	fault := func(name, profile string, kill verdict.Kill, any bool) verdict.FaultProof {
		return verdict.FaultProof{Profile: profile, Name: name, Requirement: "R-01", Kill: kill, Any: any, Detail: "the run is conformant"}
	}
	p := verdict.Proof{Seconds: 1.6, Faults: []verdict.FaultProof{
		fault("a", "p-1", verdict.Killed, true), fault("b", "p-1", verdict.KilledByOthers, true), fault("c", "p-1", verdict.Survived, false),
		fault("a", "p-2", verdict.Killed, true),
	}}
	if p.HoldsGenerated() || (verdict.Proof{}).HoldsGenerated() {
		t.Error("two in three are enough, or nothing at all is")
	}
	if p.Faults[2].Any = true; !p.HoldsGenerated() {
		t.Error("all are not enough")
	}
	p.Faults[2].Any = false
	var b strings.Builder
	if err := reports.GeneratedText(&b, p); err != nil {
		t.Fatal(err)
	}
	golden(t, "generated.txt", b.String())
}
