package main

import (
	"fmt"
	"os"
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

// shownIDs is how many are named of the checks that could not be judged for one reason, or that broke together.
const shownIDs = 3

// trouble is a check to show at length, or several of one run that could not be judged for one reason.
type trouble struct {
	*verdict.Check
	URL  string   // of the target
	At   string   // the same, where several are judged by the profile
	Like []string // the IDs of the others
	With []string // those of the checks that broke with it
	// Seen are the requirements that answers to these checks break in passing.
	Seen []string
	// Facts are what the whole run bears out about it.
	Facts []string
	Hint  string
}

// Named are the IDs of all, and Beside of those that broke with the check, cut to some.
func (t trouble) Named() string  { return named(append([]string{t.ID}, t.Like...)) }
func (t trouble) Beside() string { return named(t.With) }

// Answers says what is broken by the answers alone.
func (t trouble) Answers() string {
	if len(t.Seen) == 0 {
		return ""
	}
	return "the same answers break " + named(t.Seen)
}

func named(ids []string) string {
	if left := len(ids) - shownIDs; left > 1 {
		return strings.Join(ids[:shownIDs], ", ") + fmt.Sprintf(" and %d more", left)
	}
	return inWords(ids)
}

// summary shows what a run came to.
func (d *display) summary(r *verdict.Report, j *judging) {
	view := struct {
		*verdict.Report
		Broken        []*trouble
		Left          int              // of these that are not shown
		Listed        []verdict.Status // in the table
		Widest, Taken int              // columns of an ID, and of all before the last one
		Entries       []string         // by which what closes the gate could be waived
	}{Report: r, Listed: []verdict.Status{verdict.Failed, verdict.Warned, verdict.Waived}}
	names := reports.Names(r)
	view.Broken = troubles(r, names)
	if view.Left = len(view.Broken) - shownChecks; view.Left > 0 {
		view.Broken = view.Broken[:shownChecks]
	}
	view.Left = max(view.Left, 0)
	for _, c := range r.Checks(view.Listed...) {
		view.Widest = max(view.Widest, len(c.ID))
	}
	view.Taken = view.Widest + 18
	closing := []verdict.Status{verdict.Failed}
	if j.gate == verdict.Should {
		closing = append(closing, verdict.Warned)
	}
	for run, c := range r.Checks(closing...) {
		if j.ofClients { // whom no waiver excuses
			break
		}
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
		"whom": func() string {
			if j.ofClients {
				return "CLIENT"
			}
			return "SERVER"
		},
		"command": func(t *trouble) []string {
			if j.ofClients { // the server has gone
				return nil
			}
			e := telling(t.Check)
			if e != nil && written(reports.JSONFile) && !reports.Alone(t.Check, *e) {
				words := []string{shellWord(os.Args[0]) + " repeat " + shellWord(filepath.Join(j.out, reports.JSONFile)), shellWord(t.ID)}
				if t.At != "" {
					words = append(words, "--target "+shellWord(t.URL))
				}
				return broken("", append(words, "--run"), d.width-12)
			}
			return command(e, d.width-12)
		},
		"evidence": func(c *verdict.Check) string { // where a reader finds the exchanges best
			switch {
			case len(c.Exchanges) == 0:
			case written(reports.HTMLFile):
				return filepath.Join(j.out, reports.HTMLFile) + "#" + anchors[c]
			case written(reports.JSONFile):
				return filepath.Join(j.out, reports.JSONFile)
			}
			return ""
		},
		"all":  func(ids []string) int { return len(ids) + 1 },
		"next": func(i int) int { return i + 1 },
		"at": func(run *verdict.Run) string { // before what is cut to the screen
			if at := where(names, run); at != "" {
				return strings.TrimPrefix(at, " at ") + ": "
			}
			return ""
		},
	})
	d.ending(r, j)
}

// where is the target of a run, where several are judged by its profile.
func where(names map[*verdict.Run]string, run *verdict.Run) string {
	return strings.TrimPrefix(names[run], run.Profile)
}

// troubles are what to show at length, what calls for action first. What could not be judged in a run for one reason is one of them.
func troubles(r *verdict.Report, names map[*verdict.Run]string) []*trouble {
	var all []*trouble
	given := map[any]*trouble{} // of what was not judged, by run and reason
	for _, status := range []verdict.Status{verdict.Failed, verdict.Warned, verdict.Inconclusive} {
		for run, c := range r.Checks(status) {
			cause := run.CauseOf(c)
			if cause.Check != c.ID && cause.Check != "" { // it stands with the other
				continue
			}
			t := &trouble{Check: c, URL: run.Target, At: where(names, run), Facts: cause.Facts, Hint: cause.Hint}
			for _, other := range run.Checks {
				switch {
				case !slices.Contains(cause.Also, other.ID):
				case other.SeenBy == "":
					t.With = append(t.With, other.ID)
				case other.Requirements[0] != c.Requirements[0] && !slices.Contains(t.Seen, other.Requirements[0]):
					t.Seen = append(t.Seen, other.Requirements[0])
				}
			}
			if status == verdict.Inconclusive {
				why := [...]any{run, c.Reason}
				switch {
				case c.Started.IsZero() && c.Reason == run.Reason: // it never ran, and the verdict says why
					continue
				case given[why] != nil:
					given[why].Like = append(given[why].Like, c.ID)
					continue
				}
				given[why] = t
			}
			all = append(all, t)
		}
	}
	return all
}

// ending shows waivers that do not hold, and the verdicts.
func (d *display) ending(r *verdict.Report, j *judging) {
	names := reports.Names(r)
	d.show("ending.txt", r, template.FuncMap{"name": func(i int) string { return names[&r.Runs[i]] }})
	if len(j.written) > 0 {
		d.print("took %s\n", reports.Took(r))
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

// command is an exchange as a shell command on at most two lines, which can be copied together: a shell
// function that the command needs has the first one, and a command that is wider than the screen is broken between its
// arguments.
func command(e *evidence.Exchange, width int) []string {
	if e == nil {
		return nil
	}
	c := reports.NewCommand(*e)
	return broken(c.Function, c.Arguments, width)
}

// broken is a command on at most two lines, after that of its function if it needs one.
func broken(function string, arguments []string, width int) []string {
	one := strings.Join(arguments, " ")
	if len(one) > longestCommand || visible(one) != one {
		return []string{"the command is too long for a line, or holds what no line can show: the report has it"}
	}
	if function != "" {
		return []string{function, one}
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
