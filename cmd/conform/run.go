package main

import (
	"fmt"
	"io"
	"text/template"
	"time"

	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
	"example.org/conform/suites/walk"
)

func newRun() *cobra.Command {
	var j judging
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Judge a target, or without one the embedded reference servers of every profile",
		Example: `  conform run
  CONFORM_USERNAME=svc@example.com CONFORM_PASSWORD=… conform run --target https://host/restApi
  conform run --target-file target.yaml --label-filter 'renewal && MUST'
  conform run --target-file target.yaml --waivers waivers.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := j.vet(); err != nil {
				return err
			}
			j.embedded = j.target == "" && len(j.targetFiles) == 0
			profiles := []string{j.profile}
			if j.embedded && j.profile == "" {
				profiles = reference.Profiles() // reads every catalogue of faults
			}
			j.forget()
			targets, stop, err := j.targets(profiles...)
			if err != nil {
				return err
			}
			defer stop()
			if !j.embedded {
				doubt(cmd.ErrOrStderr(), targets)
			}
			return j.do(cmd, targets, (*display).summary)
		},
	}
	j.addTo(cmd, "profile to judge by (default "+defaultProfile+" with --target, else all)")
	return cmd
}

// doubt points out what looks like a slip in a description, before a login is spent on it.
func doubt(w io.Writer, targets []*target.Target) {
	for _, t := range targets {
		for _, line := range t.Doubts() {
			fmt.Fprintf(w, "conform: %s: %s\n", t.URL, line)
		}
	}
}

// writePlan says what a run would do to each target.
func writePlan(w io.Writer, planned []runner.Planned, o runner.Options) error {
	return writeText(w, "plan.txt", planned, template.FuncMap{
		"logins": logins, "longest": longest, "takes": func(p runner.Planned) time.Duration { return p.Takes(farAway, o.Procs).Round(time.Second) },
		"limit": func() time.Duration { return o.Limit(planned).Round(time.Second) },
		"walks": func() string { return walk.Plan(o.Seed, o.Explore, o.NoWalks) },
	})
}

// farAway is how long a request takes to a server that is neither near nor slow.
const farAway = 100 * time.Millisecond

// logins estimates the good logins of a run: every check makes a session or two, and a refusal has its controls.
func logins(run []check.Definition) int {
	n := 2 * len(run)
	for _, d := range run {
		if d.Spends != "" {
			n += 2
		}
	}
	return n
}

// longest is the longest time that a run waits for something to expire, with a few seconds for clocks that differ.
func longest(plan runner.Planned) string {
	if plan.Longest() == 0 {
		return "none"
	}
	return fmt.Sprintf("%s and a few seconds", plan.Longest())
}
