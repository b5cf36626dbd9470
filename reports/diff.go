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
	Lost        []Change `json:"lost"`        // checks that were judged and are no more: see lost
	Fixes       []Change `json:"fixes"`       // checks that were broken, excused or not to be judged, and are passed or noted now
	Skips       []Change `json:"skips"`       // checks that were skipped and ran, or ran and are skipped, short of a regression
	Others      []Change `json:"others"`      // checks whose status changed in another way: a failure that is waived now, or only a warning
	New         []Change `json:"new"`         // checks that the old report does not have
	Gone        []Change `json:"gone"`        // checks that the new report does not have, short of those that are lost
	Unchanged   int      `json:"unchanged"`   // the number of checks that came to the same
}

// RunChange is one profile at one target in both reports. The verdict is empty where a report does not have the run.
type RunChange struct {
	Profile string          `json:"profile"`
	Target  string          `json:"target"`
	Before  verdict.Outcome `json:"before,omitempty"`
	After   verdict.Outcome `json:"after,omitempty"`
	// Gone is the number of its checks where the new report does not have the run. They stand in no list: the run says it all.
	Gone int `json:"gone,omitempty"`

	judged bool // something was, in the new report
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

// Regressed says whether the new report is worse: a check got worse, or a run that was conformant is nonconformant, or
// incomplete for more than lost coverage. A new check that fails is no regression by itself, since nothing is known of it
// before; where it makes a conformant run nonconformant, the run is.
func (d Diff) Regressed() bool {
	return len(d.Regressions) > 0 || slices.ContainsFunc(d.Runs, RunChange.regressed)
}

func (c RunChange) regressed() bool {
	return c.Before == verdict.Conformant && (c.After == verdict.Nonconformant || c.After == verdict.Incomplete && !c.judged)
}

// LostCoverage says whether less is judged than before: that nothing got worse then says less than it seems to.
func (d Diff) LostCoverage() bool {
	return len(d.Lost) > 0 || slices.ContainsFunc(d.Runs, func(c RunChange) bool {
		return c.Gone > 0 || c.Before == verdict.Conformant && c.After == verdict.Incomplete
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
		Regressions: []Change{}, Lost: []Change{}, Fixes: []Change{}, Skips: []Change{}, Others: []Change{}, New: []Change{}, Gone: []Change{},
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
			judged: after.Totals.Executed() > after.Totals.Inconclusive,
		}
		if run.new == nil {
			change.Gone = len(before.Checks)
		}
		d.Runs = append(d.Runs, change)
		if run.new == nil {
			continue
		}
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
	case lost(c):
		list = &d.Lost
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

// lost says whether a check was judged before and is no more: it ran and could not be judged, or, where a MUST is at stake, was
// skipped or is gone. What was broken and is not looked at any more is lost as well.
func lost(c Change) bool {
	switch c.Before {
	case verdict.Passed, verdict.Noted, verdict.Waived, verdict.Warned, verdict.Failed:
	default:
		return false
	}
	switch c.After {
	case verdict.Inconclusive:
		return true
	case verdict.Skipped, "":
		return c.Level == verdict.Must
	}
	return false
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

// JSON writes the difference with two members more: regressed, and lostCoverage.
func (d Diff) JSON(w io.Writer) error {
	return EncodeJSON(w, struct {
		Regressed    bool `json:"regressed"`
		LostCoverage bool `json:"lostCoverage"`
		Diff
	}{d.Regressed(), d.LostCoverage(), d})
}

// diffSection is one list of a difference with its heading.
type diffSection struct {
	Title   string
	Changes []Change
	// Names has the status of each check alone: the heading says that it is new, or gone.
	Names bool
}

func sections(d Diff) []diffSection {
	return []diffSection{
		{"Regressions", d.Regressions, false}, {"Lost coverage", d.Lost, false}, {"Fixes", d.Fixes, false},
		{"Skipped before or now", d.Skips, false}, {"Other changes", d.Others, false}, {"New", d.New, true}, {"Gone", d.Gone, true},
	}
}

// Step is what became of a check, in the words that its list leaves to be said.
func (s diffSection) Step(c Change) string {
	if s.Names {
		return string(cmp.Or(c.After, c.Before))
	}
	return step(c.Before, c.After)
}

// Groups are the checks of which the same is to be told, one after the other: it is told once.
func (s diffSection) Groups() [][]Change {
	var all [][]Change
	for _, c := range s.Changes {
		if n := len(all) - 1; n >= 0 && tells(c) && news(all[n][0]) == news(c) {
			all[n] = append(all[n], c)
		} else {
			all = append(all, []Change{c})
		}
	}
	return all
}

// told are the words of a check that are news, each once.
type told struct{ Expected, Actual, Reason string }

// news is what is to be told of a check: a reason that is made of what was expected and what was seen tells nothing more.
func news(c Change) told {
	if !tells(c) {
		return told{}
	}
	t := told{c.Expected, c.Actual, c.Reason}
	if both := (&verdict.Check{Reason: c.Reason, Expected: c.Expected, Actual: c.Actual}); saidTwice(both) {
		t.Reason = ""
	}
	return t
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
