package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/harness/waiver"
	"example.org/conform/reports"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// earlier is the report of an earlier run, of which a run judges again what was not passed there.
type earlier struct {
	path    string
	report  *verdict.Report
	runs    map[*target.Target]*verdict.Run
	settled map[*target.Target]map[string]bool
	judged  []*target.Target // those of which something was left
}

// readEarlier reads the report and finds in it the run of each target. It has to be a report of these targets and of no other: a
// verdict that leaves one of them out would say more than it knows.
func readEarlier(path string, targets []*target.Target, defs []check.Definition) (*earlier, error) {
	report, err := reports.Read(path)
	if err != nil {
		return nil, err
	}
	e := &earlier{path: path, report: report, runs: map[*target.Target]*verdict.Run{}, settled: map[*target.Target]map[string]bool{}}
	known := map[string]bool{}
	for _, d := range defs {
		known[d.ID] = true
	}
	taken := map[*verdict.Run]bool{}
	for _, t := range targets {
		for i := range report.Runs {
			if run := &report.Runs[i]; !taken[run] && run.Profile == t.Profile && run.Target == t.URL {
				taken[run], e.runs[t], e.settled[t] = true, run, run.Settled()
				maps.DeleteFunc(e.settled[t], func(id string, _ bool) bool { return !known[id] }) // the file may say anything
				break
			}
		}
		if e.runs[t] == nil {
			return nil, fmt.Errorf("%s has no run of %s at %s, but %s; give the report of this target, or run without --again", path, t.Profile, t.URL, e.has())
		}
	}
	for i := range report.Runs {
		if run := &report.Runs[i]; !taken[run] {
			return nil, fmt.Errorf("%s also has a run of %s at %s, which is not to be judged now; give its target as well, or run without --again",
				path, evidentLine(run.Profile), evidentLine(run.Target))
		}
	}
	return e, nil
}

// has names the runs of the report.
func (e *earlier) has() string {
	var runs []string
	for _, run := range e.report.Runs {
		runs = append(runs, evidentLine(run.Profile)+" at "+evidentLine(run.Target))
	}
	if len(runs) == 0 {
		return "none at all"
	}
	return inWords(runs)
}

// evidentLine is a text of a file that anybody may have written, for a message.
func evidentLine(text string) string { return visible(cutTo(text, longestText)) }

// wants says whether a check is to be judged again.
func (e *earlier) wants(t *target.Target, d check.Definition) bool { return !e.settled[t][d.ID] }

// left are the targets of which something is left to judge.
func (e *earlier) left(o runner.Options) ([]*target.Target, error) {
	o.Only = e.wants
	planned, err := runner.Plan(o)
	if err != nil {
		return nil, err
	}
	planned = slices.DeleteFunc(planned, func(p runner.Planned) bool { return len(p.Run) == 0 })
	for _, p := range planned {
		e.judged = append(e.judged, p.Target)
	}
	return e.judged, nil
}

// enter has the report of what was judged again say what was not. The run of a target of which nothing was left to judge stands as the
// earlier report has it.
func (e *earlier) enter(r *verdict.Report, targets []*target.Target) {
	judged := r.Runs
	r.Runs = nil
	for _, t := range targets {
		run := *e.runs[t]
		if slices.Contains(e.judged, t) {
			run, judged = judged[0], judged[1:]
			run.Again = &verdict.Again{Finished: e.report.Finished, Settled: slices.Sorted(maps.Keys(e.settled[t]))}
		} else {
			again := verdict.Again{Finished: e.report.Finished, Settled: []string{}}
			if run.Again != nil {
				again = *run.Again
			}
			again.Stands = true
			run.Again = &again
		}
		r.Runs = append(r.Runs, run)
	}
}

// stands ends a run of which nothing is left to judge: the verdict of the earlier report stands, with the waivers of today. Nothing is
// sent, and no report is written.
func (j *judging) stands(cmd *cobra.Command) error {
	r := j.before.report
	waiver.Apply(r, j.excused, time.Now())
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "nothing is left to judge again: every check that this target lets run has passed in %s of %s\n",
		j.before.path, r.Finished.UTC().Format("2006-01-02 15:04 UTC"))
	if err != nil {
		return err
	}
	d := &display{w: cmd.OutOrStdout()}
	d.ending(r, j)
	word := strings.ToUpper(reports.OutcomeWord(r.Outcome()))
	d.print("nothing was judged now: the verdict of that report stands, %s%s\n", word, r.ButFor())
	if code := j.code(r); code != 0 {
		return exitError{code: code}
	}
	return nil
}
