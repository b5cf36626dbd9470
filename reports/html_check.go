package reports

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// checkView is one check as the page shows it.
type checkView struct {
	*verdict.Check
	Anchor string
	Href   template.URL
	Open   bool
	Gist   string // the one line that a closed check shows of what is wrong with it, or of what it lacks
	// Wanted and Came are what was expected and what was seen, as far as a page can hold them.
	Wanted, Came string
	Facts        []fact
	Script       string // repeats the whole check
	// Static holds the exchanges of a check that stands in the page itself.
	Static []exchangeView
}

// fact is one thing to know of a check, under its label. The page shows all in their order.
type fact struct {
	Label, Text string
	Form        string // "code", "" for plain words; "aside" is code for who keeps this suite and "block" are lines of it: a ticket has neither
}

func newCheckView(r *verdict.Report, run *verdict.Run, c *verdict.Check, anchor string) checkView {
	v := checkView{
		Check: c, Anchor: anchor, Href: fragment(anchor), Facts: facts(r, run, c),
		Wanted: shortened(c.Expected, 4000), Came: shortened(c.Actual, 4000),
	}
	if c.Status != verdict.Passed {
		v.Gist = shortened(evidence.OneLine(headline(c)), 200)
	}
	return v
}

// facts leaves out what the check has not.
func facts(r *verdict.Report, run *verdict.Run, c *verdict.Check) []fact {
	why := c.Reason
	if saidTwice(c) {
		why = ""
	}
	waive := ""
	if c.Status == verdict.Failed {
		waive = WaiverEntry(r, run, c)
	}
	return slices.DeleteFunc([]fact{
		{"Overall", strings.Join(run.Facts(c), "; "), ""},
		{"Hint", run.Hint(c), ""},
		{"After", shortened(inSteps(c.Steps), 4000), ""},
		{"Reason", shortened(why, 4000), ""},
		{"Seen", c.HowOften(), ""},
		{"Beside it", run.Beside(c), ""},
		{"To run it", shortened(c.Remedy, 1200), ""},
		{"Waiver", shortened(c.Waiver, 1200), ""},
		{"Promise", shortened(c.Statement, 1200), ""},
		{"Source", c.Source, ""},
		{"Words", c.Grounds, ""},
		{"Requirement", strings.Join(c.Requirements, ", "), "code"},
		{"Subject", c.Subject, ""},
		{"Code", c.Code(), "aside"},
		{"Stack", c.Stack, "block"},
		{"To waive it", waive, "aside"},
	}, func(f fact) bool { return f.Text == "" })
}

// inSteps are steps as lines with their numbers.
func inSteps(steps []string) string {
	lines := make([]string, len(steps))
	for i, step := range steps {
		lines[i] = fmt.Sprintf("%d. %s", i+1, step)
	}
	return strings.Join(lines, "\n")
}

// staticRoom bounds what stands in the page itself.
type staticRoom struct{ bytes, opened int }

// longScript is the longest script that repeats a check; one that is longer has a body that nobody reads.
const longScript = 24 << 10

// takes puts a broken check into the page, with its exchanges and its script, while there is room for it. It opens the
// first three: they are what a reader came for.
func (s *staticRoom) takes(v *checkView) bool {
	if s.bytes <= 0 || !broken(v.Status) {
		return false
	}
	v.Static = exchangeViews(v.Exchanges, 8<<10)
	for _, e := range v.Static {
		s.bytes -= 2000 + 2*(len(e.Curl)+len(e.Request.URL))
		if e.Request.Body != nil {
			s.bytes -= len(e.Request.Body.Text)
		}
		if e.Response != nil && e.Response.Body != nil {
			s.bytes -= len(e.Response.Body.Text)
		}
	}
	v.Script = wholeScript(v.Check)
	s.bytes -= 2000 + len(v.Script)
	s.opened++
	v.Open = s.opened <= 3
	return true
}

// wholeScript is the script that repeats a check which did not pass, or "".
func wholeScript(c *verdict.Check) string {
	if c.Status == verdict.Passed {
		return ""
	}
	if script, _ := Script(c); len(script) <= longScript {
		return script
	}
	return ""
}

// fragment is the link to an element of the page. It begins with # and so can hold no scheme, and has no question mark, behind which
// the page keeps its filters.
func fragment(anchor string) template.URL {
	return template.URL("#" + strings.ReplaceAll(url.PathEscape(anchor), "%2F", "/"))
}
