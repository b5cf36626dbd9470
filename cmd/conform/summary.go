package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

const (
	// shownLeft is how many sessions and tokens are named that the run could not end.
	shownLeft = 3
	// shownChecks is how many broken checks are shown at length; the table after them has all.
	shownChecks = 12
	// longestText is the longest promise, expectation or finding in the terminal, and longestCommand the longest curl
	// command. The report holds them whole.
	longestText, longestCommand = 300, 4000
)

// summary shows what a run came to: the broken checks with their evidence, a table of what failed or warned, entries
// by which failures could be waived, and the verdicts.
func (d *display) summary(r *verdict.Report, j *judging) {
	d.checks(r, j)
	d.table(r)
	d.waiverEntries(r, j)
	d.waivers(r)
	for _, run := range r.Runs {
		d.verdict(run)
	}
	d.print("reports in %s\n", j.out)
}

// checks shows, in at most eight lines each, what failed, and what was tried and could not be judged: of the inconclusive
// checks of a run that have one reason, the first.
func (d *display) checks(r *verdict.Report, j *judging) {
	type reason struct {
		run  *verdict.Run
		text string
	}
	given, anchors := map[reason]bool{}, reports.Anchors(r)
	shown, left, alike := 0, 0, 0
	for _, status := range []verdict.Status{verdict.Failed, verdict.Warned, verdict.Inconclusive} {
		for run, c := range r.Checks(status) {
			if status == verdict.Inconclusive {
				if c.Started.IsZero() {
					continue
				}
				if given[reason{run, c.Reason}] {
					alike++
					continue
				}
				given[reason{run, c.Reason}] = true
			}
			if shown == shownChecks {
				left++
				continue
			}
			shown++
			where := evidenceFile(j.reports)
			if where == reports.HTMLFile {
				where += "#" + anchors[c]
			}
			if where != "" {
				where = filepath.Join(j.out, where)
			}
			d.check(c, where)
		}
	}
	if alike > 0 {
		d.print("\n… and %d more inconclusive, for the same reasons\n", alike)
	}
	if left > 0 {
		d.print("\n… and %d more, in the table and in the reports\n", left)
	}
}

// evidenceFile is the report in which a reader finds the exchanges, the best of those that are written.
func evidenceFile(written []string) string {
	for _, name := range []string{reports.HTMLFile, reports.JSONFile} {
		if len(written) == 0 || slices.Contains(written, name) {
			return name
		}
	}
	return ""
}

// check shows one check in at most eight lines.
func (d *display) check(c *verdict.Check, where string) {
	d.print("\n%s %s\n", d.paint(c.Status, strings.ToUpper(string(c.Status))), c.ID)
	line := func(label, text string) {
		if text != "" {
			d.print("  %-9s %s\n", label, visible(cutTo(evidence.OneLine(text), longestText)))
		}
	}
	line("promise", c.Statement)
	line("source", c.Source)
	if c.Expected != "" || c.Actual != "" {
		line("expected", c.Expected)
		line("actual", c.Actual)
	} else {
		line("reason", c.Reason)
	}
	if e, ok := telling(c); ok {
		label := "repeat"
		for _, part := range command(e, d.width-12) {
			d.print("  %-9s %s\n", label, visible(part))
			label = ""
		}
	}
	line("evidence", where)
}

// telling is the exchange of a check that shows what is wrong: the last one that breaks a requirement of the check, or
// else the last one that the check is about, or the last one at all.
func telling(c *verdict.Check) (evidence.Exchange, bool) {
	for _, is := range []func(evidence.Exchange) bool{
		func(e evidence.Exchange) bool {
			return slices.ContainsFunc(e.Violations, func(v evidence.Violation) bool { return slices.Contains(c.Requirements, v.Requirement) })
		},
		func(e evidence.Exchange) bool { return e.Purpose == evidence.Act },
		func(e evidence.Exchange) bool { return e.Purpose != evidence.CleanUp },
	} {
		for _, e := range slices.Backward(c.Exchanges) {
			if is(e) {
				return e, true
			}
		}
	}
	return evidence.Exchange{}, false
}

