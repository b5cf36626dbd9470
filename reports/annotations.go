package reports

import (
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

// annotationLimit is how many annotations of one kind GitHub shows for a step; the rest it drops without a word.
const annotationLimit = 10

// annotation is what GitHub shows beside a build.
type annotation struct{ title, message string }

// Annotations writes GitHub workflow commands: an error for each failed check, for each MUST that could not be judged,
// for each incomplete run and for each waiver that does not hold, a warning for each broken SHOULD.
func Annotations(w io.Writer, r *verdict.Report) error {
	var errors, warnings []annotation
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Verdict == verdict.Incomplete {
			errors = append(errors, annotation{run.Profile + " is incomplete", strings.TrimSuffix(run.Reason+": "+run.Remedy, ": ")})
		}
		for j := range run.Checks {
			c := &run.Checks[j]
			a := annotation{c.ID, c.Title + "\n" + account(c)}
			switch {
			case c.Status == verdict.Failed, c.Status == verdict.Inconclusive && c.Level == verdict.Must:
				errors = append(errors, a)
			case c.Status == verdict.Warned, c.Status == verdict.Inconclusive:
				warnings = append(warnings, a)
			}
		}
	}
	for _, p := range r.WaiverProblems {
		errors = append(errors, annotation{"waiver of " + p.Waiver, p.String()})
	}
	if len(r.Runs) == 0 {
		errors = append(errors, annotation{"conform", "no profile was judged"})
	}
	if err := annotate(w, "error", errors); err != nil {
		return err
	}
	return annotate(w, "warning", warnings)
}

// annotate writes the annotations of one kind. Past the number that GitHub shows of it, the last one says how many more
// there are.
func annotate(w io.Writer, kind string, list []annotation) error {
	if n := len(list); n > annotationLimit {
		list = append(list[:annotationLimit-1], annotation{"conform", fmt.Sprintf("%d more of this kind; see the report", n-annotationLimit+1)})
	}
	for _, a := range list {
		_, err := fmt.Fprintf(w, "::%s title=%s::%s\n", kind, commandProperty.Replace(printable(a.title)),
			commandMessage.Replace(printable(shortened(strings.TrimSpace(a.message), 4000))))
		if err != nil {
			return err
		}
	}
	return nil
}

// The escapes of a workflow command: a line ends it, and in a property : and , end the value. A percent sign is
// escaped first by virtue of Replacer, which reads its input once.
var (
	commandMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
