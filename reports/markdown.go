package reports

import (
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
	names := runNames(r)
	m.problems(r, names, "Failed", verdict.Failed)
	m.problems(r, names, "Could not be judged", verdict.Inconclusive)
	m.problems(r, names, "Warnings", verdict.Warned)
	m.waived(r)
	m.waiverProblems(r)
	m.waiverEntries(r)
	m.skipped(r)
	m.leftBehind(r)
	if m.left > 0 {
		m.b.WriteString(fmt.Sprintf("\n_%s left out for length: the full report has them._\n", count(m.left, "row was", "rows were")))
	}
	_, err := io.WriteString(w, m.b.String())
	return err
}

// markdown is a summary under construction.
type markdown struct {
	b    strings.Builder
	left int // rows that did not fit
}

func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(&m.b, format, args...) }

// row adds a table row if it fits.
func (m *markdown) row(cells ...string) { m.line("| " + strings.Join(cells, " | ") + " |") }

// line adds a line if it fits.
func (m *markdown) line(text string) {
	if m.b.Len()+len(text)+1 > markdownLimit {
		m.left++
		return
	}
	m.b.WriteString(text + "\n")
}

// fits says whether a section may still begin; when it may not, its rows count as left out.
func (m *markdown) fits(rows int) bool {
	if m.b.Len() > markdownLimit-1024 {
		m.left += rows
		return false
	}
	return true
}

func (m *markdown) heading(r *verdict.Report) {
	mark := map[verdict.Outcome]string{verdict.Conformant: "✅", verdict.Nonconformant: "❌", verdict.Incomplete: "⚠️"}
	m.printf("## %s %s\n\n", mark[outcome(r)], capital(verdictWords(outcome(r))))
	for i, run := range r.Runs {
		if i == 20 {
			m.printf("\n%s more.\n\n", count(len(r.Runs)-i, "run", "runs"))
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
	if len(r.Runs) == 0 {
		return
	}
	m.printf("| Run | Passed | Failed | Inconclusive | Warned | Noted | Waived | Skipped |\n|:--|--:|--:|--:|--:|--:|--:|--:|\n")
	names := runNames(r)
	line := func(name string, t verdict.Totals) {
		m.row(name, fmt.Sprint(t.Passed), fmt.Sprint(t.Failed), fmt.Sprint(t.Inconclusive), fmt.Sprint(t.Warned),
			fmt.Sprint(t.Noted), fmt.Sprint(t.Waived), fmt.Sprint(t.Skipped))
	}
	for i, run := range r.Runs {
		line(cell(names[i], 120), run.Totals)
	}
	if len(r.Runs) > 1 {
		line("**All**", sum(r))
	}
}

func (m *markdown) problems(r *verdict.Report, names []string, title string, status verdict.Status) {
	several := len(r.Runs) > 1
	n := total(r, status)
	if n == 0 || !m.fits(n) {
		return
	}
	m.printf("\n### %s (%d)\n\n", title, n)
	if several {
		m.printf("| Run | Check | Expected | Actual |\n|:--|:--|:--|:--|\n")
	} else {
		m.printf("| Check | Expected | Actual |\n|:--|:--|:--|\n")
	}
	for i := range r.Runs {
		for _, c := range r.Runs[i].Checks {
			if c.Status != status {
				continue
			}
			expected, actual := c.Expected, c.Actual
			if actual == "" {
				actual = c.Reason
			}
			cells := []string{cell(c.Title, 200) + "<br>" + code(c.ID, 160), cell(expected, 300), cell(actual, 300)}
			if several {
				cells = append([]string{cell(names[i], 120)}, cells...)
			}
			m.row(cells...)
		}
	}
}

func (m *markdown) waived(r *verdict.Report) {
	n := total(r, verdict.Waived)
	if n == 0 || !m.fits(n) {
		return
	}
	m.printf("\n### Waived (%d)\n\n| Check | Seen | Waiver |\n|:--|:--|:--|\n", n)
	each(r, verdict.Waived, func(c *verdict.Check) { m.row(code(c.ID, 160), cell(headline(c), 300), cell(c.Waiver, 300)) })
}

// skipped groups the skipped checks by what the target lacks: one addition often switches on many.
func (m *markdown) skipped(r *verdict.Report) {
	n := total(r, verdict.Skipped)
	if n == 0 || !m.fits(n) {
		return
	}
	type group struct {
		reason, remedy string
		checks         int
	}
	var groups []*group
	at := map[[2]string]*group{}
	each(r, verdict.Skipped, func(c *verdict.Check) {
		key := [2]string{c.Reason, c.Remedy}
		if at[key] == nil {
			at[key] = &group{reason: c.Reason, remedy: c.Remedy}
			groups = append(groups, at[key])
		}
		at[key].checks++
	})
	m.printf("\n<details><summary>Skipped (%d)</summary>\n\n| Checks | Why | To run them |\n|--:|:--|:--|\n", n)
	for _, g := range groups {
		m.row(fmt.Sprint(g.checks), cell(g.reason, 300), cell(g.remedy, 300))
	}
	m.printf("\n</details>\n")
}

func (m *markdown) leftBehind(r *verdict.Report) {
	n := 0
	for _, run := range r.Runs {
		n += len(run.LeftBehind)
	}
	if n > 0 && m.fits(n) {
		m.printf("\n**Left behind on the target:** %s could not be ended; see the full report.\n", count(n, "session or token", "sessions or tokens"))
	}
}

func total(r *verdict.Report, status verdict.Status) int {
	n := 0
	each(r, status, func(*verdict.Check) { n++ })
	return n
}

// each calls do for every check of the status, in the order of the report.
func each(r *verdict.Report, status verdict.Status, do func(*verdict.Check)) {
	for i := range r.Runs {
		for j := range r.Runs[i].Checks {
			if c := &r.Runs[i].Checks[j]; c.Status == status {
				do(c)
			}
		}
	}
}
