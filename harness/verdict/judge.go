package verdict

import (
	"fmt"
	"iter"
	"slices"
)

// Statuses are all statuses in the order in which they are shown: what calls for action first.
var Statuses = []Status{Failed, Inconclusive, Warned, Waived, Noted, Skipped, Passed}

// counters are where the checks of each status are counted; those of one that this release does not know are not.
func (t *Totals) counters() map[Status]*int {
	return map[Status]*int{
		Passed: &t.Passed, Failed: &t.Failed, Warned: &t.Warned, Noted: &t.Noted,
		Skipped: &t.Skipped, Waived: &t.Waived, Inconclusive: &t.Inconclusive,
	}
}

// Of is the number of checks of a status.
func (t Totals) Of(s Status) int {
	if n := t.counters()[s]; n != nil {
		return *n
	}
	return 0
}

// Totals adds up those of the runs.
func (r *Report) Totals() Totals {
	var all Totals
	for s, sum := range all.counters() {
		for _, run := range r.Runs {
			*sum += run.Totals.Of(s)
		}
	}
	return all
}

// Checks are the checks of the report with their runs, in its order: those of the statuses, or of every status when none
// is named. They are the report's own, not copies.
func (r *Report) Checks(of ...Status) iter.Seq2[*Run, *Check] {
	return func(yield func(*Run, *Check) bool) {
		for i := range r.Runs {
			run := &r.Runs[i]
			for j := range run.Checks {
				c := &run.Checks[j]
				if (len(of) == 0 || slices.Contains(of, c.Status)) && !yield(run, c) {
					return
				}
			}
		}
	}
}

// What a run says of itself where it is incomplete, or was that too.
const (
	alsoIncomplete = "; the run was also incomplete: "
	noneExecuted   = "no check was executed"
	unjudgedMusts  = " could not be judged"
)

// Judge sets the run's totals and verdict from its checks. A failed MUST makes it nonconformant whatever else
// happened, since a breach that was seen stays a breach. Short of that, a run that stopped early (Verdict already
// Incomplete, with its Reason), one in which nothing was executed, and one in which a MUST could not be judged are
// incomplete: none of them shows that the promises are kept. It may be called again when checks have changed.
func (r *Run) Judge() {
	if r.stop == nil {
		r.stop = &stop{}
		if r.Verdict == Incomplete {
			*r.stop = stop{early: true, reason: r.Reason, remedy: r.Remedy}
		}
	}
	r.Totals = Totals{}
	counters, unjudged := r.Totals.counters(), 0
	for _, c := range r.Checks {
		if n := counters[c.Status]; n != nil {
			*n++
		}
		if c.Status == Inconclusive && c.Level == Must {
			unjudged++
		}
	}
	r.prune()
	switch {
	case r.Totals.Failed > 0:
		reason := fmt.Sprintf("%s broken", Count(r.Totals.Failed, "check of a MUST is", "checks of a MUST are"))
		if r.stop.early {
			reason += alsoIncomplete + r.stop.reason
		}
		r.Verdict, r.Reason, r.Remedy = Nonconformant, reason, ""
	case r.stop.early:
		r.Verdict, r.Reason, r.Remedy = Incomplete, r.stop.reason, r.stop.remedy
	case r.Totals.Executed() == 0:
		r.Verdict, r.Reason = Incomplete, noneExecuted
		r.Remedy = "every check was skipped or filtered out; see the reasons, and add to the target what they ask for"
	case unjudged > 0:
		r.Verdict, r.Reason = Incomplete, Count(unjudged, "check of a MUST", "checks of a MUST")+unjudgedMusts
		r.Remedy = "read the reasons of the inconclusive checks, mend their cause and run again"
	default:
		r.Verdict, r.Reason, r.Remedy = Conformant, "", ""
	}
}

// prune takes out of the causes what is broken no more, or waived.
func (r *Run) prune() {
	is := map[string]bool{}
	for _, c := range r.Checks {
		is[c.ID] = c.Broken()
	}
	var left []Cause
	for _, c := range r.Causes {
		broken := slices.DeleteFunc(append([]string{c.Check}, c.Also...), func(id string) bool { return !is[id] })
		if len(broken) > 0 {
			left = append(left, Cause{Check: broken[0], Also: append([]string(nil), broken[1:]...), Facts: c.Facts, Hint: c.Hint})
		}
	}
	r.Causes = left
}

// Count is a number with its noun.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Outcome is the verdict on the whole report: that of its worst run, and Incomplete when there is none or it was
// interrupted. A waiver that does not hold closes the gate as a broken promise does.
func (r *Report) Outcome() Outcome {
	switch {
	case len(r.WaiverProblems) > 0, slices.ContainsFunc(r.Runs, func(run Run) bool { return run.Verdict == Nonconformant }):
		return Nonconformant
	case len(r.Runs) == 0, !r.Complete, slices.ContainsFunc(r.Runs, func(run Run) bool { return run.Verdict != Conformant }):
		return Incomplete
	}
	return Conformant
}

// Exit codes of the command, as every report and gate relies on them.
const (
	ExitConformant    = 0
	ExitNonconformant = 1
	ExitUsage         = 2
	ExitIncomplete    = 3
)

// ExitCode is the code that the command ends with: 1 when the report is nonconformant (or, with failOn Should, has a
// warning), else 3 when it is incomplete, else 0.
func (r *Report) ExitCode(failOn Level) int {
	switch outcome := r.Outcome(); {
	case outcome == Nonconformant, failOn == Should && r.Totals().Warned > 0:
		return ExitNonconformant
	case outcome == Incomplete:
		return ExitIncomplete
	}
	return ExitConformant
}
