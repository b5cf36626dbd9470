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
		Name      string     `xml:"name,attr"`
		Classname string     `xml:"classname,attr"`
		Time      string     `xml:"time,attr"`
		Skipped   *junitNote `xml:"skipped"`
		Failure   *junitNote `xml:"failure"`
		Error     *junitNote `xml:"error"`
		SystemOut *junitNote `xml:"system-out"`
	}
	junitNote struct {
		Message string `xml:"message,attr,omitempty"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
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
	doc := junitSuites{Name: printable(r.Suite), Time: junitSeconds(r.Finished.Sub(r.Started).Seconds() * 1000)}
	names := runNames(r)
	for i := range r.Runs {
		doc.add(junitRun(r, &r.Runs[i], names[&r.Runs[i]]))
	}
	incomplete := slices.ContainsFunc(r.Runs, func(run verdict.Run) bool { return run.Verdict == verdict.Incomplete })
	if r.Outcome() == verdict.Incomplete && !incomplete {
		doc.add(junitPartial(r))
	}
	if len(r.WaiverProblems) > 0 {
		doc.add(junitWaivers(r))
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

func (d *junitSuites) add(s junitSuite) {
	d.Suites = append(d.Suites, s)
	d.Tests += s.Tests
	d.Failures += s.Failures
	d.Errors += s.Errors
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

func junitRun(r *verdict.Report, run *verdict.Run, name string) junitSuite {
	s := junitSuite{Name: printable(name), Properties: junitProperties(r, run)}
	started, total := []time.Time{}, 0.0
	for i := range run.Checks {
		c := &run.Checks[i]
		s.add(junitCheck(run, c))
		total += c.DurationMs
		if !c.Started.IsZero() {
			started = append(started, c.Started)
		}
	}
	if run.Verdict != verdict.Conformant && (run.Verdict != verdict.Nonconformant || run.Totals.Failed == 0) {
		s.add(junitIncomplete(printable(run.Profile)+".run", "the run is complete", run.Reason, run.Remedy))
	}
	if len(started) == 0 {
		started = append(started, r.Started)
	}
	s.Time, s.Timestamp = junitSeconds(total), slices.MinFunc(started, time.Time.Compare).UTC().Format(junitTime)
	return s
}

// junitPartial stands for the runs that an interrupted invocation never came to.
func junitPartial(r *verdict.Report) junitSuite {
	reason := "no profile was judged"
	if len(r.Runs) > 0 {
		reason = "the invocation was interrupted and the report is partial"
	}
	s := junitOwn(r, "conform", junitProperty{"verdict", string(verdict.Incomplete)})
	s.add(junitIncomplete("conform.run", "the report is complete", reason, "run the suite again and let it finish"))
	return s
}

// junitOwn is a suite about the report itself.
func junitOwn(r *verdict.Report, name string, properties ...junitProperty) junitSuite {
	return junitSuite{
		Name: name, Time: junitSeconds(0), Timestamp: r.Started.UTC().Format(junitTime),
		Properties: append([]junitProperty{{"suite", printable(r.Suite)}}, properties...),
	}
}

func junitIncomplete(classname, name, reason, remedy string) junitCase {
	reason = cmp.Or(reason, "the run is incomplete")
	text := reason
	if remedy != "" {
		text += "\nWhat to do: " + remedy
	}
	return junitCase{Name: name, Classname: classname, Time: junitSeconds(0), Error: note(reason, string(verdict.Incomplete), text)}
}

// junitWaivers has a failure for each waiver that does not hold.
func junitWaivers(r *verdict.Report) junitSuite {
	s := junitOwn(r, "waivers")
	for _, p := range r.WaiverProblems {
		s.add(junitCase{
			Name: printable("the waiver of " + p.Waiver + " holds"), Classname: "conform.waivers", Time: junitSeconds(0),
			Failure: note(p.Problem, "waiver", p.String()),
		})
	}
	return s
}

func note(message, kind, text string) *junitNote {
	return &junitNote{Message: line(message, messageLimit), Type: kind, Text: printable(text)}
}

func junitCheck(run *verdict.Run, c *verdict.Check) junitCase {
	test := junitCase{
		Name:      printable(c.ID + ": " + c.Title),
		Classname: printable(run.Profile + "." + c.Subject),
		Time:      junitSeconds(c.DurationMs),
	}
	text := account(c)
	switch c.Status {
	case verdict.Passed, verdict.Warned, verdict.Noted, verdict.Waived:
		test.SystemOut = note("", "", text)
	case verdict.Failed:
		test.Failure = note(headline(c), string(c.Level), text)
	case verdict.Skipped:
		message := c.Reason
		if c.Remedy != "" {
			message += "; to run it: " + c.Remedy
		}
		test.Skipped = note(message, "", "")
	case verdict.Inconclusive:
		test.Error = note(headline(c), string(c.Level), text)
	default: // a status of a later release: no reader may take it for a pass
		test.Error = note(fmt.Sprintf("unknown status %q: %s", c.Status, headline(c)), string(c.Level), text)
	}
	return test
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
	for i := range properties {
		properties[i].Value = printable(properties[i].Value)
	}
	return properties
}

// junitSeconds writes milliseconds as seconds with the three digits that Surefire's schema allows.
func junitSeconds(ms float64) string { return fmt.Sprintf("%.3f", max(ms, 0)/1000) }
