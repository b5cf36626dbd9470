package main

import (
	"fmt"
	"time"

	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// plan says what a run would do to each target.
func (s *screen) plan(planned []runner.Planned) {
	for i, p := range planned {
		if i > 0 {
			s.print("\n")
		}
		after := "each ended by the run"
		if p.System.End == nil {
			after = "which the server ends in its own time: the API has no logout"
		}
		t, plan := p.Target, p.Plan
		s.print("%s at %s\n", t.Profile, t.URL)
		s.print("  checks           %d to run, %d to skip, %d not selected\n", len(plan.Run), len(plan.Skipped), plan.Unselected)
		s.print("  wrong passwords  %d for the account %s (limits.badLogins %d)\n", plan.WrongPasswords, t.Account.Username, t.Limits.BadLogins)
		s.print("  logins           about %d, %s\n", logins(plan.Run), after)
		s.print("  longest wait     %s\n", longest(p))
		for _, d := range plan.Run {
			s.print("  run   %-6s %s\n", d.Level(), d.ID)
		}
		for _, d := range plan.Skipped {
			skip := plan.Skips[d.ID]
			s.print("  skip  %-6s %s: %s; %s\n", d.Level(), d.ID, skip.Reason, skip.Remedy)
		}
	}
}

// logins estimates the good logins of a run: every check makes a session or two, and a refusal has its controls.
func logins(run []check.Definition) int {
	n := 0
	for _, d := range run {
		n += 2
		if len(d.Spends) > 0 {
			n += 2
		}
	}
	return n
}

// longest is the longest time that a run waits for something to expire: as long as the longest lifetime that a check
// of it needs, with a few seconds for clocks that differ.
func longest(plan runner.Planned) string {
	var wait time.Duration
	for _, d := range plan.Plan.Run {
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
