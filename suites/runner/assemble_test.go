package runner

import (
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

func seenBy(requirement, by string) breach {
	return breach{
		violation: evidence.Violation{Requirement: requirement, Place: "/sid", Expected: "a SID", Actual: "missing"},
		exchange:  evidence.Exchange{Operation: "issueToken"}, check: by,
	}
}

// A breach seen in passing counts against the first check of its requirement that ran, once.
func TestFold(t *testing.T) {
	t.Parallel()
	of := func(requirement string, level verdict.Level, status verdict.Status) verdict.Check {
		return verdict.Check{ID: "p/" + requirement + "/s", Requirements: []string{requirement}, Level: level, Status: status}
	}
	for name, c := range map[string]struct {
		checks []verdict.Check
		want   []verdict.Status
	}{
		"a MUST":            {[]verdict.Check{of("R-1", verdict.Must, verdict.Passed), of("R-1", verdict.Must, verdict.Passed)}, []verdict.Status{verdict.Failed, verdict.Passed}},
		"a SHOULD":          {[]verdict.Check{of("R-1", verdict.Should, verdict.Passed)}, []verdict.Status{verdict.Warned}},
		"not judged":        {[]verdict.Check{of("R-1", verdict.Must, verdict.Inconclusive)}, []verdict.Status{verdict.Failed}},
		"shown already":     {[]verdict.Check{of("R-1", verdict.Must, verdict.Passed), of("R-1", verdict.Must, verdict.Failed)}, []verdict.Status{verdict.Passed, verdict.Failed}},
		"did not run":       {[]verdict.Check{of("R-1", verdict.Must, verdict.Skipped)}, []verdict.Status{verdict.Skipped}},
		"of another":        {[]verdict.Check{of("R-2", verdict.Must, verdict.Passed)}, []verdict.Status{verdict.Passed}},
		"skipped, then ran": {[]verdict.Check{of("R-1", verdict.Must, verdict.Skipped), of("R-1", verdict.Must, verdict.Passed)}, []verdict.Status{verdict.Skipped, verdict.Failed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fold(c.checks, []breach{seenBy("R-1", "p/X/a"), seenBy("R-1", "p/X/b")})
			for i, want := range c.want {
				if got := c.checks[i].Status; got != want {
					t.Errorf("check %d is %s, want %s", i, got, want)
				}
				if c.checks[i].Status != verdict.Passed && strings.Contains(c.checks[i].Reason, "another check") &&
					(!strings.Contains(c.checks[i].Reason, "in an answer to issueToken that another check got (p/X/a, the first of 2 that saw it)") || len(c.checks[i].Exchanges) != 1) {
					t.Errorf("reason %q, %d exchanges", c.checks[i].Reason, len(c.checks[i].Exchanges))
				}
			}
		})
	}
}
