package reports

import (
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

// ProofText writes the matrix requirement × fault: a line a requirement, with a mark for each fault that it must
// catch; then what was not killed and who was blamed; the figures come last.
func ProofText(w io.Writer, p verdict.Proof) error {
	var b strings.Builder
	marks := map[verdict.Kill]string{verdict.Killed: "+", verdict.KilledByOthers: "o", verdict.Survived: "-"}
	b.WriteString("requirement x fault   + killed by its own requirement   o killed only by others   - survived\n\n")
	before := verdict.FaultProof{}
	for i, f := range p.Faults {
		if f.Requirement != before.Requirement {
			if i > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "%-12s", f.Requirement)
		}
		if f.Requirement != before.Requirement || f.Name != before.Name {
			fmt.Fprintf(&b, " %s", f.Name)
		}
		b.WriteString(marks[f.Kill])
		before = f
	}
	if len(p.Faults) > 0 {
		b.WriteString("\n")
	}
	count := map[verdict.Kill]int{}
	for _, f := range p.Faults {
		if count[f.Kill]++; f.Kill != verdict.Killed {
			fmt.Fprintf(&b, "\n%s: %s in %s must be caught by %s\n  %s\n  caught by: %s\n",
				strings.ToUpper(string(f.Kill)), f.Name, f.Profile, f.Requirement, f.Detail, strings.Join(f.Caught, " "))
		}
	}
	blamed := 0
	for _, v := range p.Variants {
		if v.Verdict != verdict.Conformant {
			blamed++
			fmt.Fprintf(&b, "\nBLAMED: %s in %s is %s\n  %s\n", v.Name, v.Profile, v.Verdict, strings.Join(v.Blamed, "\n  "))
		}
	}
	for _, u := range p.Unproven {
		fmt.Fprintf(&b, "\nNO FAULT: %s", u)
	}
	for _, id := range p.Idle {
		fmt.Fprintf(&b, "\nIDLE: no fault is caught by %s alone", id)
	}
	if len(p.Unproven)+len(p.Idle) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nfaults: %d, killed %d, killed only by others %d, survived %d; variants: %d, blamed %d; %.0f s\n",
		len(p.Faults), count[verdict.Killed], count[verdict.KilledByOthers], count[verdict.Survived], len(p.Variants), blamed, p.Seconds)
	_, err := io.WriteString(w, b.String())
	return err
}
