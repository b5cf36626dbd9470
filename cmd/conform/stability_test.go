package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
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

// fewFaults are one by which checks take from each other, one that any check comes across, and one that a single check does.
var fewFaults = map[string]string{
	"logout-by-id-ends-all": "bluecat-9.5", "release-ends-all": "aria-operations-8", "validity-string": "aria-operations-8",
}

// The same fault breaks the same promises, and comes first in the report by the same check, whether checks are made one at a time or all at
// once.
func TestStabilityOfFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a run takes as long as the longest lifetime")
	}
	t.Parallel()
	dir := t.TempDir()
	few := []string{"prove", "--full", "--procs", "1,64", "--profiles", "bluecat-9.5,aria-operations-8", "--only", strings.Join(slices.Sorted(maps.Keys(fewFaults)), ",")}
	const alike = "with 1 and with 64 at a time: 3 faults, 0 of them told differently"
	o := conform(t, nil, append(few, "--keep", dir)...)
	if o.code != verdict.ExitConformant || !strings.HasSuffix(o.stdout, alike+"\n") {
		t.Fatalf("exit code %d: %s%s", o.code, o.stdout, o.stderr)
	}
	for fault, profile := range fewFaults {
		var first string
		for _, procs := range []string{"1", "64"} {
			run, err := readKept(keptIn(filepath.Join(dir, "procs-"+procs), profile, fault))
			if err != nil {
				t.Fatal(err)
			}
			switch came := brokenIn(&run); {
			case first == "":
				first = came
			case came != first:
				t.Errorf("%s %s: with --procs %s %s;\nwith --procs 1 %s", profile, fault, procs, came, first)
			}
		}
	}
	kept := append(few, "--kept", dir)
	if o := conform(t, nil, kept...); o.code != verdict.ExitConformant || !strings.HasSuffix(o.stdout, alike+"\n") {
		t.Errorf("of what was kept: exit code %d: %s%s", o.code, o.stdout, o.stderr)
	}
	// Were the runs those of different servers, it would say so.
	file := keptIn(filepath.Join(dir, "procs-64"), "bluecat-9.5", "logout-by-id-ends-all")
	run, err := readKept(file)
	if err != nil {
		t.Fatal(err)
	}
	run.Checks, run.Verdict = nil, verdict.Incomplete
	data, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	o = conform(t, nil, kept...)
	o.said(t, verdict.ExitNonconformant, "depends on how many checks are made at a time")
	if !strings.Contains(o.stdout, "UNLIKE: the run of logout-by-id-ends-all in bluecat-9.5 is conformant and names BCT-OUT-04 first with 1 at a time, and is incomplete and names nothing first with 64") {
		t.Error(o.stdout)
	}
	conform(t, nil, "prove", "--full", "--procs", "1,64", "--signatures", "x").said(t, verdict.ExitUsage, "--signatures are of one proof")
	conform(t, nil, "prove", "--full", "--procs", "0").said(t, verdict.ExitUsage, "--procs 0: give a number of 1 or more")
	conform(t, nil, "prove", "--procs", "1").said(t, verdict.ExitUsage, "give --full too")
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
