package waiver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/verdict"
)

// Apply marks what the waivers excuse as waived, with the waiver's reason, adds what is wrong with the waivers
// themselves to the report, and judges the runs again. Only a failure and a warning can be excused: a check that could
// not be judged shows nothing that anybody could have decided to live with.
func Apply(r *verdict.Report, waivers []Waiver, now time.Time) {
	excused := map[*verdict.Check]string{}
	for _, w := range waivers {
		problem := w.problem(r, now, excused)
		if problem == "" {
			continue
		}
		r.WaiverProblems = append(r.WaiverProblems, verdict.WaiverProblem{Place: base(w.place), Waiver: w.String(), Problem: problem})
	}
	for c, reason := range excused {
		c.Status, c.Waiver = verdict.Waived, reason
	}
	for i := range r.Runs {
		r.Runs[i].Judge()
	}
}

// problem enters what the waiver excuses, and says what is wrong with the waiver, if anything is. No check has been
// marked yet: a waiver is not useless because another one has excused the same check.
func (w Waiver) problem(r *verdict.Report, now time.Time, excused map[*verdict.Check]string) string {
	if w.expired(now) {
		return fmt.Sprintf("expired on %s: take it out, or decide anew", w.Expires.Format(time.DateOnly))
	}
	var runs int
	var matched []*verdict.Check
	for i := range r.Runs {
		if run := &r.Runs[i]; w.covers(run) {
			runs++
			for j := range run.Checks {
				if c := &run.Checks[j]; c.ID == w.Check || w.Check == "" && slices.Contains(c.Requirements, w.Requirement) {
					matched = append(matched, c)
				}
			}
		}
	}
	if runs == 0 {
		return "matches nothing: " + w.where() + "; take it out, or correct it"
	}
	used, kept := false, len(matched) > 0
	for _, c := range matched {
		switch c.Status {
		case verdict.Failed, verdict.Warned:
			if used = true; excused[c] == "" {
				excused[c] = w.Reason
			}
		case verdict.Passed, verdict.Noted:
		default:
			kept = false // skipped, or not judged: nobody knows whether it would pass
		}
	}
	switch {
	case used || !kept:
		return ""
	case len(matched) == 1:
		return "excuses nothing: the check passes; take it out"
	default:
		return fmt.Sprintf("excuses nothing: all %d checks pass; take it out", len(matched))
	}
}

// where says which run the waiver was looking for.
func (w Waiver) where() string {
	text := "no run of " + cmp.Or(profileOf(w.Check), w.Profile, "a profile with this requirement")
	if w.Target != "" {
		text += " is against a target that it matches"
	}
	return text
}

// base takes the folder from a place: a report does not tell where it was made.
func base(place string) string { return place[strings.LastIndexAny(place, `/\`)+1:] }
