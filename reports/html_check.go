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

// runView is one run as the page shows it.
type runView struct {
	*verdict.Run
	Number   int
	Name     string
	Groups   []group
	Bar      []figure
	Timeline *timeline
	// Preflight is the key of the preflight's exchanges, empty when there are none.
	PreflightKey string
}

// group is the checks of a run that came to the same.
type group struct {
	Status verdict.Status
	Anchor string
	Checks []checkView
}

// checkView is one check as the page shows it. Its texts are cut to what a page can hold.
type checkView struct {
	*verdict.Check
	Anchor string
	Href   template.URL
	Open   bool
	// Gist is the one line that a closed check shows of what is wrong with it, or of what it lacks.
	Gist string
	// Static holds the exchanges that are in the page itself, so that they show without a script; for the other
	// checks the script makes them from the evidence when the check is opened.
	Static                                              []exchangeView
	Reason, Expected, Actual, Statement, Remedy, Waiver string
	// Script repeats the whole check.
	Script string
	// Entry is a line for the file of waivers, for what closes the gate.
	Entry string
}

// The longest texts of a check in the page, in bytes.
const (
	longText  = 4000
	shortText = 1200
	// longScript is the longest script that repeats a check; one that is longer has a body that nobody reads.
	longScript = 24 << 10
)

func newRunView(r *verdict.Report, run *verdict.Run, number int, name string, anchors []string, budget *staticBudget) runView {
	v := runView{Run: run, Number: number + 1, Name: name, Bar: figures(run.Totals, true), Timeline: newTimeline(run, anchors)}
	if len(run.Preflight) > 0 {
		v.PreflightKey = preflightKey(number)
	}
	for _, status := range order {
		g := group{Status: status, Anchor: fmt.Sprintf("%s-%d", status, number+1)}
		for j := range run.Checks {
			c := &run.Checks[j]
			if c.Status == status || status == verdict.Inconclusive && !slices.Contains(order, c.Status) {
				view := newCheckView(c, anchors[j], budget)
				if c.Status == verdict.Failed {
					view.Entry = WaiverEntry(r, run, c)
				}
				g.Checks = append(g.Checks, view)
			}
		}
		if len(g.Checks) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return v
}

func newCheckView(c *verdict.Check, anchor string, budget *staticBudget) checkView {
	v := checkView{
		Check: c, Anchor: anchor, Href: fragment(anchor),
		Reason: shortened(c.Reason, longText), Expected: shortened(c.Expected, longText), Actual: shortened(c.Actual, longText),
		Statement: shortened(c.Statement, shortText), Remedy: shortened(c.Remedy, shortText), Waiver: shortened(c.Waiver, shortText),
	}
	if c.Status != verdict.Passed {
		v.Gist = shortened(evidence.OneLine(headline(c)), 200)
	}
	if v.Reason == v.Actual || v.Reason == v.Expected || evidence.OneLine(c.Reason) == evidence.OneLine("expected "+c.Expected+"; got "+c.Actual) {
		v.Reason = "" // said once is enough
	}
	if c.Status == verdict.Failed || c.Status == verdict.Warned || c.Status == verdict.Inconclusive {
		v.Static = budget.exchanges(c)
		if v.Script, _ = Script(c); len(v.Script) > longScript || len(v.Static) == 0 {
			v.Script = ""
		}
		budget.bytes -= len(v.Script)
		v.Open = budget.open()
	}
	return v
}

func preflightKey(run int) string { return fmt.Sprintf("preflight-%d", run+1) }

// fragment is the link to an element of the page. It begins with # and so can hold no scheme.
func fragment(anchor string) template.URL {
	return template.URL("#" + strings.ReplaceAll(url.PathEscape(anchor), "%2F", "/"))
}

// matrixRow is one requirement in all runs.
type matrixRow struct {
	Requirement string
	Level       verdict.Level
	Title       string
	Cells       []matrixCell
}

// matrixCell is a requirement in one run: the worst of its checks. Checks is 0 where the run has none.
type matrixCell struct {
	Status verdict.Status
	Href   template.URL
	Title  string
	Checks int
}

// newMatrix sets requirements against runs, those in which the runs differ first, else in the order in which they occur.
func newMatrix(r *verdict.Report, anchors [][]string) []matrixRow {
	at := map[string]int{}
	var rows []matrixRow
	for i := range r.Runs {
		for j := range r.Runs[i].Checks {
			c := &r.Runs[i].Checks[j]
			for _, id := range c.Requirements {
				n, known := at[id]
				if !known {
					n = len(rows)
					at[id] = n
					// Statement and level belong to the first requirement; for one that the check proves besides, the title serves.
					title := c.Statement
					if id != c.Requirements[0] || title == "" {
						title = c.Title
					}
					rows = append(rows, matrixRow{Requirement: id, Level: c.Level, Title: shortened(evidence.OneLine(title), 200), Cells: make([]matrixCell, len(r.Runs))})
				}
				cell := &rows[n].Cells[i]
				cell.Checks++
				if cell.Checks == 1 || slices.Index(order, c.Status) < slices.Index(order, cell.Status) {
					cell.Status, cell.Href, cell.Title = c.Status, fragment(anchors[i][j]), c.Title
				}
			}
		}
	}
	// What differs between the runs is what a reader of several looks for.
	slices.SortStableFunc(rows, func(a, b matrixRow) int { return b.differs() - a.differs() })
	return rows
}

// differs is 1 where the runs that have the requirement came to different things, else 0.
func (r matrixRow) differs() int {
	seen := map[verdict.Status]bool{}
	for _, cell := range r.Cells {
		if cell.Checks > 0 && cell.Status != verdict.Noted {
			seen[cell.Status] = true
		}
	}
	if len(seen) > 1 {
		return 1
	}
	return 0
}
