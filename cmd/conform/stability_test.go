package main

import (
	"flag"
	"fmt"
	"testing"

	"example.org/conform/harness/reference"
)

var stability = flag.Int("stability", 2, "rounds of TestStability")

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
