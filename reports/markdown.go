package reports

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

// markdownLimit is the longest summary, in bytes. GitHub takes 64 KiB in a comment; a reader wants far less.
const markdownLimit = 56 << 10

// Markdown writes the summary for a pull request or a step summary: the verdict, the totals, and what a reader has to
// act on. It stays under 60 KB whatever the report holds, and says what it left out.
func Markdown(w io.Writer, r *verdict.Report) error {
	var m markdown
	m.heading(r)
	m.totals(r)
	m.problems(r, "Failed", verdict.Failed)
	m.problems(r, "Could not be judged", verdict.Inconclusive)
	m.problems(r, "Warnings", verdict.Warned)
	var waived, problems, entries []string
	for _, c := range r.Checks(verdict.Waived) {
		waived = append(waived, row(code(c.ID, 160), cell(headline(c), 300), cell(c.Waiver, 300)))
	}
	m.table("Waived", waived, "Check", "Seen", "Waiver")
	for _, p := range r.WaiverProblems {
		problems = append(problems, row(cell(p.Waiver, 200), code(p.Place, 160), cell(p.Problem, 300)))
	}
	m.table("Waivers that do not hold", problems, "Waiver", "Where", "Why")
	for run, c := range r.Checks(verdict.Failed) {
		entries = append(entries, WaiverEntry(r, run, c)+"\n")
	}
	m.section("\n<details><summary>To waive a failure for a while</summary>\n\nCopy its line into a file, say in it why you live with it "+
		"and until when, and give the file to --waivers.\n\n```yaml\n", entries, "```\n\n</details>\n")
	m.skipped(r)
	left := 0
	for _, run := range r.Runs {
		left += len(run.LeftBehind)
	}
	if left > 0 {
		m.printf("\n**Left behind on the target:** %s could not be ended; see the full report.\n", verdict.Count(left, "session or token", "sessions or tokens"))
	}
	return m.end(w, ": the full report has them")
}

// markdown is a summary under construction.
type markdown struct {
	strings.Builder
	left int // rows that did not fit
}

func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(m, format, args...) }

// section adds lines between a head and a foot, those that fit. Where even the head does not, or there are no lines,
// nothing is added.
func (m *markdown) section(head string, lines []string, foot string) {
	if len(lines) == 0 {
		return
	}
	if m.Len() > markdownLimit-1024 {
		m.left += len(lines)
		return
	}
	m.WriteString(head)
	for _, l := range lines {
		if m.Len()+len(l) > markdownLimit {
			m.left++
			continue
		}
		m.WriteString(l)
	}
	m.WriteString(foot)
}

// table adds a section with a table of rows.
func (m *markdown) table(title string, rows []string, columns ...string) {
	m.section(fmt.Sprintf("\n### %s (%d)\n\n%s|%s\n", title, len(rows), row(columns...), strings.Repeat(":--|", len(columns))), rows, "")
}

// end writes the summary, and what it left out.
func (m *markdown) end(w io.Writer, remedy string) error {
	if m.left > 0 {
		m.printf("\n_%s left out for length%s._\n", verdict.Count(m.left, "row was", "rows were"), remedy)
	}
	_, err := io.WriteString(w, m.String())
	return err
}

func (m *markdown) heading(r *verdict.Report) {
	sign := map[verdict.Outcome]string{verdict.Conformant: "✅", verdict.Nonconformant: "❌", verdict.Incomplete: "⚠️"}
	m.printf("## %s %s\n\n", sign[r.Outcome()], capital(outcomeWord(r.Outcome())))
	for i, run := range r.Runs {
		if i == 20 {
			m.printf("\n%s more.\n\n", verdict.Count(len(r.Runs)-i, "run", "runs"))
			break
		}
		m.printf("**%s** at %s: **%s**", cell(run.Profile, 100), code(run.Target, 200), run.Verdict)
		if run.Reason != "" {
			m.printf(". %s", cell(capital(run.Reason), 400))
		}
		if run.Remedy != "" {
			m.printf(". What to do: %s", cell(run.Remedy, 400))
		}
		m.printf("\n\n")
	}
	if len(r.Runs) == 0 {
		m.printf("No profile was judged.\n\n")
	}
	if !r.Complete {
		m.printf("The run was interrupted: this report is partial.\n\n")
	}
}

func (m *markdown) totals(r *verdict.Report) {
	line := func(name string, t verdict.Totals) string {
		return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d | %d |\n", name, t.Passed, t.Failed, t.Inconclusive, t.Warned, t.Noted, t.Waived, t.Skipped)
	}
	var lines []string
	names := runNames(r)
	for i := range r.Runs {
		lines = append(lines, line(cell(names[&r.Runs[i]], 120), r.Runs[i].Totals))
	}
	if len(r.Runs) > 1 {
		lines = append(lines, line("**All**", r.Totals()))
	}
	m.section("| Run | Passed | Failed | Inconclusive | Warned | Noted | Waived | Skipped |\n|:--|--:|--:|--:|--:|--:|--:|--:|\n", lines, "")
}

func (m *markdown) problems(r *verdict.Report, title string, status verdict.Status) {
	columns, names := []string{"Run", "Check", "Expected", "Actual"}, runNames(r)
	from := 1
	if len(r.Runs) > 1 {
		from = 0
	}
	var rows []string
	for run, c := range r.Checks(status) {
		cells := []string{cell(names[run], 120), titled(c.Title, c.ID), cell(c.Expected, 300), cell(cmp.Or(c.Actual, c.Reason), 300)}
		rows = append(rows, row(cells[from:]...))
	}
	m.table(title, rows, columns[from:]...)
}

// skipped groups the skipped checks by what the target lacks: one addition often switches on many.
func (m *markdown) skipped(r *verdict.Report) {
	type lack struct{ reason, remedy string }
	var lacks []lack
	checks, all := map[lack]int{}, 0
	for _, c := range r.Checks(verdict.Skipped) {
		l := lack{c.Reason, c.Remedy}
		if checks[l] == 0 {
			lacks = append(lacks, l)
		}
		checks[l]++
		all++
	}
	var rows []string
	for _, l := range lacks {
		rows = append(rows, row(fmt.Sprint(checks[l]), cell(l.reason, 300), cell(l.remedy, 300)))
	}
	m.section(fmt.Sprintf("\n<details><summary>Skipped (%d)</summary>\n\n| Checks | Why | To run them |\n|--:|:--|:--|\n", all), rows, "\n</details>\n")
}

// markdownEscapes takes the meaning from what Markdown and the HTML in it would obey, so that a server's answer can
// make no link, no image, no mention and no table cell. A numeric reference works where a backslash does not: in a
// table, before a digit and at the start of a line.
var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "\\", "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;",
	"[", "&#91;", "]", "&#93;", "#", "&#35;", "@", "&#64;", "~", "&#126;", "://", "&#58;//", "www.", "www&#46;", "$", "&#36;",
)

// row is a line of a table.
func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// cell makes a text safe within a table cell, on one line, with at most limit bytes of the text.
func cell(text string, limit int) string { return markdownEscapes.Replace(line(text, limit)) }

// code sets a text as code. HTML's element takes escapes within it, which backticks do not.
func code(text string, limit int) string { return "<code>" + cell(text, limit) + "</code>" }

// titled is the cell of a check.
func titled(title, id string) string { return cell(title, 200) + "<br>" + code(id, 160) }
