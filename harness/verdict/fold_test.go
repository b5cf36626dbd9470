package verdict

import (
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
)

func seenBy(requirement, by string) Breach {
	return Breach{
		Violation: evidence.Violation{Requirement: requirement, Place: "/sid", Expected: "a SID", Actual: "missing"},
		Exchange:  evidence.Exchange{Operation: "issueToken"}, Check: by,
	}
}

// A breach seen in passing counts against the first check of its requirement that ran, once.
func TestFold(t *testing.T) {
	t.Parallel()
	of := func(requirement string, level Level, status Status) Check {
		return Check{ID: "p/" + requirement + "/s", Requirements: []string{requirement}, Level: level, Status: status}
	}
	for name, c := range map[string]struct {
		checks []Check
		want   []Status
	}{
		"a MUST":            {[]Check{of("R-1", Must, Passed), of("R-1", Must, Passed)}, []Status{Failed, Passed}},
		"a SHOULD":          {[]Check{of("R-1", Should, Passed)}, []Status{Warned}},
		"not judged":        {[]Check{of("R-1", Must, Inconclusive)}, []Status{Failed}},
		"shown already":     {[]Check{of("R-1", Must, Passed), of("R-1", Must, Failed)}, []Status{Passed, Failed}},
		"did not run":       {[]Check{of("R-1", Must, Skipped)}, []Status{Skipped}},
		"of another":        {[]Check{of("R-2", Must, Passed)}, []Status{Passed}},
		"skipped, then ran": {[]Check{of("R-1", Must, Skipped), of("R-1", Must, Passed)}, []Status{Skipped, Failed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := Fold(c.checks, []Breach{seenBy("R-1", "p/X/a"), seenBy("R-1", "p/X/b")})
			if gone := name != "did not run" && name != "of another"; gone != (len(left) == 0) {
				t.Errorf("left are %v", left)
			}
			for i, want := range c.want {
				if got := c.checks[i].Status; got != want {
					t.Errorf("check %d is %s, want %s", i, got, want)
				}
				if c.checks[i].Status != Passed && strings.Contains(c.checks[i].Reason, "another check") &&
					(!strings.Contains(c.checks[i].Reason, "in an answer to issueToken that another check got (p/X/a, the first of 2 that saw it)") || len(c.checks[i].Exchanges) != 1) {
					t.Errorf("reason %q, %d exchanges", c.checks[i].Reason, len(c.checks[i].Exchanges))
				}
			}
		})
	}
}

// What one shard saw in passing counts, when all are merged, against a check that another shard has made, and is the cause of nothing else.
func TestWhatAShardSawInPassing(t *testing.T) {
	t.Parallel()
	shard := func(i int, id string, seen ...Breach) *Report {
		_, rest, _ := strings.Cut(id, "/")
		requirement, _, _ := strings.Cut(rest, "/")
		run := Run{Profile: "p", Target: "https://host", Checks: []Check{{ID: id, Requirements: []string{requirement}, Level: Must, Status: Passed}}}
		run.Shard = &Shard{Index: i, Of: 2, Order: []string{"p/R-1/s", "p/R-2/s"}, Seen: seen}
		run.Judge()
		return &Report{Runs: []Run{run}, Complete: true}
	}
	merged, err := Merge([]string{"a", "b"}, []*Report{shard(1, "p/R-1/s", seenBy("R-2", "p/R-1/s")), shard(2, "p/R-2/s")})
	if err != nil {
		t.Fatal(err)
	}
	run := merged.Runs[0]
	if run.Verdict != Nonconformant || run.Checks[0].ID != "p/R-2/s" || run.Checks[0].Status != Failed || run.Checks[0].SeenBy != "p/R-1/s" || run.Checks[1].Status != Passed {
		t.Errorf("%s: %+v", run.Verdict, run.Checks)
	}
	if len(run.Causes) != 1 || run.Causes[0].Check != "p/R-2/s" {
		t.Errorf("the causes are %+v", run.Causes)
	}
}
