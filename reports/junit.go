package reports

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/verdict"
)

// The elements of the JUnit format, in the order and with the attributes on which the schemas of Jenkins and
// Maven Surefire agree. There is no host name: a report must not tell where it was made.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Time   string       `xml:"time,attr"`
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string `xml:"name,attr"`
		Classname string `xml:"classname,attr"`
		Time      string `xml:"time,attr"`
		Outcome   junitOutcome
	}
	// junitOutcome is named by what a case came to: failure, error, skipped or system-out.
	junitOutcome struct {
		XMLName xml.Name
		Message string `xml:"message,attr,omitempty"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
)

// messageLimit is the longest message attribute, in bytes: build servers show it in a table cell.
const messageLimit = 400

// JUnit writes the report as JUnit XML: a testsuite for each run, a testcase for each check. The classname is profile
// and subject, the name is the check's ID and title, and both stay the same from run to run, so that a build server
// can follow a check through its history. A failed check is a failure, an inconclusive one an error; a warning, a note
// and a waived check pass and say in system-out what was seen. A run that is incomplete carries one case more, with
// an error, so that it never looks green; a waiver that does not hold is a failure in a suite of its own.
func JUnit(w io.Writer, r *verdict.Report) error {
	doc := junitSuites{Name: printable(r.Suite), Time: junitSeconds(r.Finished.Sub(r.Started).Seconds() * 1000)}
	names := runNames(r)
	for i := range r.Runs {
		doc.run(r, &r.Runs[i], names[&r.Runs[i]])
	}
	incomplete := slices.ContainsFunc(r.Runs, func(run verdict.Run) bool { return run.Verdict == verdict.Incomplete })
	if r.Outcome() == verdict.Incomplete && !incomplete { // the invocation never came to its other runs
		s := junitSuite{Name: "conform", Properties: []junitProperty{{"suite", r.Suite}, {"verdict", string(verdict.Incomplete)}}}
		reason := "no profile was judged"
		if len(r.Runs) > 0 {
			reason = "the invocation was interrupted and the report is partial"
		}
		s.add("conform.run", "the report is complete", 0, junitIncomplete(reason, "run the suite again and let it finish"))
		doc.add(s, r.Started, 0)
	}
	if len(r.WaiverProblems) > 0 {
		s := junitSuite{Name: "waivers", Properties: []junitProperty{{"suite", r.Suite}}}
		for _, p := range r.WaiverProblems {
			s.add("conform.waivers", "the waiver of "+p.Waiver+" holds", 0, outcome("failure", p.Problem, "waiver", p.String()))
		}
		doc.add(s, r.Started, 0)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(doc); err != nil {
		return fmt.Errorf("encoding JUnit XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add completes a suite and adds it.
func (d *junitSuites) add(s junitSuite, started time.Time, ms float64) {
	s.Name, s.Time, s.Timestamp = printable(s.Name), junitSeconds(ms), started.UTC().Format("2006-01-02T15:04:05") // in UTC, without a zone
	for i := range s.Properties {
		s.Properties[i].Value = printable(s.Properties[i].Value)
	}
	d.Suites = append(d.Suites, s)
	d.Tests += s.Tests
	d.Failures += s.Failures
	d.Errors += s.Errors
}

func (s *junitSuite) add(classname, name string, ms float64, came junitOutcome) {
	s.Cases = append(s.Cases, junitCase{printable(name), printable(classname), junitSeconds(ms), came})
	s.Tests++
	switch came.XMLName.Local {
	case "failure":
		s.Failures++
	case "error":
		s.Errors++
	case "skipped":
		s.Skipped++
	}
}

// junitSeconds writes milliseconds as seconds with the three digits that Surefire's schema allows.
func junitSeconds(ms float64) string { return fmt.Sprintf("%.3f", max(ms, 0)/1000) }

func (d *junitSuites) run(r *verdict.Report, run *verdict.Run, name string) {
	s := junitSuite{Name: name, Properties: junitProperties(r, run)}
	var started time.Time
	total := 0.0
	for i := range run.Checks {
		c := &run.Checks[i]
		s.add(run.Profile+"."+c.Subject, c.ID+": "+c.Title, c.DurationMs, junitCheck(c))
		total += c.DurationMs
		if started.IsZero() || !c.Started.IsZero() && c.Started.Before(started) {
			started = c.Started
		}
	}
	if run.Verdict != verdict.Conformant && (run.Verdict != verdict.Nonconformant || run.Totals.Failed == 0) {
		s.add(run.Profile+".run", "the run is complete", 0, junitIncomplete(cmp.Or(run.Reason, "the run is incomplete"), run.Remedy))
	}
	d.add(s, cmp.Or(started, r.Started), total)
}

func outcome(element, message, kind, text string) junitOutcome {
	return junitOutcome{xml.Name{Local: element}, line(message, messageLimit), kind, printable(text)}
}

func junitIncomplete(reason, remedy string) junitOutcome {
	text := reason
	if remedy != "" {
		text += "\nWhat to do: " + remedy
	}
	return outcome("error", reason, string(verdict.Incomplete), text)
}

func junitCheck(c *verdict.Check) junitOutcome {
	switch c.Status {
	case verdict.Passed, verdict.Warned, verdict.Noted, verdict.Waived:
		return outcome("system-out", "", "", account(c))
	case verdict.Failed:
		return outcome("failure", headline(c), string(c.Level), account(c))
	case verdict.Skipped:
		message := c.Reason
		if c.Remedy != "" {
			message += "; to run it: " + c.Remedy
		}
		return outcome("skipped", message, "", "")
	case verdict.Inconclusive:
		return outcome("error", headline(c), string(c.Level), account(c))
	default: // a status of a later release: no reader may take it for a pass
		return outcome("error", fmt.Sprintf("unknown status %q: %s", c.Status, headline(c)), string(c.Level), account(c))
	}
}

// junitProperties are the facts of the run. The format has no properties of a single case, so a case names its
// requirements and its level in system-out or in the text of its failure, and here stands what the whole run covered.
func junitProperties(r *verdict.Report, run *verdict.Run) []junitProperty {
	var requirements []string
	levels := map[verdict.Level]int{}
	for _, c := range run.Checks {
		if c.Status != verdict.Skipped {
			requirements = append(requirements, c.Requirements...)
			levels[c.Level]++
		}
	}
	slices.Sort(requirements)
	properties := []junitProperty{
		{"suite", r.Suite},
		{"profile", run.Profile},
		{"target", run.Target},
		{"verdict", string(run.Verdict)},
		{"requirements", strings.Join(slices.Compact(requirements), " ")},
		{"level", fmt.Sprintf("MUST=%d SHOULD=%d NOTE=%d", levels[verdict.Must], levels[verdict.Should], levels[verdict.Note])},
	}
	if run.Reason != "" {
		properties = append(properties, junitProperty{"reason", run.Reason})
	}
	return properties
}