// command is the exchange as a shell command on at most two lines, which can be copied together: a shell function that
// the command needs has the first one, and a command that is wider than the screen is broken between its arguments.
func command(e evidence.Exchange, width int) []string {
	c := reports.NewCommand(e)
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
	if taken == len(arguments) {
		return []string{one}
	}
	return []string{first + ` \`, strings.Join(arguments[taken:], " ")}
}

// waivers names those that do not hold.
func (d *display) waivers(r *verdict.Report) {
	for _, p := range r.WaiverProblems {
		d.print("\n%s %s\n", d.paint(verdict.Failed, "WAIVER"), visible(p.String()))
	}
}

// table lists what failed or warned, and what was waived with its reason, a line each.
func (d *display) table(r *verdict.Report) {
	widest := 0
	for _, c := range r.Checks(verdict.Failed, verdict.Warned, verdict.Waived) {
		widest = max(widest, len(c.ID))
	}
	if widest == 0 {
		return
	}
	d.print("\n%-7s %-6s  %-*s  %s\n", "STATUS", "LEVEL", widest, "CHECK", "WHAT IS ASKED OF THE SERVER")
	for _, status := range []verdict.Status{verdict.Failed, verdict.Warned, verdict.Waived} {
		for _, c := range r.Checks(status) {
			what := c.Title
			if c.Waiver != "" {
				what = "waived: " + c.Waiver
			}
			d.print("%s %-6s  %-*s  %s\n", d.paint(status, fmt.Sprintf("%-7s", status)), c.Level, widest, c.ID, d.fit(visible(what), widest+18))
		}
	}
}

// waiverEntries offers an entry for each failure that closes the gate.
func (d *display) waiverEntries(r *verdict.Report, j *judging) {
	closing := []verdict.Status{verdict.Failed}
	if j.gate == verdict.Should {
		closing = append(closing, verdict.Warned)
	}
	var entries []string
	for run, c := range r.Checks(closing...) {
		entries = append(entries, reports.WaiverEntry(r, run, c))
	}
	if len(entries) == 0 {
		return
	}
	d.print("\nto live with a failure for a while, put its line into the file of --waivers, with your reason:\n")
	for _, e := range entries[:min(len(entries), shownChecks)] {
		d.print("%s\n", visible(e))
	}
	if left := len(entries) - shownChecks; left > 0 {
		d.print("# … and %d more, in %s\n", left, reports.MarkdownFile)
	}
}

func (d *display) verdict(run verdict.Run) {
	t := run.Totals
	status := map[verdict.Outcome]verdict.Status{
		verdict.Conformant: verdict.Passed, verdict.Nonconformant: verdict.Failed, verdict.Incomplete: verdict.Warned,
	}[run.Verdict]
	word := d.paint(status, strings.ToUpper(string(run.Verdict)))
	if len(run.Checks) == 0 { // why no check could begin is all that there is to say
		d.print("\n%s: %s: %s\n", run.Profile, word, visible(strings.TrimSuffix(run.Reason+"; "+run.Remedy, "; ")))
	} else {
		d.print("\n%s: %s\n", run.Profile, word)
		totals := fmt.Sprintf("%d passed, %d failed, %d warned, %d noted, %d skipped, %d waived, %d inconclusive",
			t.Passed, t.Failed, t.Warned, t.Noted, t.Skipped, t.Waived, t.Inconclusive)
		for _, text := range []string{run.Reason, run.Remedy, totals} {
			if text != "" {
				d.print("  %s\n", visible(text))
			}
		}
	}
	for _, left := range run.LeftBehind[:min(len(run.LeftBehind), shownLeft)] {
		d.print("  left behind: %s\n", visible(left))
	}
	if more := len(run.LeftBehind) - shownLeft; more > 0 {
		d.print("  left behind: … and %d more, in the report\n", more)
	}
}

// visible replaces what a terminal would obey: a server's text must not move the cursor, or turn the line around.
func visible(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, text)
}
