// Package runner judges targets in one process: it plans, reaches each target once, works through the checks side by
// side, ends what was left behind, and makes the report. Ginkgo's tree of specs collects what the checks came to.
package runner

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
)

// DefaultProcs is the number of checks at a time where nobody says another.
const DefaultProcs = 32

// Options say what to judge and how.
type Options struct {
	Targets []*target.Target
	// Systems are those that the caller knows; each target's profile belongs to one of them.
	Systems []check.System
	// LabelFilter selects checks, in Ginkgo's syntax; empty selects all.
	LabelFilter string
	// Around are labels that every check has besides its own, those of the containers of a Ginkgo suite that a run is a part
	// of. The filter is then that of the whole suite, and may well name labels that no check has.
	Around []string
	// OnDemand runs a check when its outcome is asked for, and no other.
	OnDemand bool
	// Procs is the number of checks at a time, DefaultProcs where it is zero.
	Procs int
	// Seed orders the checks, and makes the walks; 1 where it is zero, so that two runs do the same.
	Seed uint64
	// Explore is how long walks go on beyond those of a plain run. NoWalks says that there are none at all.
	Explore time.Duration
	NoWalks bool
	// Suite is the suite's name and version, for the report.
	Suite string
}

// Planned is one target with what the run would do to it.
type Planned struct {
	Target *target.Target
	System check.System
	Defs   []check.Definition
	Plan   Selection
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
		system, defs, err := Find(o.Systems, t.Profile)
		if err != nil {
			return nil, err
		}
		plan, err := choose(defs, t, system.Target, o.LabelFilter, o.Around, attempts[t.URL]...)
		if err != nil {
			return nil, err
		}
		attempts[t.URL] = plan.Attempts
		planned = append(planned, Planned{Target: t, System: system, Defs: defs, Plan: plan})
		all = append(all, defs...)
	}
	if o.Around != nil {
		return planned, nil
	}
	return planned, vetFilter(all, o.LabelFilter)
}

// Find returns the system of a profile and its checks.
func Find(systems []check.System, profile string) (check.System, []check.Definition, error) {
	for _, s := range systems {
		if slices.Contains(s.Profiles, profile) {
			defs, err := s.Checks(profile, nil)
			return s, defs, err
		}
	}
	return check.System{}, nil, fmt.Errorf("no suite for the profile %q", profile)
}
