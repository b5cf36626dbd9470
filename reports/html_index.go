package reports

import (
	"slices"
	"strconv"

	"example.org/conform/harness/verdict"
)

// index is what the script of the page knows of every check, from which it makes and filters them: a page that held
// thousands of checks as elements would take seconds to open. Its texts are numbered, since most checks of twenty targets
// say the same.
type index struct {
	*numbered
	Suite string `json:"suite"`
	Date  string `json:"date"`
	// Words are the mark and the word of each status.
	Words map[verdict.Status][2]string `json:"words"`
	Runs  []indexRun                   `json:"runs"`
	Alike []indexAlike                 `json:"alike"`
}

type indexRun struct {
	Profile string     `json:"profile"`
	Target  string     `json:"target"`
	Checks  []indexRow `json:"checks"` // in the order in which the page shows them
}

// indexRow is one check; every number stands for a text by its place.
type indexRow struct {
	Line      []int `json:"l"`           // anchor, link, ID, group, status, level, subject, title, gist, duration, how long after the first
	Against   []int `json:"x,omitempty"` // expected, actual
	Facts     []int `json:"f"`           // label, text, form, label, …
	Exchanges int   `json:"n,omitempty"`
	Bar       *bar  `json:"t,omitempty"` // in the timeline
}

// indexAlike is a row of the matrix that the page does not hold by itself.
type indexAlike struct {
	Line  []int `json:"l"` // requirement, level, title
	Cells []int `json:"c"` // status, link, title, number of checks, status, …; for each run
}

func newIndex(r *verdict.Report) *index {
	return &index{numbered: newNumbered(), Suite: r.Suite, Date: date(r.Started), Words: map[verdict.Status][2]string{}}
}

// add adds a run, and returns its groups.
func (x *index) add(r *verdict.Report, run *verdict.Run, t *timeline, anchors map[*verdict.Check]string, room *staticRoom) []*group {
	var groups []*group
	entry := indexRun{Profile: run.Profile, Target: printable(run.Target), Checks: []indexRow{}}
	for _, status := range verdict.Statuses {
		g := &group{Status: status}
		for j := range run.Checks {
			c := &run.Checks[j]
			// One of a status that this release does not know was not judged by it.
			if c.Status != status && (status != verdict.Inconclusive || slices.Contains(verdict.Statuses, c.Status)) {
				continue
			}
			v := newCheckView(r, run, c, anchors[c])
			g.Count++
			if room.takes(&v) {
				g.Static = append(g.Static, v)
			}
			row := indexRow{Exchanges: len(c.Exchanges)}
			took, after := "", ""
			if !c.Started.IsZero() {
				b := t.bars[c]
				took, after, row.Bar = span(c.DurationMs), span(t.after(c)), &b
			}
			row.Line = x.number(v.Anchor, string(v.Href), c.ID, string(status), string(c.Status), string(c.Level), c.Subject, c.Title, v.Gist, took, after)
			if v.Wanted != "" || v.Came != "" {
				row.Against = x.number(v.Wanted, v.Came)
			}
			for _, f := range v.Facts {
				row.Facts = append(row.Facts, x.number(f.Label, f.Text, f.Form)...)
			}
			x.Words[c.Status] = [2]string{mark(c.Status), StatusWord(c.Status)}
			entry.Checks = append(entry.Checks, row)
		}
		if g.Count > 0 {
			groups = append(groups, g)
		}
	}
	x.Runs = append(x.Runs, entry)
	return groups
}

func (x *index) matrix(rows []*matrixRow) {
	for _, row := range rows {
		alike := indexAlike{Line: x.number(row.Requirement, string(row.Level), row.Title)}
		for _, cell := range row.Cells {
			alike.Cells = append(alike.Cells, x.number(string(cell.Status), string(cell.Href), cell.Title, strconv.Itoa(cell.Checks))...)
		}
		x.Alike = append(x.Alike, alike)
	}
}
