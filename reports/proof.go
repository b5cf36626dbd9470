package reports

import (
	"io"

	"example.org/conform/harness/verdict"
)

// GeneratedText writes what the checks that contracts give make of faults: what they miss, and what share they catch, last.
func GeneratedText(w io.Writer, p verdict.Proof) error {
	return fill(w, "generated.txt", struct {
		verdict.Proof
		Least int
	}{p, verdict.LeastGenerated})
}

// ProofText writes the matrix requirement × fault: a line a requirement, with a mark for each fault that it must
// catch; then what was not killed and who was blamed; the figures come last. Of a contract that somebody brings a line has the faults of which a
// report names the requirement first.
func ProofText(w io.Writer, p verdict.Proof) error {
	of := map[string]int{}
	for _, f := range p.Faults {
		of[string(f.Kill)]++
	}
	for _, v := range p.Variants {
		if v.Verdict != verdict.Conformant {
			of["blamed"]++
		}
	}
	judged, astray := p.Told()
	name := "proof.txt"
	if p.Requirements > 0 {
		name = "proof-contract.txt"
	}
	return fill(w, name, struct {
		verdict.Proof
		Of     map[string]int
		Judged int
		Astray []verdict.FaultProof
	}{p, of, judged, astray})
}

// UnlikeText writes which of so many faults two proofs tell differently, that with the first number of checks at a time and that with the
// other, and how many these are.
func UnlikeText(w io.Writer, procs, others, faults int, pairs [][2]verdict.FaultProof) error {
	return fill(w, "unlike.txt", struct {
		Procs, Others, Faults int
		Pairs                 [][2]verdict.FaultProof
	}{procs, others, faults, pairs})
}
