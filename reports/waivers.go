package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.org/conform/harness/verdict"
)

// waiverTerm is how long the entry that a report offers would hold.
const waiverTerm = 30 * 24 * time.Hour

// WaiverEntry is a line for a file of waivers that would excuse a check of a run: for this target alone, until 30 days
// after the report. It is YAML, complete as it stands, and waits for a better reason. Nothing in it is a server's text.
func WaiverEntry(r *verdict.Report, run *verdict.Run, c *verdict.Check) string {
	return fmt.Sprintf("- {check: %s, target: %s, reason: %s, expires: %s}",
		yamlText(c.ID), yamlText(run.Target), yamlText("not kept yet: "+c.Title),
		r.Finished.Add(waiverTerm).UTC().Format(time.DateOnly))
}

// yamlText writes a text as a JSON string, which YAML reads alike. No backtick is left in it, so that it can stand in
// a block of Markdown code.
func yamlText(text string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(printable(text)); err != nil {
		return `""` // a string can always be encoded
	}
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "`", `\u0060`)
}

// junitWaivers has a failure for each waiver that does not hold.
func junitWaivers(r *verdict.Report) junitSuite {
	s := junitSuite{
		Name: "waivers", Time: junitSeconds(0), Timestamp: r.Started.UTC().Format(junitTime),
		Properties: []junitProperty{{"suite", printable(r.Suite)}},
	}
	for _, p := range r.WaiverProblems {
		s.add(junitCase{
			Name: printable("the waiver of " + p.Waiver + " holds"), Classname: "conform.waivers", Time: junitSeconds(0),
			Failure: &junitProblem{Message: printable(shortened(p.Problem, messageLimit)), Type: "waiver", Text: printable(p.String())},
		})
	}
	return s
}

func (m *markdown) waiverProblems(r *verdict.Report) {
	n := len(r.WaiverProblems)
	if n == 0 || !m.fits(n) {
		return
	}
	m.printf("\n### Waivers that do not hold (%d)\n\n| Waiver | Where | Why |\n|:--|:--|:--|\n", n)
	for _, p := range r.WaiverProblems {
		m.row(cell(p.Waiver, 200), code(p.Place, 160), cell(p.Problem, 300))
	}
}

// waiverEntries offers an entry for each failure, to be copied into a file of waivers.
func (m *markdown) waiverEntries(r *verdict.Report) {
	n := total(r, verdict.Failed)
	if n == 0 || !m.fits(n) {
		return
	}
	m.printf("\n<details><summary>To waive a failure for a while</summary>\n\n")
	m.printf("Copy its line into a file, say in it why you live with it and until when, and give the file to --waivers.\n\n```yaml\n")
	for i := range r.Runs {
		for j := range r.Runs[i].Checks {
			if c := &r.Runs[i].Checks[j]; c.Status == verdict.Failed {
				m.line(WaiverEntry(r, &r.Runs[i], c))
			}
		}
	}
	m.printf("```\n\n</details>\n")
}
