package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// The elements of the JUnit format, in the order and with the attributes on which the schemas of Jenkins and
// Maven Surefire agree. There is no host name: a report must not tell where it was made.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Classname string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Skipped   *junitSkipped `xml:"skipped"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		SystemOut *junitText    `xml:"system-out"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
	junitText struct {
		Text string `xml:",cdata"`
	}
)

// junitTime is the form that JUnit gives a date: no fraction and no zone; the value is in UTC.
const junitTime = "2006-01-02T15:04:05"

// messageLimit is the longest message attribute, in bytes: build servers show it in a table cell.
const messageLimit = 400

// JUnit writes the report as JUnit XML: a testsuite for each run, a testcase for each check. The classname is profile
// and subject, the name is the check's ID and title, and both stay the same from run to run, so that a build server
// can follow a check through its history. A failed check is a failure, an inconclusive one an error; a warning, a note
// and a waived check pass and say in system-out what was seen. A run that is incomplete carries one case more, with
// an error, so that it never looks green; a waiver that does not hold is a failure in a suite of its own.
func JUnit(w io.Writer, r *verdict.Report) error {
	doc := junitSuites{Name: printable(r.Suite)}
	names := runNames(r)
	for i := range r.Runs {
		doc.Suites = append(doc.Suites, junitRun(r, &r.Runs[i], names[i]))
	}
	if outcome(r) == verdict.Incomplete && !anyIncomplete(r) {
		doc.Suites = append(doc.Suites, junitPartial(r))
	}
	if len(r.WaiverProblems) > 0 {
		doc.Suites = append(doc.Suites, junitWaivers(r))
	}
	var seconds float64
	for _, s := range doc.Suites {
		doc.Tests += s.Tests
		doc.Failures += s.Failures
		doc.Errors += s.Errors
	}
	if seconds = r.Finished.Sub(r.Started).Seconds(); seconds < 0 {
		seconds = 0
	}
	doc.Time = junitSeconds(seconds * 1000)
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

func anyIncomplete(r *verdict.Report) bool {
	return slices.ContainsFunc(r.Runs, func(run verdict.Run) bool { return run.Verdict == verdict.Incomplete })
}

func junitRun(r *verdict.Report, run *verdict.Run, name string) junitSuite {
	s := junitSuite{Name: printable(name), Timestamp: junitStart(r, run).UTC().Format(junitTime)}
	s.Properties = junitProperties(r, run)
	var total float64
	for i := range run.Checks {
		s.add(junitCheck(run, &run.Checks[i]))
		total += run.Checks[i].DurationMs
	}
	if run.Verdict != verdict.Conformant && (run.Verdict != verdict.Nonconformant || run.Totals.Failed == 0) {
		s.add(junitIncomplete(printable(run.Profile)+".run", "the run is complete", run.Reason, run.Remedy))
	}
	s.Time = junitSeconds(total)
	return s
}

// junitPartial stands for the runs that an interrupted invocation never came to.
func junitPartial(r *verdict.Report) junitSuite {
	s := junitSuite{Name: "conform", Time: junitSeconds(0), Timestamp: r.Started.UTC().Format(junitTime)}
	s.Properties = []junitProperty{{"suite", printable(r.Suite)}, {"verdict", string(verdict.Incomplete)}}
	reason := "no profile was judged"
	if len(r.Runs) > 0 {
		reason = "the invocation was interrupted and the report is partial"
	}
	s.add(junitIncomplete("conform.run", "the report is complete", reason, "run the suite again and let it finish"))
	return s
}

func junitIncomplete(classname, name, reason, remedy string) junitCase {
	if reason == "" {
		reason = "the run is incomplete"
	}
	text := reason
	if remedy != "" {
		text += "\nWhat to do: " + remedy
	}
	return junitCase{Name: name, Classname: classname, Time: junitSeconds(0), Error: &junitProblem{
		Message: printable(shortened(evidence.OneLine(reason), messageLimit)), Type: string(verdict.Incomplete), Text: printable(text),
	}}
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
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
	requirements = slices.Compact(requirements)
	properties := []junitProperty{
		{"suite", r.Suite},
		{"profile", run.Profile},
		{"target", run.Target},
		{"verdict", string(run.Verdict)},
		{"requirements", strings.Join(requirements, " ")},
		{"level", fmt.Sprintf("MUST=%d SHOULD=%d NOTE=%d", levels[verdict.Must], levels[verdict.Should], levels[verdict.Note])},
	}
	if run.Reason != "" {
		properties = append(properties, junitProperty{"reason", run.Reason})
	}
	for i := range properties {
		properties[i].Value = printable(properties[i].Value)
	}
	return properties
}

func junitStart(r *verdict.Report, run *verdict.Run) time.Time {
	start := r.Started
	first := true
	for _, c := range run.Checks {
		if !c.Started.IsZero() && (first || c.Started.Before(start)) {
			start, first = c.Started, false
		}
	}
	return start
}

// junitSeconds writes milliseconds as seconds with the three digits that Surefire's schema allows.
func junitSeconds(ms float64) string { return fmt.Sprintf("%.3f", max(ms, 0)/1000) }
