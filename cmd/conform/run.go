package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"text/template"
	"time"

	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
	"example.org/conform/suites/walk"
)

func newRun() *cobra.Command {
	var j judging
	cmd := &cobra.Command{
		Use:   "run [TARGET-FILE…]",
		Short: "Judge a target, or without one the embedded reference servers of every profile",
		Long: `run judges targets, prints what they came to and writes the reports. Its arguments are target files.

With --again REPORT it judges those checks alone that an earlier report of the same targets does not show passed: what failed, warned or
could not be judged there, what was waived, and what did not run. The verdict is of these, and says so; that of the whole takes a run
without --again. Where nothing is left to judge, the verdict of the report stands, with its exit code.

With --shard I/N it judges one of N parts of the checks of all targets, and says so in its verdict. Each check is in one part, and what
shares a budget, as the wrong passwords of an account, is in one part as well. conform merge of the N reports gives what the whole gives.`,
		Example: `  conform run
  CONFORM_USERNAME=svc@example.com CONFORM_PASSWORD=… conform run --target https://host/restApi
  conform run target.yaml
  conform run target.yaml --label-filter 'renewal && MUST'
  conform run target.yaml --waivers waivers.yaml
  conform run target.yaml --again reports/run/report.json
  conform run target.yaml --shard 2/5 --out reports/2`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cmp.Or(j.take(args), j.vet()); err != nil {
				return err
			}
			j.embedded = j.target == "" && len(j.targetFiles) == 0 && j.brought == nil
			profiles := []string{j.profile}
			if j.embedded && j.profile == "" {
				profiles = reference.Profiles() // reads every catalogue of faults
			}
			if j.again != "" && j.embedded {
				return errors.New("--again: the servers that are built in are new in every run; name the target that the report is of")
			}
			if j.again == "" { // else what it is to be held against may be there
				j.forget()
			}
			targets, stop, err := j.targets(profiles...)
			if err != nil {
				return err
			}
			defer stop()
			if !j.embedded {
				doubt(cmd.ErrOrStderr(), targets)
			}
			if j.again != "" {
				defs, err := j.checks()
				if err != nil {
					return err
				}
				if j.before, err = readEarlier(j.again, targets, defs); err != nil {
					return fmt.Errorf("--again: %w", err)
				}
			}
			return j.do(cmd, targets, (*display).summary)
		},
	}
	j.addTo(cmd, "profile to judge by (default "+defaultProfile+" with --target, else all)")
	cmd.Flags().StringVar(&j.again, "again", "", "judge again what was not passed in this report.json of an earlier run")
	cmd.Flags().StringVar(&j.baseline, "baseline", "", baselineUsage)
	cmd.Flags().StringVar(&j.shard, "shard", "", "do one part of several, such as 2/5 for the second of five; conform merge makes one report of theirs")
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
func writePlan(w io.Writer, planned []runner.Planned, o runner.Options, sends []string) error {
	return writeText(w, "plan.txt", planned, template.FuncMap{
		"count": verdict.Count, "logins": logins, "longest": longest, "takes": func(p runner.Planned) time.Duration { return p.Takes(farAway, o.Procs).Round(time.Second) },
		"sends": func() []string { return sends },
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
