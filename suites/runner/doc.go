// Package runner judges targets: it plans, reaches each target once, has Ginkgo's own parallel runner work through the
// checks in processes of the same executable, ends what was left behind, and makes the report.
//
// There are three roles in a run. The command holds the state and the reference servers. Its child is Ginkgo's
// runner, in a process group of its own so that an interrupt reaches it once. The child starts the workers: the same
// executable under a name that ends in .test, which is how Ginkgo knows a suite that is compiled already.
package runner

import (
	"errors"
	"fmt"
	"slices"

	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
)

// Options say what to judge and how.
type Options struct {
	Targets []*target.Target
	// Systems are those that the caller knows; each target's profile belongs to one of them.
	Systems []check.System
	// LabelFilter selects checks, in Ginkgo's syntax; empty selects all.
	LabelFilter string
	// Procs is the number of worker processes, at least 1.
	Procs int
	// Seed orders the checks; 0 takes the time.
	Seed int64
	// Executable is the file that the processes run: os.Executable().
	Executable string
	// InProcess runs the checks in this process, without Ginkgo and without Executable.
	InProcess bool
	// Suite is the suite's name and version, for the report.
	Suite string
}

// Planned is one target with what the run would do to it.
type Planned struct {
	Target *target.Target
	System check.System
	Defs   []check.Definition
	Plan   check.Plan
}

// Runs reports whether the plan runs a check.
func (p Planned) Runs(d check.Definition) bool {
	return slices.ContainsFunc(p.Plan.Run, func(r check.Definition) bool { return r.ID == d.ID })
}

// Plan says what a run would do, without sending anything.
func Plan(o Options) ([]Planned, error) {
	if len(o.Targets) == 0 {
		return nil, errors.New("no target to judge")
	}
	var planned []Planned
	var all []check.Definition
	attempts := map[string][]string{} // by server
	for _, t := range o.Targets {
		system, defs, err := find(o.Systems, t.Profile)
		if err != nil {
			return nil, err
		}
		plan, err := check.Select(defs, t, o.LabelFilter, attempts[t.URL]...)
		if err != nil {
			return nil, err
		}
		attempts[t.URL] = plan.Attempts
		planned = append(planned, Planned{Target: t, System: system, Defs: defs, Plan: plan})
		all = append(all, defs...)
	}
	return planned, check.VetFilter(all, o.LabelFilter)
}

// find returns the system of a profile and its checks.
func find(systems []check.System, profile string) (check.System, []check.Definition, error) {
	for _, s := range systems {
		if slices.Contains(s.Profiles, profile) {
			defs, err := s.Checks(profile)
			return s, defs, err
		}
	}
	return check.System{}, nil, fmt.Errorf("no suite for the profile %q", profile)
}
