package reports

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"

	"example.org/conform/harness/verdict"
)

// Diff is what changed between two reports. Its lists are in the order of the new report; what is gone is in the
// order of the old one.
type Diff struct {
	OldSuite string      `json:"oldSuite"` // the suites' names and versions
	NewSuite string      `json:"newSuite"`
	Runs     []RunChange `json:"runs"` // those of either report, with their verdicts

	Regressions []Change `json:"regressions"` // checks that came to something worse that no waiver excuses
	Fixes       []Change `json:"fixes"`       // checks that were broken, excused or not to be judged, and are passed or noted now
	Skips       []Change `json:"skips"`       // checks that were skipped and ran, or ran and are skipped, short of a regression
	Others      []Change `json:"others"`      // checks whose status changed in another way: a failure that is waived now, or only a warning
	New         []Change `json:"new"`         // checks that the old report does not have
	Gone        []Change `json:"gone"`        // checks that the new report does not have
	Unchanged   int      `json:"unchanged"`   // the number of checks that came to the same
}

// RunChange is one profile at one target in both reports. The verdict is empty where a report does not have the run.
type RunChange struct {
	Profile string          `json:"profile"`
	Target  string          `json:"target"`
	Before  verdict.Outcome `json:"before,omitempty"`
	After   verdict.Outcome `json:"after,omitempty"`
}

// Change is one check in both reports. The status is empty where a report does not have the check.
type Change struct {
	ID       string         `json:"id"`
	OldID    string         `json:"oldId,omitempty"` // of a check that was matched by its requirement and had another ID
	Target   string         `json:"target"`
	Level    verdict.Level  `json:"level"`
	Title    string         `json:"title"`
	Before   verdict.Status `json:"before,omitempty"`
	After    verdict.Status `json:"after,omitempty"`
	Reason   string         `json:"reason,omitempty"` // in the new report, or in the old one for a check that is gone
	Expected string         `json:"expected,omitempty"`
	Actual   string         `json:"actual,omitempty"`
}

// Regressed says whether the new report is worse: a check got worse, or a run that was conformant is incomplete or
// nonconformant. A new check that fails is no regression by itself, since nothing is known of it before; where it
// makes a conformant run nonconformant, the run is.
func (d Diff) Regressed() bool {
	return len(d.Regressions) > 0 || slices.ContainsFunc(d.Runs, func(c RunChange) bool {
		return c.Before == verdict.Conformant && c.After != "" && c.After != verdict.Conformant
	})
}

// Comparable reports whether some run is in both reports. Without one, that nothing got worse would say nothing.
func (d Diff) Comparable() bool {
	return slices.ContainsFunc(d.Runs, func(c RunChange) bool { return c.Before != "" && c.After != "" })
}

// Compare matches the runs of two reports by profile and target, or by profile where the target moved, and their
// checks by ID. Between two versions of the suite a check whose ID the other report does not know is matched by its
// first requirement, so that a renamed check is not taken for a new one.
func Compare(old, new *verdict.Report) Diff {
	d := Diff{
		OldSuite: old.Suite, NewSuite: new.Suite, Runs: []RunChange{},
		Regressions: []Change{}, Fixes: []Change{}, Skips: []Change{}, Others: []Change{}, New: []Change{}, Gone: []Change{},
	}
	keys := []func(*verdict.Check) string{func(c *verdict.Check) string { return c.ID }}
	if old.Suite != new.Suite {
		keys = append(keys, func(c *verdict.Check) string { return path.Dir(c.ID) }) // an ID without its slug
	}
	for _, run := range pairs(old.Runs, new.Runs,
		func(r *verdict.Run) string { return r.Profile + " " + r.Target },
		func(r *verdict.Run) string { return r.Profile },
	) {
		before, after := cmp.Or(run.old, &verdict.Run{}), cmp.Or(run.new, &verdict.Run{})
		change := RunChange{
			Profile: cmp.Or(after.Profile, before.Profile), Target: cmp.Or(after.Target, before.Target),
			Before: before.Verdict, After: after.Verdict,
		}
		d.Runs = append(d.Runs, change)
		for _, check := range pairs(before.Checks, after.Checks, keys...) {
			d.sort(check.old, check.new, change.Target)
		}
	}
	return d
}

