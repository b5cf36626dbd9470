package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/evidence"
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
		state = count(len(d.Regressions), "regression", "regressions")
	case d.Regressed():
		state = "A run is no longer conformant"
	}
	return fmt.Sprintf("%s; %s, %d new, %d gone, %d unchanged", state, count(len(d.Fixes), "fix", "fixes"), len(d.New), len(d.Gone), d.Unchanged)
}

// Text writes the difference for a terminal.
func (d Diff) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", d.conclusion())
	if d.OldSuite != d.NewSuite {
		fmt.Fprintf(&b, "The suite changed: %s, now %s\n", printable(evidence.OneLine(d.OldSuite)), printable(evidence.OneLine(d.NewSuite)))
	}
	for _, run := range d.Runs {
		fmt.Fprintf(&b, "  %s at %s: %s\n", printable(run.Profile), printable(evidence.OneLine(run.Target)), run.step())
	}
	for _, s := range d.sections() {
		if len(s.changes) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s (%d)\n", s.title, len(s.changes))
		for _, c := range s.changes {
			fmt.Fprintf(&b, "  %-24s %s\n", c.step(), printable(evidence.OneLine(c.ID)))
			detail := func(label, text string) {
				if text != "" {
					fmt.Fprintf(&b, "  %24s %s %s\n", "", label, printable(shortened(evidence.OneLine(text), 500)))
				}
			}
			detail("formerly", c.OldID)
			if c.tells() {
				detail("expected", c.Expected)
				detail("actual  ", c.Actual)
				detail("reason  ", c.Reason)
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
	m.printf("| Run | Target | Verdict |\n|:--|:--|:--|\n")
	for _, run := range d.Runs {
		m.row(cell(run.Profile, 100), code(run.Target, 200), cell(run.step(), 100))
	}
	for _, s := range d.sections() {
		if len(s.changes) == 0 || !m.fits(len(s.changes)) {
			continue
		}
		m.printf("\n### %s (%d)\n\n| Change | Check | Seen |\n|:--|:--|:--|\n", s.title, len(s.changes))
		for _, c := range s.changes {
			check := cell(c.Title, 200) + "<br>" + code(c.ID, 160)
			if c.OldID != "" {
				check += "<br>formerly " + code(c.OldID, 160)
			}
			seen := ""
			if c.tells() {
				seen = c.Actual
				if seen == "" {
					seen = c.Reason
				}
			}
			m.row(cell(c.step(), 100), check, cell(seen, 300))
		}
	}
	if m.left > 0 {
		m.printf("\n_%s left out for length._\n", count(m.left, "row was", "rows were"))
	}
	_, err := io.WriteString(w, m.b.String())
	return err
}

// JSON writes the difference with one member more: regressed.
func (d Diff) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(struct {
		Regressed bool `json:"regressed"`
		Diff
	}{d.Regressed(), d})
	if err != nil {
		return fmt.Errorf("encoding the difference: %w", err)
	}
	return nil
}

func (c RunChange) step() string { return step(string(c.Before), string(c.After)) }

func (c Change) step() string { return step(string(c.Before), string(c.After)) }

func step(before, after string) string {
	switch {
	case before == after:
		return after + " as before"
	case before == "":
		return "new: " + after
	case after == "":
		return "gone: was " + before
	default:
		return before + " → " + after
	}
}

// tells says whether a check's own words are news: those of a passed or a vanished check are not.
func (c Change) tells() bool { return c.After != "" && c.After != verdict.Passed }
