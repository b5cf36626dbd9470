package reports

import (
	"io"
	"strings"
	"text/template"

	"example.org/conform/harness/verdict"
)

// ProofText writes the matrix requirement × fault: a line a requirement, with a mark for each fault that it must
// catch; then what was not killed and who was blamed; the figures come last.
func ProofText(w io.Writer, p verdict.Proof) error {
	of, blamed := map[verdict.Kill]int{}, 0
	for _, f := range p.Faults {
		of[f.Kill]++
	}
	for _, v := range p.Variants {
		if v.Verdict != verdict.Conformant {
			blamed++
		}
	}
	signs := map[verdict.Kill]string{verdict.Killed: "+", verdict.KilledByOthers: "o", verdict.Survived: "-"}
	return fill(w, "proof.txt", p, template.FuncMap{
		"join": strings.Join, "upper": strings.ToUpper, "blamed": func() int { return blamed },
		"of": func(k verdict.Kill) int { return of[k] }, "sign": func(k verdict.Kill) string { return signs[k] },
	})
}