// pair is a run or a check in both reports; nil is the one that a report does not have.
type pair[T any] struct{ old, new *T }

// pairs matches old with new by the first key, and what is left by the next: each new one in its order with the first
// old one of the same key that no other has, then the old ones that are left.
func pairs[T any](old, new []T, keys ...func(*T) string) []pair[T] {
	all := make([]pair[T], len(new))
	used := make([]bool, len(old))
	for _, key := range keys {
		free := map[string][]int{}
		for i := range old {
			if !used[i] {
				free[key(&old[i])] = append(free[key(&old[i])], i)
			}
		}
		for i := range new {
			all[i].new = &new[i]
			if queue := free[key(&new[i])]; all[i].old == nil && len(queue) > 0 {
				all[i].old, used[queue[0]] = &old[queue[0]], true
				free[key(&new[i])] = queue[1:]
			}
		}
	}
	for i := range old {
		if !used[i] {
			all = append(all, pair[T]{old: &old[i]})
		}
	}
	return all
}

// rank orders the statuses by how much they say against the server. What is skipped says nothing.
var rank = map[verdict.Status]int{
	verdict.Skipped: 0, verdict.Passed: 0, verdict.Noted: 0, verdict.Waived: 1,
	verdict.Warned: 2, verdict.Inconclusive: 3, verdict.Failed: 4,
}

// sort puts one check into the list that its two statuses call for; either side may be missing.
func (d *Diff) sort(old, new *verdict.Check, target string) {
	before, after, of := cmp.Or(old, &verdict.Check{}), cmp.Or(new, &verdict.Check{}), cmp.Or(new, old)
	c := Change{
		ID: of.ID, Target: target, Level: of.Level, Title: of.Title, Before: before.Status, After: after.Status,
		Reason: of.Reason, Expected: of.Expected, Actual: of.Actual,
	}
	if before.ID != of.ID {
		c.OldID = before.ID
	}
	list := &d.Others
	switch {
	case old == nil:
		list = &d.New
	case new == nil:
		list = &d.Gone
	case c.Before == c.After:
		d.Unchanged++
		return
	case rank[c.After] >= rank[verdict.Warned] && rank[c.After] > rank[c.Before]:
		list = &d.Regressions
	case c.Before == verdict.Skipped, c.After == verdict.Skipped:
		list = &d.Skips
	case rank[c.Before] > 0 && (c.After == verdict.Passed || c.After == verdict.Noted):
		list = &d.Fixes
	}
	*list = append(*list, c)
}

// Text writes the difference for a terminal.
func (d Diff) Text(w io.Writer) error { return fill(w, "diff.txt", d) }

// Markdown writes the difference for a pull request, under 60 KB.
func (d Diff) Markdown(w io.Writer) error {
	view := struct {
		*sheet
		Diff
	}{&sheet{}, d}
	return view.write(w, "diff.md", view)
}

// JSON writes the difference with one member more: regressed.
func (d Diff) JSON(w io.Writer) error {
	return EncodeJSON(w, struct {
		Regressed bool `json:"regressed"`
		Diff
	}{d.Regressed(), d})
}

// diffSection is one list of a difference with its heading.
type diffSection struct {
	Title   string
	Changes []Change
}

func sections(d Diff) []diffSection {
	return []diffSection{
		{"Regressions", d.Regressions}, {"Fixes", d.Fixes}, {"Skipped before or now", d.Skips},
		{"Other changes", d.Others}, {"New", d.New}, {"Gone", d.Gone},
	}
}

// step is the way from one status or verdict to another; empty is that of a report that does not have it.
func step(from, to any) string {
	before, after := fmt.Sprint(from), fmt.Sprint(to)
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
func tells(c Change) bool { return c.After != "" && c.After != verdict.Passed }

// seen is what is news of a check.
func seen(c Change) string {
	if !tells(c) {
		return ""
	}
	return cmp.Or(c.Actual, c.Reason)
}
