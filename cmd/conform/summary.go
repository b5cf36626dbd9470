package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"unicode"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

const (
	// shownChecks is how many broken checks are shown at length; the table after them has all.
	shownChecks = 12
	// longestText is the longest promise, expectation or finding in the terminal, and longestCommand the longest curl
	// command. The report holds them whole.
	longestText, longestCommand = 300, 4000
)

// summary shows what a run came to.
func (d *display) summary(r *verdict.Report, j *judging) {
	view := struct {
		*verdict.Report
		Broken        []*verdict.Check
		Alike, Left   int              // inconclusive checks and others that are not shown
		Listed        []verdict.Status // in the table
		Widest, Taken int              // columns of an ID, and of all before the last one
		Entries       []string         // by which what closes the gate could be waived
	}{Report: r, Listed: []verdict.Status{verdict.Failed, verdict.Warned, verdict.Waived}}
	view.Broken, view.Alike, view.Left = broken(r)
	for _, c := range r.Checks(view.Listed...) {
		view.Widest = max(view.Widest, len(c.ID))
	}
	view.Taken = view.Widest + 18
	closing := []verdict.Status{verdict.Failed}
	if j.gate == verdict.Should {
		closing = append(closing, verdict.Warned)
	}
	for run, c := range r.Checks(closing...) {
		view.Entries = append(view.Entries, reports.WaiverEntry(r, run, c))
	}
	written := func(file string) bool { return slices.Contains(j.written, file) }
	anchors := reports.Anchors(r)
	d.show("summary.txt", view, template.FuncMap{
		"label": func(label, text string) string {
			if text == "" {
				return ""
			}
			return fmt.Sprintf("  %-9s %s\n", label, visible(cutTo(evidence.OneLine(text), longestText)))
		},
		"command": func(c *verdict.Check) []string { return command(c, d.width-12) },
		"evidence": func(c *verdict.Check) string { // where a reader finds the exchanges best
			switch {
			case written(reports.HTMLFile):
				return filepath.Join(j.out, reports.HTMLFile) + "#" + anchors[c]
			case written(reports.JSONFile):
				return filepath.Join(j.out, reports.JSONFile)
			}
			return ""
		},
	})
	d.ending(r, j)
}

// broken are the checks to show at length, what calls for action first, and the numbers of those that are left out: of the
// inconclusive checks of a run that have one reason, all but the first, and of the rest those that are too many.
func broken(r *verdict.Report) (shown []*verdict.Check, alike, left int) {
	given := map[any]bool{} // reasons, by status and run
	for _, status := range []verdict.Status{verdict.Failed, verdict.Warned, verdict.Inconclusive} {
		for run, c := range r.Checks(status) {
			why := [...]any{status, run, c.Reason}
			switch {
			case status == verdict.Inconclusive && c.Started.IsZero(): // it never ran
				continue
			case status == verdict.Inconclusive && given[why]:
				alike++
			case len(shown) == shownChecks:
				left++
			default:
				shown = append(shown, c)
			}
			given[why] = true
		}
	}
	return shown, alike, left
}

// ending shows waivers that do not hold, and the verdicts.
func (d *display) ending(r *verdict.Report, j *judging) {
	d.show("ending.txt", r, nil)
	if len(j.written) > 0 {
		d.print("reports in %s\n", j.out)
	}
}

// telling is the exchange of a check that shows what is wrong: the last one that breaks a requirement of the check, or
// else the last one that the check is about, or the last one at all.
func telling(c *verdict.Check) *evidence.Exchange {
	for _, is := range []func(evidence.Exchange) bool{
		func(e evidence.Exchange) bool {
			return slices.ContainsFunc(e.Violations, func(v evidence.Violation) bool { return slices.Contains(c.Requirements, v.Requirement) })
		},
		func(e evidence.Exchange) bool { return e.Purpose == evidence.Act },
		func(e evidence.Exchange) bool { return e.Purpose != evidence.CleanUp },
	} {
		for _, e := range slices.Backward(c.Exchanges) {
			if is(e) {
				return &e
			}
		}
	}
	return nil
}

// command is the telling exchange of a check as a shell command on at most two lines, which can be copied together: a shell
// function that the command needs has the first one, and a command that is wider than the screen is broken between its
// arguments.
func command(of *verdict.Check, width int) []string {
	e := telling(of)
	if e == nil {
		return nil
	}
	c := reports.NewCommand(*e)
	arguments := c.Arguments
	one := strings.Join(arguments, " ")
	if len(one) > longestCommand || visible(one) != one {
		return []string{"the command is too long for a line, or holds what no line can show: the report has it"}
	}
	if c.Function != "" {
		return []string{c.Function, one}
	}
	if width <= 0 || len([]rune(one)) <= width {
		return []string{one}
	}
	first, taken := arguments[0], 1
	for taken < len(arguments) && len([]rune(first+" "+arguments[taken]+` \`)) <= width {
		first += " " + arguments[taken]
		taken++
	}
	return []string{first + ` \`, strings.Join(arguments[taken:], " ")}
}

// commands begin what build servers obey wherever it stands in a line: Azure Pipelines and TeamCity.
var commands = strings.NewReplacer("##", "# #")

// visible replaces what a terminal or a build server would obey: a server's text must not move the cursor, turn the line around or set
// the outcome of a job.
func visible(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, commands.Replace(text))
}
