package verdict

import "fmt"

// Count counts checks by status.
func Count(checks []Check) Totals {
	var t Totals
	for _, c := range checks {
		switch c.Status {
		case Passed:
			t.Passed++
		case Failed:
			t.Failed++
		case Warned:
			t.Warned++
		case Noted:
			t.Noted++
		case Skipped:
			t.Skipped++
		case Waived:
			t.Waived++
		case Inconclusive:
			t.Inconclusive++
		}
	}
	return t
}

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
	r.Totals = Count(r.Checks)
	unjudged := 0
	for _, c := range r.Checks {
		if c.Status == Inconclusive && c.Level == Must {
			unjudged++
		}
	}
	switch {
	case r.Totals.Failed > 0:
		reason := fmt.Sprintf("%s broken", count(r.Totals.Failed, "check of a MUST is", "checks of a MUST are"))
		if r.stop.early {
			reason += "; the run was also incomplete: " + r.stop.reason
		}
		r.Verdict, r.Reason, r.Remedy = Nonconformant, reason, ""
	case r.stop.early:
		r.Verdict, r.Reason, r.Remedy = Incomplete, r.stop.reason, r.stop.remedy
	case r.Totals.Executed() == 0:
		r.Verdict, r.Reason = Incomplete, "no check was executed"
		r.Remedy = "every check was skipped or filtered out; see the reasons, and add to the target what they ask for"
	case unjudged > 0:
		r.Verdict, r.Reason = Incomplete, count(unjudged, "check of a MUST", "checks of a MUST")+" could not be judged"
		r.Remedy = "read the reasons of the inconclusive checks, mend their cause and run again"
	default:
		r.Verdict, r.Reason, r.Remedy = Conformant, "", ""
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Exit codes of the command, as every report and gate relies on them.
const (
	ExitConformant    = 0
	ExitNonconformant = 1
	ExitUsage         = 2
	ExitIncomplete    = 3
)

// ExitCode is the code that the command ends with: 1 when any run is nonconformant (or, with failOn Should, has a
// warning) or a waiver no longer holds, else 3 when any is incomplete or there is none, else 0.
func (r *Report) ExitCode(failOn Level) int {
	code := ExitConformant
	if len(r.WaiverProblems) > 0 {
		return ExitNonconformant
	}
	if len(r.Runs) == 0 {
		return ExitIncomplete
	}
	for _, run := range r.Runs {
		switch {
		case run.Verdict == Nonconformant, failOn == Should && run.Totals.Warned > 0:
			return ExitNonconformant
		case run.Verdict == Incomplete:
			code = ExitIncomplete
		}
	}
	return code
}
