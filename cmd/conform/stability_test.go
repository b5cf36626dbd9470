package main

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

var (
	stability = flag.Int("stability", 2, "rounds of TestStability")
	oneIn     = flag.Int("stability-one-in", 0, "judge one in so many of the faults in TestStabilityOfFaults, all for 1; 0 for a few")
)

// The same server gets the same verdicts, check by check, whatever the number of checks at a time and the order of the checks.
func TestStability(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a round takes as long as the longest lifetime")
	}
	variants := []string{"", "whole-seconds", "refusals-as-404", "chunked"}
	if *stability <= 2 { // a sample: a round takes as long as the longest lifetime
		variants = variants[:2]
	}
	for _, variant := range variants {
		t.Run("variant="+variant, func(t *testing.T) {
			t.Parallel()
			lifetimes := reference.ShortLifetimes()
			if variant == "whole-seconds" { // what is known to a second wants longer lives
				lifetimes.Session, lifetimes.Token = 4*lifetimes.Session, 4*lifetimes.Token
			}
			server := serve(t, reference.Options{
				Profile: "adaxes-2025.1", Variant: variant, Instances: 2, Lifetimes: lifetimes,
			})
			file := describe(t, server)
			var first map[string]string
			for round := range *stability {
				procs, seed := []int{1, 64, 3, 16}[round%4], round+1
				o := conform(t, nil, "run", "--target-file", file, "--procs", fmt.Sprint(procs), "--seed", fmt.Sprint(seed), "--reports", "report.json")
				if o.report == nil {
					t.Fatalf("round %d left no report:\n%s%s", round, o.stdout, o.stderr)
				}
				verdicts := map[string]string{"": string(o.report.Runs[0].Verdict)}
				for _, c := range o.report.Runs[0].Checks {
					verdicts[c.ID] = string(c.Status)
				}
				if first == nil {
					first = verdicts
				}
				for id, status := range verdicts {
					if first[id] != status {
						t.Errorf("round %d (--procs %d --seed %d): %s is %s, was %s", round, procs, seed, id, status, first[id])
					}
				}
				if len(verdicts) != len(first) {
					t.Errorf("round %d: %d checks, were %d", round, len(verdicts), len(first))
				}
			}
		})
	}
}

// fewFaults are those of TestStabilityOfFaults where nothing asks for more: one by which checks take from each other, one that any check comes
// across, and one that a single check does.
var fewFaults = map[string]string{
	"logout-by-id-ends-all": "bluecat-9.5", "release-ends-all": "aria-operations-8", "validity-string": "aria-operations-8",
}

// atATime is how many faults are judged at the same time: a run mostly waits for something to expire.
const atATime = 6

// The same fault breaks the same promises, and comes first in the report by the same check, whether checks are made one at a time or all at
// once.
func TestStabilityOfFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a round takes as long as the longest lifetime")
	}
	t.Parallel()
	place, n := semaphore.NewWeighted(atATime), 0
	for _, f := range reference.Faults() {
		for _, profile := range f.Profiles {
			if n++; *oneIn == 0 && fewFaults[f.Name] != profile || *oneIn > 0 && (n-1)%*oneIn != 0 {
				continue
			}
			t.Run(profile+" "+f.Name, func(t *testing.T) {
				t.Parallel()
				if err := place.Acquire(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
				defer place.Release(1)
				var first string
				for _, procs := range []string{"1", "64"} {
					lifetimes := reference.ShortLifetimes()
					if f.Long {
						lifetimes.Session, lifetimes.Token = 4*lifetimes.Session, 4*lifetimes.Token
					}
					server := serve(t, reference.Options{Profile: profile, Fault: f.Name, Lifetimes: lifetimes})
					o := conform(t, nil, "run", "--target-file", describe(t, server), "--procs", procs, "--reports", "report.json")
					if o.report == nil {
						t.Fatalf("--procs %s left no report:\n%s%s", procs, o.stdout, o.stderr)
					}
					switch came := brokenIn(&o.report.Runs[0]); {
					case first == "":
						first = came
					case came != first:
						t.Errorf("with --procs %s %s;\nwith --procs 1 %s", procs, came, first)
					}
				}
			})
		}
	}
}

// brokenIn are the verdict, the first line and the promises that are broken, in words.
func brokenIn(run *verdict.Run) string {
	promises, first := map[string]bool{}, "none"
	for _, c := range run.Checks {
		if c.Broken() {
			promises[c.Requirements[0]] = true
		}
	}
	if len(run.Causes) > 0 {
		first = run.Causes[0].Check
	}
	return fmt.Sprintf("it is %s, %s is first, and broken are %v", run.Verdict, first, slices.Sorted(maps.Keys(promises)))
}
