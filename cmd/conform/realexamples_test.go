package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
	"example.org/conform/suites/brought"
)

// Each example is of a server that can be installed, is a contract that can be used, and expects nothing that its contract does not come to.
func TestRealExamples(t *testing.T) {
	t.Parallel()
	all, err := filepath.Abs(examples) // the command runs in a folder of its own
	if err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(all)
	if err != nil || len(folders) != len(knownServers) {
		t.Fatalf("%d folders, and %d servers are known (%v)", len(folders), len(knownServers), err)
	}
	for _, s := range knownServers {
		folder := filepath.Join(all, s.name)
		contract, err := brought.Read(brought.Options{Contract: filepath.Join(folder, s.name+".yaml")})
		if err != nil {
			t.Error(err)
			continue
		}
		known := map[string]bool{}
		for _, r := range contract.Catalogue.Requirements {
			known[r.ID] = true
		}
		var want realExpected
		if err := readExpected(filepath.Join(folder, "expected.yaml"), &want); err != nil || len(want.Found) == 0 {
			t.Errorf("%s: %v: %+v", s.name, err, want)
		}
		for _, id := range append(want.Found, want.Sometimes...) {
			if !known[id] && !strings.HasPrefix(id, "RFC-SPL-") {
				t.Errorf("%s: the contract comes to no %s", s.name, id)
			}
		}
		o := conform(t, []string{"CONFORM_URL=http://127.0.0.1:9", "CONFORM_PASSWORD=unused"},
			"run", "--dry-run", "--contract", filepath.Join(folder, s.name+".yaml"), filepath.Join(folder, "target.yaml"))
		if o.code != 0 {
			t.Errorf("%s: %d: %s", s.name, o.code, o.stderr)
		}
	}
}

// What is expected and what is found are held against each other both ways.
func TestRealExpected(t *testing.T) {
	t.Parallel()
	broken := func(id string) verdict.Check {
		return verdict.Check{Requirements: []string{id}, Status: verdict.Failed}
	}
	want := realExpected{Verdict: "nonconformant", Found: []string{"A"}, Sometimes: []string{"B"}}
	for name, c := range map[string]struct {
		run     verdict.Run
		differs bool
	}{
		"as expected":      {verdict.Run{Verdict: verdict.Nonconformant, Checks: []verdict.Check{broken("A")}}, false},
		"now and then":     {verdict.Run{Verdict: verdict.Nonconformant, Checks: []verdict.Check{broken("B"), broken("A")}}, false},
		"something else":   {verdict.Run{Verdict: verdict.Nonconformant, Checks: []verdict.Check{broken("A"), broken("C")}}, true},
		"not found":        {verdict.Run{Verdict: verdict.Nonconformant, Checks: []verdict.Check{broken("B")}}, true},
		"another verdict":  {verdict.Run{Verdict: verdict.Incomplete, Checks: []verdict.Check{broken("A")}}, true},
		"passed in others": {verdict.Run{Verdict: verdict.Nonconformant, Checks: []verdict.Check{broken("A"), {Requirements: []string{"C"}, Status: verdict.Passed}}}, false},
	} {
		if lines, differs := want.against(c.run); differs != c.differs {
			t.Errorf("%s: %v\n%s", name, differs, lines)
		}
	}
}
