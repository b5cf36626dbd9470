package reports

import (
	"cmp"
	"slices"
	"strings"

	"example.org/conform/harness/verdict"
)

// few is how many targets a table may set side by side; of more the page shows each as a line. fleetCells bounds what that comes to.
const few, fleetCells = 20, 4000

// fleet is how the page shows many targets: what is broken and at how many of them, and a line each, those first that call for action.
type fleet struct {
	Outcomes []fleetCount
	Broken   []fleetRow
	// Columns are those of Broken that the lines have a cell for, the most frequent first.
	Columns []fleetRow
	Lines   []fleetLine
}

// fleetCount is how many targets came to the same.
type fleetCount struct {
	Verdict verdict.Outcome
	N       int
}

// fleetRow is a requirement that some target breaks, or that could not be judged there.
type fleetRow struct {
	*matrixRow
	Worst verdict.Status
	At    []fleetPlace // where
	Of    int          // of so many targets that have it
}

// fleetPlace is a target at which a requirement is broken.
type fleetPlace struct {
	Target string
	matrixCell
}

// Permille is at how many of a thousand targets.
func (r fleetRow) Permille() int { return len(r.At) * 1000 / max(r.Of, 1) }

// First are some of the targets, and Rest the others.
func (r fleetRow) First() []fleetPlace { return r.At[:min(len(r.At), 3)] }

// Rest are those that First has not.
func (r fleetRow) Rest() []fleetPlace { return r.At[len(r.First()):] }

// fleetLine is one target.
type fleetLine struct {
	*runView
	Cells         []matrixCell
	Worse, Better int // checks, since the baseline
	New           bool
}

// Since makes out how a report differs from an earlier one: which checks came to something worse, or are not judged any more, and which are
// mended; which targets came, and which went.
func Since(old, now *verdict.Report) *verdict.Since {
	d := Compare(old, now)
	since := &verdict.Since{Finished: old.Finished}
	moved := func(lists ...[]Change) (all []verdict.Moved) {
		for _, c := range slices.Concat(lists...) {
			all = append(all, verdict.Moved{Target: c.Target, Check: c.ID, Before: c.Before, After: c.After})
		}
		return all
	}
	since.Worse, since.Better = moved(d.Regressions, d.Lost), moved(d.Fixes)
	for _, r := range d.Runs {
		switch {
		case r.Before == "":
			since.Came = append(since.Came, r.Target)
		case r.After == "":
			since.Went = append(since.Went, r.Target)
		}
	}
	return since
}

// newFleet takes the runs as the page shows them, and their matrix.
func newFleet(r *verdict.Report, runs []runView, rows []*matrixRow) *fleet {
	f := &fleet{}
	for _, outcome := range []verdict.Outcome{verdict.Nonconformant, verdict.Incomplete, verdict.Conformant} {
		if n := howMany(runs, func(v runView) bool { return v.Verdict == outcome }); n > 0 {
			f.Outcomes = append(f.Outcomes, fleetCount{outcome, n})
		}
	}
	for _, row := range rows {
		own := fleetRow{matrixRow: row}
		for i, cell := range row.Cells {
			if cell.Checks > 0 {
				own.Of++
			}
			if broken(cell.Status) {
				own.At = append(own.At, fleetPlace{host(&r.Runs[i]), cell})
				if own.Worst == "" || worse(cell.Status, own.Worst) {
					own.Worst = cell.Status
				}
			}
		}
		if len(own.At) > 0 {
			f.Broken = append(f.Broken, own)
		}
	}
	slices.SortStableFunc(f.Broken, func(a, b fleetRow) int {
		return cmp.Or(slices.Index(verdict.Statuses, a.Worst)-slices.Index(verdict.Statuses, b.Worst), len(b.At)-len(a.At))
	})
	f.Columns = f.Broken[:min(len(f.Broken), max(fleetCells/len(runs), 1))]
	for i := range runs {
		line := fleetLine{runView: &runs[i]}
		for _, column := range f.Columns {
			line.Cells = append(line.Cells, column.Cells[i])
		}
		if since := r.Since; since != nil {
			at := func(m verdict.Moved) bool { return m.Of(runs[i].Run) }
			line.Worse, line.Better, line.New = howMany(since.Worse, at), howMany(since.Better, at), slices.Contains(since.Came, runs[i].Target)
		}
		f.Lines = append(f.Lines, line)
	}
	order := map[verdict.Outcome]int{verdict.Nonconformant: 0, verdict.Incomplete: 1, verdict.Conformant: 2}
	slices.SortStableFunc(f.Lines, func(a, b fleetLine) int {
		return cmp.Or(b.Worse-a.Worse, order[a.Verdict]-order[b.Verdict], b.Totals.Failed-a.Totals.Failed, b.Totals.Warned-a.Totals.Warned)
	})
	return f
}

func worse(a, b verdict.Status) bool {
	return slices.Index(verdict.Statuses, a) < slices.Index(verdict.Statuses, b)
}

// host is what a target is called where there is little room: its URL without the scheme.
func host(r *verdict.Run) string {
	_, after, known := strings.Cut(printable(r.Target), "://")
	if !known {
		return printable(r.Target)
	}
	return after
}

// howMany of all are so.
func howMany[T any](all []T, is func(T) bool) (n int) {
	for _, one := range all {
		if is(one) {
			n++
		}
	}
	return n
}
