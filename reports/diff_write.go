package reports

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

// section is one list of a difference with its heading.
type section struct {
	title   string
	changes []Change
}

func (d Diff) sections() []section {
	return []section{
		{"Regressions", d.Regressions}, {"Fixes", d.Fixes}, {"Skipped before or now", d.Skips},
		{"Other changes", d.Others}, {"New", d.New}, {"Gone", d.Gone},
	}
}

// conclusion is the difference in one line.
func (d Diff) conclusion() string {
	state := "No regression"
	switch {
	case len(d.Regressions) > 0:
		state = verdict.Count(len(d.Regressions), "regression", "regressions")
	case d.Regressed():
		state = "A run is no longer conformant"
	}
	return fmt.Sprintf("%s; %s, %d new, %d gone, %d unchanged",
		state, verdict.Count(len(d.Fixes), "fix", "fixes"), len(d.New), len(d.Gone), d.Unchanged)
}

// Text writes the difference for a terminal.
func (d Diff) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", d.conclusion())
	if d.OldSuite != d.NewSuite {
		fmt.Fprintf(&b, "The suite changed: %s, now %s\n", line(d.OldSuite, 100), line(d.NewSuite, 100))
	}
	for _, run := range d.Runs {
		fmt.Fprintf(&b, "  %s at %s: %s\n", printable(run.Profile), line(run.Target, 500), step(run.Before, run.After))
	}
	for _, s := range d.sections() {
		if len(s.changes) > 0 {
			fmt.Fprintf(&b, "\n%s (%d)\n", s.title, len(s.changes))
		}
		for _, c := range s.changes {
			fmt.Fprintf(&b, "  %-24s %s\n", step(c.Before, c.After), line(c.ID, 500))
			details := [][2]string{{"formerly", c.OldID}}
			if c.tells() {
				details = append(details, [2]string{"expected", c.Expected}, [2]string{"actual  ", c.Actual}, [2]string{"reason  ", c.Reason})
			}
			for _, detail := range details {
				if detail[1] != "" {
					fmt.Fprintf(&b, "  %24s %s %s\n", "", detail[0], line(detail[1], 500))
				}
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown writes the difference for a pull request, under 60 KB.
func (d Diff) Markdown(w io.Writer) error {
	var m markdown
	mark := "✅"
	if d.Regressed() {
		mark = "❌"
	}
	m.printf("## %s %s\n\n", mark, cell(d.conclusion(), 300))
	if d.OldSuite != d.NewSuite {
		m.printf("The suite changed: %s, now %s.\n\n", code(d.OldSuite, 100), code(d.NewSuite, 100))
	}
	var runs []string
	for _, run := range d.Runs {
		runs = append(runs, row(cell(run.Profile, 100), code(run.Target, 200), cell(step(run.Before, run.After), 100)))
	}
	m.section("| Run | Target | Verdict |\n|:--|:--|:--|\n", runs, "")
	for _, s := range d.sections() {
		var rows []string
		for _, c := range s.changes {
			check, seen := titled(c.Title, c.ID), ""
			if c.OldID != "" {
				check += "<br>formerly " + code(c.OldID, 160)
			}
			if c.tells() {
				seen = cmp.Or(c.Actual, c.Reason)
			}
			rows = append(rows, row(cell(step(c.Before, c.After), 100), check, cell(seen, 300)))
		}
		m.table(s.title, rows, "Change", "Check", "Seen")
	}
	return m.end(w, "")
}

// JSON writes the difference with one member more: regressed.
func (d Diff) JSON(w io.Writer) error {
	return EncodeJSON(w, struct {
		Regressed bool `json:"regressed"`
		Diff
	}{d.Regressed(), d})
}

// step is the way from one status or verdict to another; empty is that of a report that does not have it.
func step[S ~string](before, after S) string {
	switch {
	case before == after:
		return string(after) + " as before"
	case before == "":
		return "new: " + string(after)
	case after == "":
		return "gone: was " + string(before)
	default:
		return string(before) + " → " + string(after)
	}
}

// tells says whether a check's own words are news: those of a passed or a vanished check are not.
func (c Change) tells() bool { return c.After != "" && c.After != verdict.Passed }
