package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"example.org/conform/harness/verdict"
)

// Matrix writes requirement × run in plain text, in the order and with the marks of the page: each cell is the worst
// of the requirement's checks in that run, and a dot where the run's profile does not have it. Unless all are asked
// for, only the requirements are written that came to different things in the runs, or that a run breaks or could not
// judge. It returns how many were written, and how many there are.
func Matrix(w io.Writer, r *verdict.Report, all bool) (shown, total int, err error) {
	rows := newMatrix(r, anchorsOf(r))
	total = len(rows)
	if !all {
		rows = slices.DeleteFunc(rows, func(row matrixRow) bool { return !row.remarkable() })
	}
	if len(rows) == 0 {
		return 0, total, nil
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	line := func(cells ...string) { _, _ = fmt.Fprintln(table, strings.Join(cells, "\t")) } // Flush reports what goes wrong
	line(slices.Concat([]string{"REQUIREMENT", "LEVEL"}, runNames(r), []string{"PROMISE"})...)
	for _, row := range rows {
		cells := []string{row.Requirement, string(row.Level)}
		for _, c := range row.Cells {
			cells = append(cells, c.String())
		}
		line(append(cells, printable(row.Title))...)
	}
	return len(rows), total, table.Flush()
}

// String is the cell in plain text.
func (c matrixCell) String() string {
	if c.Checks == 0 {
		return "·"
	}
	return mark(c.Status) + " " + string(c.Status)
}

// remarkable reports whether a reader who compares the runs has to look at the requirement.
func (row matrixRow) remarkable() bool {
	for _, c := range row.Cells {
		switch c.Status {
		case verdict.Failed, verdict.Inconclusive, verdict.Warned:
			return true
		}
		if c.Checks == 0 != (row.Cells[0].Checks == 0) || c.Status != row.Cells[0].Status {
			return true
		}
	}
	return false
}
