package runner

import (
	"cmp"
	"slices"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// awaited is by how many exchanges a question that waits for time to pass counts as longer.
const awaited = 8

// A suspect is a broken check with what tells whether it shows the cause. One fault makes checks of many promises fail: whatever asks
// more than the simplest question that it breaks asks that too.
type suspect struct {
	passing    bool // seen by another check
	elsewhere  bool // of an operation that breaks now and then, and not of its success
	misshapen  bool // the answer that decides breaks the contract in a way that another check is about
	documented bool
	// length is that of the story, in exchanges: the shortest shows the cause, and the longer ones what follows from it.
	length int
	// share is how many of the promise's checks broke, of those that ran: of a promise that is none of the cause's some one check comes
	// across it, and the rest pass.
	share float64
}

// inOrder puts the checks of a run that are broken before the others, and of them first what is likeliest the cause.
func (j *judged) inOrder(checks []verdict.Check) {
	inOrder(checks, func(c verdict.Check) check.Definition {
		if t := j.task(check.Definition{ID: c.ID}); t != nil {
			return t.def
		}
		return check.Definition{}
	}, func(operation string) string {
		if op, err := j.env.Client.Document().Operation(operation); err == nil {
			return op.SuccessRequirement()
		}
		return ""
	})
}

// inOrder takes how a check is declared, and the promise that an operation succeeds.
func inOrder(checks []verdict.Check, def func(verdict.Check) check.Definition, succeeds func(operation string) string) {
	success := func(c verdict.Check) string { return succeeds(decisive(c).Operation) }
	suspects := map[string]suspect{}
	ran, own, broken, sometimes := map[string]int{}, map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, c := range checks {
		if c.Status != verdict.Skipped && c.Status != verdict.Noted {
			ran[c.Requirements[0]]++
		}
		if broke(c) {
			broken[c.Requirements[0]] = true
		}
		if broke(c) && c.SeenBy == "" {
			own[c.Requirements[0]]++
		}
		if broke(c) && c.NowAndThen() {
			sometimes[success(c)] = true
		}
	}
	for _, c := range checks {
		if !broke(c) {
			continue
		}
		s := suspect{passing: c.SeenBy != "", share: float64(own[c.Requirements[0]]) / float64(ran[c.Requirements[0]])}
		d := def(c)
		s.documented = d.Documented && !s.passing
		if d.Waits {
			s.length = awaited
		}
		s.elsewhere = sometimes[success(c)] && broken[success(c)] && c.Requirements[0] != success(c)
		s.passing = s.passing && !(sometimes[c.Requirements[0]] && c.Requirements[0] == success(c))
		s.misshapen = slices.ContainsFunc(decisive(c).Violations, func(v evidence.Violation) bool {
			return v.Requirement != c.Requirements[0] && own[v.Requirement] > 0
		})
		for _, e := range c.Exchanges {
			if e.Purpose != evidence.CleanUp {
				s.length++
			}
		}
		suspects[c.ID] = s
	}
	level := map[verdict.Status]int{verdict.Failed: 0, verdict.Warned: 1}
	slices.SortStableFunc(checks, func(a, b verdict.Check) int {
		if !broke(a) || !broke(b) {
			return last(!broke(a), !broke(b))
		}
		first, second := suspects[a.ID], suspects[b.ID]
		return cmp.Or(
			level[a.Status]-level[b.Status],
			last(first.passing, second.passing),
			last(first.elsewhere, second.elsewhere),
			last(!first.documented, !second.documented),
			last(first.misshapen, second.misshapen),
			first.length-second.length,
			cmp.Compare(second.share, first.share),
		)
	})
}

// broke reports whether a check showed that a promise is broken.
func broke(c verdict.Check) bool { return c.Status == verdict.Failed || c.Status == verdict.Warned }

// decisive is the last exchange of what a check is about.
func decisive(c verdict.Check) (e evidence.Exchange) {
	for _, e := range slices.Backward(c.Exchanges) {
		if e.Purpose == evidence.Act || e.Purpose == evidence.Passing {
			return e
		}
	}
	return e
}

// last is the order of two of which the one for which something holds comes last.
func last(first, second bool) int {
	switch {
	case first == second:
		return 0
	case first:
		return 1
	}
	return -1
}

// causesOf are the broken promises of checks in order, each with what broke with it: other checks of the same promise, and what a check of
// it saw in passing.
func causesOf(checks []verdict.Check) (all []verdict.Cause) {
	of := map[string]int{} // requirements and IDs of checks
	for _, c := range checks {
		if !broke(c) {
			continue
		}
		i, known := of[c.Requirements[0]]
		if by, seen := of[c.SeenBy]; !known && seen && c.SeenBy != "" {
			i, known = by, true
		}
		if known {
			all[i].Also = append(all[i].Also, c.ID)
		} else {
			i, all = len(all), append(all, verdict.Cause{Check: c.ID})
			of[c.Requirements[0]] = i
		}
		of[c.ID] = i
	}
	return all
}
