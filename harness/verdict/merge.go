package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// Merge makes one report of several: their runs stand side by side, each with the verdict that it came to, so that the outcome is that of the
// worst. names are what the reports are called in an error. Two reports of one target by one profile are refused: which of them holds is
// nothing that a report knows, and to show both as one would hide what they differ in.
func Merge(names []string, all []*Report) (*Report, error) {
	merged := &Report{Schema: Schema, Complete: true, Runs: []Run{}}
	type judged struct{ profile, target string }
	by := map[judged]string{}
	var suites []string
	for i, r := range all {
		if i == 0 || r.Started.Before(merged.Started) {
			merged.Started = r.Started
		}
		if r.Finished.After(merged.Finished) {
			merged.Finished = r.Finished
		}
		merged.Complete = merged.Complete && r.Complete
		if !slices.Contains(suites, r.Suite) {
			suites = append(suites, r.Suite)
		}
		own := map[judged]bool{}
		for _, run := range r.Runs {
			of := judged{run.Profile, run.Target}
			if other, twice := by[of]; twice && !own[of] {
				return nil, fmt.Errorf("%s and %s both have a run of %s at %s; leave one out, or hold them against each other with conform diff",
					other, names[i], run.Profile, run.Target)
			}
			by[of], own[of] = names[i], true
			merged.Runs = append(merged.Runs, run)
		}
		for _, p := range r.WaiverProblems {
			if !slices.Contains(merged.WaiverProblems, p) {
				merged.WaiverProblems = append(merged.WaiverProblems, p)
			}
		}
	}
	merged.Suite = strings.Join(suites, " and ")
	return merged, nil
}
