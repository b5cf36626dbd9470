package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/openapi"
	"example.org/conform/specs"
)

// Every requirement is proven by a check in each of its profiles, and every check names one of them.
func TestEveryRequirementHasACheck(t *testing.T) {
	t.Parallel()
	defs, err := allChecks()
	if err != nil {
		t.Fatal(err) // a check that names no requirement, or one that does not exist, is an error here
	}
	catalogues, err := specs.All()
	if err != nil {
		t.Fatal(err)
	}
	proven := map[string]bool{}
	ids := map[string]bool{}
	for _, d := range defs {
		profile, _, _ := strings.Cut(d.ID, "/")
		if ids[d.ID] {
			t.Errorf("two checks are named %s", d.ID)
		}
		ids[d.ID] = true
		proven[profile+" "+d.Requirement.ID] = true
	}
	for _, c := range catalogues {
		for _, p := range c.Profiles {
			for _, r := range c.In(p.ID) {
				if !proven[p.ID+" "+r.ID] && !fault.Exempts(reference.Exempt(), p.ID, r.ID) {
					t.Errorf("no check proves %s in %s", r.ID, p.ID)
				}
				delete(proven, p.ID+" "+r.ID)
			}
		}
	}
	for left := range proven {
		t.Errorf("a check proves what the catalogue does not have: %s", left)
	}
}

// Each profile has its contract and its requirements, and neither names one that the other does not know.
func TestProfilesAreWhole(t *testing.T) {
	t.Parallel()
	for _, profile := range openapi.Profiles() {
		doc, err := openapi.Load(profile)
		if err != nil {
			t.Error(err)
			continue
		}
		catalogue, err := specs.ForProfile(profile)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, op := range doc.Operations() {
			for _, id := range op.SuccessRequirements() {
				if _, ok := catalogue.Find(profile, id); !ok {
					t.Errorf("%s: %s names %s, which does not hold there", profile, op.ID(), id)
				}
			}
		}
	}
}

func TestTraceIsFresh(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	if err := trace(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../specs/TRACE.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("specs/TRACE.md is stale: make trace")
	}
}
