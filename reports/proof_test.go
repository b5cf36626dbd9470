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
	if text := written(verdict.Proof{}); !strings.HasSuffix(text, "\n\nfaults: 0, killed 0, killed only by others 0, survived 0; variants: 0, blamed 0; 0 s\n") {
		t.Errorf("an empty proof reads %q", text)
	}
}
