package runner

import (
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/signature"
)

// likeness tells, of the first cause, which known story what the run shows fits: a hint for whoever looks for the reason, in words.
func (j *judged) likeness(run *verdict.Run) {
	known, err := signature.Known()
	if err != nil || len(run.Causes) == 0 {
		return // a test reads them
	}
	marks := signature.Marks(run.Checks, func(c verdict.Check) bool { return j.defined(c).Sweeps })
	best, exact, ok := known.Best(marks)
	if !ok {
		return
	}
	alike := "much the same"
	if exact {
		alike = "just these"
	}
	run.Causes[0].Hint = "known of servers that fail " + alike + " checks: " + best.Story
}
