package main

import (
	"fmt"
	"io"
	"text/template"
	"time"

	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// writePlan says what a run would do to each target.
func writePlan(w io.Writer, planned []runner.Planned) error {
	return writeText(w, "plan.txt", planned, template.FuncMap{"logins": logins, "longest": longest})
}

// logins estimates the good logins of a run: every check makes a session or two, and a refusal has its controls.
func logins(run []check.Definition) int {
	n := 0
	for _, d := range run {
		n += 2
		if d.Spends != "" {
			n += 2
		}
	}
	return n
}

// longest is the longest time that a run waits for something to expire: as long as the longest lifetime that a check
// of it needs, with a few seconds for clocks that differ.
func longest(plan runner.Planned) string {
	var wait time.Duration
	for _, d := range plan.Run {
		for _, need := range d.AllNeeds() {
			switch need {
			case "expiry.session":
				wait = max(wait, plan.Target.Lifetimes.Session)
			case "expiry.token":
				wait = max(wait, plan.Target.Lifetimes.Token)
			}
		}
	}
	if wait == 0 {
		return "none"
	}
	return fmt.Sprintf("%s and a few seconds", wait)
}
