package verdict

import (
	"fmt"
	"slices"

	"example.org/conform/harness/evidence"
)

// A Breach is a difference between an answer and its contract that was seen in a check about something else.
type Breach struct {
	Violation evidence.Violation `json:"violation"`
	Exchange  evidence.Exchange  `json:"exchange"`
	// Check is the ID of the check that saw it.
	Check string `json:"check" scrub:"own"`
}

// broken is what a check comes to whose promise was not kept.
var broken = map[Level]Status{Must: Failed, Should: Warned, Note: Noted}

// Fold counts what checks saw in passing against the checks of the requirements concerned: an answer that breaks the contract does so
// whichever check it was an answer to. A requirement whose checks did not run is not touched. It returns the breaches of requirements that none
// of the checks is of, or none that ran.
func Fold(checks []Check, breaches []Breach) (left []Breach) {
	times := map[string]int{}
	var firsts []Breach
	for _, b := range breaches {
		if times[b.Violation.Requirement]++; times[b.Violation.Requirement] == 1 {
			firsts = append(firsts, b)
		}
	}
	for _, first := range firsts {
		c, known := bearer(checks, first.Violation.Requirement, first.Exchange.Operation)
		if c == nil {
			if !known {
				left = append(left, first)
			}
			continue
		}
		c.Status = broken[c.Level]
		c.Expected = first.Violation.Place + ": " + first.Violation.Expected
		c.Actual = first.Violation.Actual
		if begins := first.Exchange.Begins(); first.Violation.Place == evidence.WholeBody && begins != "" {
			c.Actual += ": " + begins
		}
		c.Actual += ", in an answer to " + first.Exchange.Operation
		if first.Check != c.ID {
			seenBy := first.Check
			c.SeenBy = first.Check
			if n := times[first.Violation.Requirement]; n > 1 {
				seenBy = fmt.Sprintf("%s, the first of %d that saw it", seenBy, n)
			}
			c.Actual += fmt.Sprintf(" that another check got (%s)", seenBy)
			first.Exchange.Purpose = evidence.Passing
			c.Exchanges = append(c.Exchanges, first.Exchange)
		}
		c.Reason = fmt.Sprintf("expected %s; got %s", c.Expected, c.Actual)
	}
	return left
}

// Decisive is the last exchange of what the check is about; the zero value where there is none.
func (c Check) Decisive() (e evidence.Exchange) {
	for _, e := range slices.Backward(c.Exchanges) {
		if e.Purpose == evidence.Act || e.Purpose == evidence.Passing {
			return e
		}
	}
	return e
}

// bearer is the first check of a requirement that ran and has not already shown it broken, one about the operation before the others; nil when
// one has, which is known, or none ran.
func bearer(checks []Check, requirement, operation string) (found *Check, known bool) {
	asks := func(c *Check) bool { return c.Decisive().Operation == operation }
	for i := range checks {
		c := &checks[i]
		if c.Requirements[0] != requirement {
			continue
		}
		switch c.Status {
		case Failed, Warned:
			return nil, true
		case Passed, Noted, Inconclusive:
			if found == nil || !asks(found) && asks(c) {
				found = c
			}
		}
	}
	return found, false
}
