package main

import (
	"fmt"
	"io"
	"time"

	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// printPlan says what a run would do to each target.
func printPlan(w io.Writer, planned []runner.Planned) {
	p := printer{w: w}
	for i, plan := range planned {
		if i > 0 {
			p.line("")
		}
		t := plan.Target
		p.line("%s at %s", t.Profile, t.URL)
		p.line("  checks           %d to run, %d to skip, %d not selected", len(plan.Plan.Run), len(plan.Plan.Skipped), plan.Plan.Unselected)
		p.line("  wrong passwords  %d for the account %s (limits.badLogins %d)", plan.Plan.WrongPasswords, t.Account.Username, t.Limits.BadLogins)
		p.line("  logins           about %d, %s", logins(plan.Plan.Run), after(plan.System))
		p.line("  longest wait     %s", longest(plan))
		for _, d := range plan.Plan.Run {
			p.line("  run   %-6s %s", d.Level(), d.ID)
		}
		for _, d := range plan.Plan.Skipped {
			skip := plan.Plan.Skips[d.ID]
			p.line("  skip  %-6s %s: %s; %s", d.Level(), d.ID, skip.Reason, skip.Remedy)
		}
	}
}

// after says what becomes of what a login makes.
func after(s check.System) string {
	if s.End == nil {
		return "which the server ends in its own time: the API has no logout"
	}
	return "each ended by the run"
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

// printer writes lines and stops at the first error, which a terminal that has gone does not need to hear of.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
