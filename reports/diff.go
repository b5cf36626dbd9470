package reports

import (
	"slices"

	"example.org/conform/harness/verdict"
)

// Diff is what changed between two reports. Its lists are in the order of the new report; what is gone is in the
// order of the old one.
type Diff struct {
	// OldSuite and NewSuite are the suites' names and versions.
	OldSuite string `json:"oldSuite"`
	NewSuite string `json:"newSuite"`
	// Runs are the runs of either report, with their verdicts.
	Runs []RunChange `json:"runs"`
	// Regressions are checks that came to something worse that no waiver excuses.
	Regressions []Change `json:"regressions"`
	// Fixes are checks that were broken, excused or not to be judged, and are passed or noted now.
	Fixes []Change `json:"fixes"`
	// Skips are checks that were skipped and ran, or ran and are skipped, short of a regression.
	Skips []Change `json:"skips"`
	// Others are checks whose status changed in another way: a failure that is waived now, or only a warning.
	Others []Change `json:"others"`
	// New are checks that the old report does not have, Gone those that the new one does not have.
	New  []Change `json:"new"`
	Gone []Change `json:"gone"`
	// Unchanged counts the checks that came to the same.
	Unchanged int `json:"unchanged"`
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
	ID string `json:"id"`
	// OldID is set when the check was matched by its requirement and had another ID in the old report.
	OldID  string         `json:"oldId,omitempty"`
	Target string         `json:"target"`
	Level  verdict.Level  `json:"level"`
	Title  string         `json:"title"`
	Before verdict.Status `json:"before,omitempty"`
	After  verdict.Status `json:"after,omitempty"`
	// Reason is that of the new report, or of the old one for a check that is gone.
	Reason   string `json:"reason,omitempty"`
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
}

// Regressed says whether the new report is worse: a check got worse, or a run that was conformant is incomplete or
// nonconformant. A new check that fails is no regression by itself, since nothing is known of it before; where it
// makes a conformant run nonconformant, the run is.
func (d Diff) Regressed() bool {
	return len(d.Regressions) > 0 || slices.ContainsFunc(d.Runs, RunChange.regressed)
}

// Comparable reports whether some run is in both reports. Without one, that nothing got worse would say nothing.
func (d Diff) Comparable() bool {
	return slices.ContainsFunc(d.Runs, func(c RunChange) bool { return c.Before != "" && c.After != "" })
}

func (c RunChange) regressed() bool {
	return c.Before == verdict.Conformant && c.After != "" && c.After != verdict.Conformant
}

// Compare matches the runs of two reports by profile and target, or by profile where the target moved, and their
// checks by ID. Between two versions of the suite a check whose ID the other report does not know is matched by its
// first requirement, so that a renamed check is not taken for a new one.
func Compare(old, new *verdict.Report) Diff {
	d := Diff{
		OldSuite: old.Suite, NewSuite: new.Suite, Runs: []RunChange{},
		Regressions: []Change{}, Fixes: []Change{}, Skips: []Change{}, Others: []Change{}, New: []Change{}, Gone: []Change{},
	}
	before := pairs(old, new)
	used := map[int]bool{}
	for i := range new.Runs {
		run := &new.Runs[i]
		change := RunChange{Profile: run.Profile, Target: run.Target, After: run.Verdict}
		was := &verdict.Run{}
		if j, ok := before[i]; ok {
			used[j] = true
			was = &old.Runs[j]
			change.Before = was.Verdict
		}
		d.Runs = append(d.Runs, change)
		d.compare(was, run, old.Suite != new.Suite)
	}
	for j := range old.Runs {
		if run := &old.Runs[j]; !used[j] {
			d.Runs = append(d.Runs, RunChange{Profile: run.Profile, Target: run.Target, Before: run.Verdict})
			d.compare(run, &verdict.Run{}, false)
		}
	}
	return d
}

