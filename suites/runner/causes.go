package runner

import (
	"cmp"
	"net/http"
	"slices"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// awaited is by how many exchanges a question counts as longer that waits for time to pass, or tries much at once.
const awaited = 8

// A suspect is a broken check with what tells whether it shows the cause. One fault makes checks of many promises fail: whatever asks
// more than the simplest question that it breaks asks that too.
type suspect struct {
	should     bool // no MUST, or seen by a check that is broken and of no MUST
	passing    bool // seen by another check, which has not passed either
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
func (j *judged) inOrder(checks []verdict.Check) []verdict.Cause {
	def := func(c verdict.Check) check.Definition {
		if t := j.task(check.Definition{ID: c.ID}); t != nil {
			return t.def
		}
		return check.Definition{}
	}
	inOrder(checks, def, func(operation string) string {
		if op, err := j.env.Client.Document().Operation(operation); err == nil {
			return op.SuccessRequirement()
		}
		return ""
	})
	return causesOf(checks, func(c verdict.Check) bool { return def(c).Sweeps })
}

// inOrder takes how a check is declared, and the promise that an operation succeeds.
func inOrder(checks []verdict.Check, def func(verdict.Check) check.Definition, succeeds func(operation string) string) {
	success := func(c verdict.Check) string { return succeeds(decisive(c).Operation) }
	found := scene{ran: map[string]int{}, own: map[string]int{}, broken: map[string]bool{}, sometimes: map[string]bool{}, passed: map[string]bool{}, should: map[string]bool{}}
	for _, c := range checks {
		found.enter(c, success(c))
	}
	suspects := map[string]suspect{}
	for _, c := range checks {
		if broke(c) {
			suspects[c.ID] = found.suspect(c, def(c), success(c))
		}
	}
	slices.SortStableFunc(checks, func(a, b verdict.Check) int {
		if !broke(a) || !broke(b) {
			return last(!broke(a), !broke(b))
		}
		first, second := suspects[a.ID], suspects[b.ID]
		return cmp.Or(
			last(first.should, second.should),
			last(first.passing, second.passing),
			last(first.elsewhere, second.elsewhere),
			last(!first.documented, !second.documented),
			last(first.misshapen, second.misshapen),
			first.length-second.length,
			cmp.Compare(second.share, first.share),
		)
	})
}

// A scene is what the checks of a run came to: by promise how many ran, how many broke by their own question, and whether it is broken at
// all, and broken now and then; and by the ID of a check whether it passed, and where it broke whether its promise is no MUST.
type scene struct {
	ran, own          map[string]int
	broken, sometimes map[string]bool
	passed, should    map[string]bool
}

func (s scene) enter(c verdict.Check, success string) {
	promise := c.Requirements[0]
	if c.Status != verdict.Skipped && c.Status != verdict.Noted {
		s.ran[promise]++
	}
	s.passed[c.ID] = c.Status == verdict.Passed
	if !broke(c) {
		return
	}
	s.broken[promise], s.should[c.ID] = true, c.Status == verdict.Warned
	if c.SeenBy == "" {
		s.own[promise]++
	}
	if c.NowAndThen() {
		s.sometimes[success] = true
	}
}

func (s scene) suspect(c verdict.Check, d check.Definition, success string) suspect {
	promise := c.Requirements[0]
	sporadic := s.sometimes[success] && s.broken[success]
	own := suspect{
		should:     s.should[c.ID] || s.should[c.SeenBy],
		passing:    c.SeenBy != "" && !s.passed[c.SeenBy] && !(sporadic && promise == success),
		elsewhere:  sporadic && promise != success,
		documented: c.SeenBy == "" && d.Documented,
		misshapen: slices.ContainsFunc(decisive(c).Violations, func(v evidence.Violation) bool {
			return v.Requirement != promise && s.broken[v.Requirement]
		}),
		share: float64(s.own[promise]) / float64(s.ran[promise]),
	}
	if d.Waits {
		own.length = awaited
	}
	if a := decisive(c).Response; d.Sweeps && a != nil && a.Status >= http.StatusInternalServerError {
		own.length += awaited // what fails at a plain question fails at odd ones too
	}
	for _, e := range c.Exchanges {
		if e.Purpose != evidence.CleanUp {
			own.length++
		}
	}
	return own
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
// it saw in passing. The checks of each are put together, and one that asks a plain question before one that tries much at once.
func causesOf(checks []verdict.Check, sweeps func(verdict.Check) bool) (all []verdict.Cause) {
	var groups [][]verdict.Check
	of := map[string]int{} // requirements and IDs of checks
	n := 0
	for _, c := range checks {
		if !broke(c) {
			continue
		}
		n++
		i, known := of[c.Requirements[0]]
		if by, seen := of[c.SeenBy]; !known && seen && c.SeenBy != "" {
			i, known = by, true
		}
		if !known {
			i, groups = len(groups), append(groups, nil)
			of[c.Requirements[0]] = i
		}
		groups[i], of[c.ID] = append(groups[i], c), i
	}
	var together []verdict.Check
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b verdict.Check) int {
			return cmp.Or(last(a.Requirements[0] != group[0].Requirements[0], b.Requirements[0] != group[0].Requirements[0]), last(sweeps(a), sweeps(b)))
		})
		cause := verdict.Cause{Check: group[0].ID}
		for _, c := range group[1:] {
			cause.Also = append(cause.Also, c.ID)
		}
		together, all = append(together, group...), append(all, cause)
	}
	copy(checks[:n], together)
	return all
}
