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

// element is an element of the JUnit format. Elements stand in the order and with the attributes on which the schemas of
// Jenkins and Maven Surefire agree. There is no host name: a report must not tell where it was made.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",cdata"`
	Children []element
}

// newElement takes the names and the values of its attributes in turn.
func newElement(name string, children []element, attributes ...any) element {
	e := element{XMLName: xml.Name{Local: name}, Children: children}
	for a := range slices.Chunk(attributes, 2) {
		e.Attrs = append(e.Attrs, xml.Attr{Name: xml.Name{Local: a[0].(string)}, Value: printable(fmt.Sprint(a[1]))})
	}
	return e
}

// count is the number of elements of a name among those that are given and in them.
func count(name string, elements []element) int {
	n := 0
	for _, e := range elements {
		if e.XMLName.Local == name {
			n++
		}
		n += count(name, e.Children)
	}
	return n
}

// JUnit writes the report as JUnit XML: a testsuite for each run, a testcase for each check. The classname is profile
// and subject, the name is the check's ID and title, and both stay the same from run to run, so that a build server
// can follow a check through its history. No two cases have both alike, since build servers take one for the other: where several
// runs are of one profile, the names of their cases end in the target. A failed check is a failure, an inconclusive one an error; a warning, a note
// and a waived check pass and say in system-out what was seen. A run that is incomplete carries one case more, with
// an error, so that it never looks green; a waiver that does not hold is a failure in a suite of its own.
func JUnit(w io.Writer, r *verdict.Report) error {
	var suites []element
	names := runNames(r)
	for i := range r.Runs {
		suites = append(suites, junitRun(r, &r.Runs[i], names[&r.Runs[i]]))
	}
	incomplete := slices.ContainsFunc(r.Runs, func(run verdict.Run) bool { return run.Verdict == verdict.Incomplete })
	if r.Outcome() == verdict.Incomplete && !incomplete { // the invocation never came to its other runs
		reason := "no profile was judged"
		if len(r.Runs) > 0 {
			reason = "the invocation was interrupted and the report is partial"
		}
		suites = append(suites, junitSuite("conform", r.Started, 0, []element{
			junitIncomplete("conform.run", "the report is complete", reason, "run the suite again and let it finish"),
		}, "suite", r.Suite, "verdict", string(verdict.Incomplete)))
	}
	var waivers []element
	taken := map[string]int{}
	for _, p := range r.WaiverProblems {
		outcome := junitOutcome("failure", p.Problem, "waiver", p.String())
		name := unique(taken, "the waiver of "+p.Waiver+" holds", "%s (%d)")
		waivers = append(waivers, junitCase("conform.waivers", name, 0, outcome))
	}
	if len(waivers) > 0 {
		suites = append(suites, junitSuite("waivers", r.Started, 0, waivers, "suite", r.Suite))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	err := encoder.Encode(newElement("testsuites", suites,
		"name", r.Suite, "tests", count("testcase", suites), "failures", count("failure", suites), "errors", count("error", suites),
		"time", junitSeconds(r.Finished.Sub(r.Started).Seconds()*1000)))
	if err != nil {
		return fmt.Errorf("encoding JUnit XML: %w", err)
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// junitSuite takes the names and the values of its properties in turn. Its timestamp is in UTC, without a zone.
func junitSuite(name string, started time.Time, ms float64, cases []element, properties ...string) element {
	var facts []element
	for p := range slices.Chunk(properties, 2) {
		facts = append(facts, newElement("property", nil, "name", p[0], "value", p[1]))
	}
	return newElement("testsuite", append([]element{newElement("properties", facts)}, cases...),
		"name", name, "tests", count("testcase", cases), "failures", count("failure", cases), "errors", count("error", cases),
		"skipped", count("skipped", cases), "time", junitSeconds(ms), "timestamp", started.UTC().Format("2006-01-02T15:04:05"))
}

func junitCase(classname, name string, ms float64, outcome element) element {
	return newElement("testcase", []element{outcome}, "name", name, "classname", classname, "time", junitSeconds(ms))
}

// junitSeconds writes milliseconds as seconds with the three digits that Surefire's schema allows.
func junitSeconds(ms float64) string { return fmt.Sprintf("%.3f", max(ms, 0)/1000) }

// junitOutcome is what a case came to. The message has at most 400 bytes: build servers show it in a table cell.
func junitOutcome(name, message, kind, text string) element {
	var attributes []any
	if message = line(message, 400); message != "" {
		attributes = append(attributes, "message", message)
	}
	if kind != "" {
		attributes = append(attributes, "type", kind)
	}
	e := newElement(name, nil, attributes...)
	e.Text = printable(text)
	return e
}

func junitIncomplete(classname, name, reason, remedy string) element {
	text := reason
	if remedy != "" {
		text += "\nWhat to do: " + remedy
	}
	return junitCase(classname, name, 0, junitOutcome("error", reason, string(verdict.Incomplete), text))
}

// junitRun has as properties the facts of the run. The format has no properties of a single case, so a case names its
// requirements and its level in system-out or in the text of its failure, and here stands what the whole run covered.
func junitRun(r *verdict.Report, run *verdict.Run, name string) element {
	var cases []element
	var requirements []string
	var started time.Time
	took := 0.0
	levels := map[verdict.Level]int{}
	apart := strings.Replace(strings.TrimPrefix(name, run.Profile), " ", " at ", 1) // from the cases of the profile's other runs
	for i := range run.Checks {
		c := &run.Checks[i]
		cases = append(cases, junitCase(run.Profile+"."+c.Subject, c.ID+": "+c.Title+apart, c.DurationMs, junitCheck(run, c)))
		took += c.DurationMs
		if started.IsZero() || !c.Started.IsZero() && c.Started.Before(started) {
			started = c.Started
		}
		if c.Status != verdict.Skipped {
			requirements = append(requirements, c.Requirements...)
			levels[c.Level]++
		}
	}
	if run.Verdict != verdict.Conformant && (run.Verdict != verdict.Nonconformant || run.Totals.Failed == 0) {
		reason := cmp.Or(run.Reason, "the run is incomplete")
		cases = append(cases, junitIncomplete(run.Profile+".run", "the run is complete"+apart, reason, run.Remedy))
	}
	slices.Sort(requirements)
	properties := []string{
		"suite", r.Suite, "profile", run.Profile, "target", run.Target, "verdict", string(run.Verdict),
		"requirements", strings.Join(slices.Compact(requirements), " "),
		"level", fmt.Sprintf("MUST=%d SHOULD=%d NOTE=%d", levels[verdict.Must], levels[verdict.Should], levels[verdict.Note]),
	}
	if run.Catalogue != "" {
		properties = append(properties, "catalogue", run.Catalogue, "contract", run.Contract)
	}
	if run.Coverage != nil {
		properties = append(properties, "examined", run.Coverage.String())
	}
	if run.Reason != "" {
		properties = append(properties, "reason", run.Reason)
	}
	return junitSuite(name, cmp.Or(started, r.Started), took, cases, properties...)
}

func junitCheck(run *verdict.Run, c *verdict.Check) element {
	switch c.Status {
	case verdict.Passed, verdict.Warned, verdict.Noted, verdict.Waived:
		return junitOutcome("system-out", "", "", account(run, c))
	case verdict.Failed:
		return junitOutcome("failure", headline(c), string(c.Level), account(run, c))
	case verdict.Skipped:
		message := c.Reason
		if c.Remedy != "" {
			message += "; to run it: " + c.Remedy
		}
		return junitOutcome("skipped", message, "", "")
	case verdict.Inconclusive:
		return junitOutcome("error", headline(c), string(c.Level), account(run, c))
	default: // a status of a later release: no reader may take it for a pass
		return junitOutcome("error", fmt.Sprintf("unknown status %q: %s", c.Status, headline(c)), string(c.Level), account(run, c))
	}
}