// pairs gives the old run for each new one: first the same profile and target, then the same profile.
func pairs(old, new *verdict.Report) map[int]int {
	matched := map[int]int{}
	used := map[int]bool{}
	for _, same := range []func(a, b verdict.Run) bool{
		func(a, b verdict.Run) bool { return a.Profile == b.Profile && a.Target == b.Target },
		func(a, b verdict.Run) bool { return a.Profile == b.Profile },
	} {
		for i := range new.Runs {
			if _, done := matched[i]; done {
				continue
			}
			for j := range old.Runs {
				if !used[j] && same(new.Runs[i], old.Runs[j]) {
					matched[i], used[j] = j, true
					break
				}
			}
		}
	}
	return matched
}

func (d *Diff) compare(old, new *verdict.Run, renamed bool) {
	// Queues, since nothing keeps a report that was merged by hand from holding an ID twice.
	was := map[string][]*verdict.Check{}
	for i := range old.Checks {
		c := &old.Checks[i]
		was[c.ID] = append(was[c.ID], c)
	}
	is := map[string]bool{}
	for _, c := range new.Checks {
		is[c.ID] = true
	}
	// The old checks that the new report does not know, by requirement and in their order.
	unknown := map[string][]*verdict.Check{}
	if renamed {
		for i := range old.Checks {
			if c := &old.Checks[i]; !is[c.ID] {
				unknown[requirement(c)] = append(unknown[requirement(c)], c)
			}
		}
	}
	matched := map[*verdict.Check]bool{}
	for i := range new.Checks {
		c := &new.Checks[i]
		before := take(was, c.ID)
		if before == nil {
			before = take(unknown, requirement(c))
		}
		matched[before] = true
		d.sort(before, c, new.Target)
	}
	for i := range old.Checks {
		if c := &old.Checks[i]; !matched[c] {
			d.sort(c, nil, old.Target)
		}
	}
}

// take removes the first check of a queue and gives it, or nil.
func take(queues map[string][]*verdict.Check, name string) *verdict.Check {
	queue := queues[name]
	if len(queue) == 0 {
		return nil
	}
	queues[name] = queue[1:]
	return queue[0]
}

func requirement(c *verdict.Check) string {
	if len(c.Requirements) == 0 {
		return c.ID
	}
	return c.Requirements[0]
}

// rank orders the statuses by how much they say against the server. What is skipped says nothing.
var rank = map[verdict.Status]int{
	verdict.Skipped: 0, verdict.Passed: 0, verdict.Noted: 0, verdict.Waived: 1,
	verdict.Warned: 2, verdict.Inconclusive: 3, verdict.Failed: 4,
}

// sort puts one check into the list that its two statuses call for; either side may be missing.
func (d *Diff) sort(old, new *verdict.Check, target string) {
	switch {
	case old == nil:
		d.New = append(d.New, changeOf(new, target))
		return
	case new == nil:
		c := changeOf(old, target)
		c.Before, c.After = old.Status, ""
		d.Gone = append(d.Gone, c)
		return
	case old.Status == new.Status:
		d.Unchanged++
		return
	}
	c := changeOf(new, target)
	c.Before = old.Status
	if old.ID != new.ID {
		c.OldID = old.ID
	}
	good := new.Status == verdict.Passed || new.Status == verdict.Noted
	switch {
	case rank[new.Status] >= rank[verdict.Warned] && rank[new.Status] > rank[old.Status]:
		d.Regressions = append(d.Regressions, c)
	case old.Status == verdict.Skipped, new.Status == verdict.Skipped:
		d.Skips = append(d.Skips, c)
	case good && rank[old.Status] > 0:
		d.Fixes = append(d.Fixes, c)
	default:
		d.Others = append(d.Others, c)
	}
}

func changeOf(c *verdict.Check, target string) Change {
	return Change{
		ID: c.ID, Target: target, Level: c.Level, Title: c.Title, After: c.Status,
		Reason: c.Reason, Expected: c.Expected, Actual: c.Actual,
	}
}
