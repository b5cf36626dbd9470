package reports

import (
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

// annotationLimit is how many annotations of one kind GitHub shows for a step; the rest it drops without a word. The last
// one that is written says how many more there are.
const annotationLimit = 10

// Annotations writes GitHub workflow commands: an error for each failed check, for each MUST that could not be judged,
// for each incomplete run and for each waiver that does not hold, a warning for each broken SHOULD.
func Annotations(w io.Writer, r *verdict.Report) error {
	type annotation struct{ title, message string }
	lists := map[string][]annotation{}
	add := func(kind, title, message string) { lists[kind] = append(lists[kind], annotation{title, message}) }
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Verdict == verdict.Incomplete {
			add("error", run.Profile+" is incomplete", strings.TrimSuffix(run.Reason+": "+run.Remedy, ": "))
		}
		for j := range run.Checks {
			switch c := &run.Checks[j]; {
			case c.Status == verdict.Failed, c.Status == verdict.Inconclusive && c.Level == verdict.Must:
				add("error", c.ID, c.Title+"\n"+account(run, c))
			case c.Status == verdict.Warned, c.Status == verdict.Inconclusive:
				add("warning", c.ID, c.Title+"\n"+account(run, c))
			}
		}
	}
	for _, p := range r.WaiverProblems {
		add("error", "waiver of "+p.Waiver, p.String())
	}
	if len(r.Runs) == 0 {
		add("error", "conform", "no profile was judged")
	}
	for _, kind := range []string{"error", "warning"} {
		list := lists[kind]
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
	}
	return nil
}

// The escapes of a workflow command: a line ends it, and in a property : and , end the value. A percent sign is
// escaped first by virtue of Replacer, which reads its input once.
var (
	commandMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
