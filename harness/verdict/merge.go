package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// Merge makes one report of several: their runs stand side by side, each with the verdict that it came to, so that the outcome is that of the
// worst. names are what the reports are called in an error. Two reports of one target by one profile are refused: which of them holds is
// nothing that a report knows, and to show both as one would hide what they differ in. Shards of one run become that run.
func Merge(names []string, all []*Report) (*Report, error) {
	merged := &Report{Schema: Schema, Complete: true, Runs: []Run{}}
	type judged struct{ profile, target string }
	by := map[judged]string{}
	shards, places := map[judged][]Run{}, map[judged]int{}
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
			if other, twice := by[of]; twice && !own[of] && (run.Shard == nil || shards[of] == nil) {
				return nil, fmt.Errorf("%s and %s both have a run of %s at %s; leave one out, or hold them against each other with conform diff",
					other, names[i], run.Profile, run.Target)
			}
			by[of], own[of] = names[i], true
			if run.Shard == nil {
				merged.Runs = append(merged.Runs, run)
				continue
			}
			if err := joins(shards[of], run); err != nil {
				return nil, fmt.Errorf("%s: its run of %s at %s %w", names[i], run.Profile, run.Target, err)
			}
			if shards[of] == nil { // it stands where the first of them does
				places[of] = len(merged.Runs)
				merged.Runs = append(merged.Runs, Run{})
			}
			shards[of] = append(shards[of], run)
		}
		for _, p := range r.WaiverProblems {
			if !slices.Contains(merged.WaiverProblems, p) {
				merged.WaiverProblems = append(merged.WaiverProblems, p)
			}
		}
	}
	for of, parts := range shards {
		merged.Runs[places[of]] = joined(parts)
	}
	merged.Suite = strings.Join(suites, " and ")
	return merged, nil
}

// joins finds that a run is a shard of the whole that others are shards of, and not one of them again.
func joins(others []Run, run Run) error {
	for _, other := range others {
		switch {
		case other.Shard.Index == run.Shard.Index && other.Shard.Of == run.Shard.Of:
			return fmt.Errorf("is %s, as another is that is to be merged; leave one out", run.Shard)
		case other.Shard.Of != run.Shard.Of, !slices.Equal(other.Shard.Order, run.Shard.Order), other.Filter != run.Filter,
			other.Catalogue != run.Catalogue, other.Contract != run.Contract:
			return fmt.Errorf("is %s, and not of the same whole as %s of another report; merge shards of one release, target file and label filter", run.Shard, other.Shard)
		}
	}
	for _, c := range run.Checks {
		if !slices.Contains(run.Shard.Order, c.ID) {
			return fmt.Errorf("has the check %s, which is not among those of the whole", c.ID)
		}
		for _, other := range others {
			if slices.ContainsFunc(other.Checks, func(known Check) bool { return known.ID == c.ID }) {
				return fmt.Errorf("has the check %s, as %s has", c.ID, other.Shard)
			}
		}
	}
	return nil
}
