package reports

import (
	"cmp"
	"errors"
	"html/template"
	"io"
	"slices"
	"text/tabwriter"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

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

// Broken reports whether the cell calls for action.
func (cell matrixCell) Broken() bool { return broken(cell.Status) }

// newMatrix sets requirements against runs, those in which the runs differ first, else in the order in which they occur.
func newMatrix(r *verdict.Report, anchors map[*verdict.Check]string) []*matrixRow {
	var rows []*matrixRow
	at := map[string]*matrixRow{}
	for i := range r.Runs {
		for j := range r.Runs[i].Checks {
			c := &r.Runs[i].Checks[j]
			for _, id := range c.Requirements {
				if at[id] == nil {
					at[id] = newMatrixRow(id, c, len(r.Runs))
					rows = append(rows, at[id])
				}
				at[id].Cells[i].add(c, anchors[c])
			}
		}
	}
	// What differs between the runs is what a reader of several looks for.
	slices.SortStableFunc(rows, func(a, b *matrixRow) int { return b.differs() - a.differs() })
	return rows
}

func newMatrixRow(id string, c *verdict.Check, runs int) *matrixRow {
	// Statement and level belong to the first requirement; for one that the check proves besides, the title serves.
	title := c.Title
	if id == c.Requirements[0] {
		title = cmp.Or(c.Statement, c.Title)
	}
	return &matrixRow{id, c.Level, shortened(evidence.OneLine(title), 200), make([]matrixCell, runs)}
}

func (cell *matrixCell) add(c *verdict.Check, anchor string) {
	cell.Checks++
	if cell.Checks == 1 || slices.Index(verdict.Statuses, c.Status) < slices.Index(verdict.Statuses, cell.Status) {
		cell.Status, cell.Href, cell.Title = c.Status, fragment(anchor), c.Title
	}
}

// differs is 1 where the runs that have the requirement came to different things, else 0.
func (row *matrixRow) differs() int {
	seen := map[verdict.Status]bool{}
	for _, cell := range row.Cells {
		if cell.Checks > 0 && cell.Status != verdict.Noted {
			seen[cell.Status] = true
		}
	}
	if len(seen) > 1 {
		return 1
	}
	return 0
}

// Matrix writes requirement × run in plain text, in the order and with the marks of the page: each cell is the worst
// of the requirement's checks in that run, and a dot where the run's profile does not have it. Unless all are asked
// for, only the requirements are written that came to different things in the runs, or that a run breaks or could not
// judge. It returns how many were written, and how many there are.
func Matrix(w io.Writer, r *verdict.Report, all bool) (shown, total int, err error) {
	rows := newMatrix(r, Anchors(r))
	total = len(rows)
	if !all {
		rows = slices.DeleteFunc(rows, func(row *matrixRow) bool { return !row.remarkable() })
	}
	if len(rows) == 0 {
		return 0, total, nil
	}
	names := runNames(r)
	view := struct {
		Runs []string
		Rows []*matrixRow
	}{Rows: rows}
	for i := range r.Runs {
		view.Runs = append(view.Runs, names[&r.Runs[i]])
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	return len(rows), total, errors.Join(fill(table, "matrix.txt", view), table.Flush())
}

// remarkable reports whether a reader who compares the runs has to look at the requirement.
func (row *matrixRow) remarkable() bool {
	return slices.ContainsFunc(row.Cells, func(c matrixCell) bool {
		return broken(c.Status) || c.Status != row.Cells[0].Status // no status where the run has no check
	})
}
