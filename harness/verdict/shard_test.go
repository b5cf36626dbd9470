package verdict

import (
	"reflect"
	"strings"
	"testing"
)

// Two shards of four MUSTs: what one lacks and the other examined is examined in part, and what neither has is said.
func TestShardsAreJoined(t *testing.T) {
	t.Parallel()
	order := []string{"p/A/1", "p/A/2", "p/B/1", "p/C/1"}
	check := func(id string, s Status) Check {
		requirement, _, _ := strings.Cut(strings.TrimPrefix(id, "p/"), "/")
		return Check{ID: id, Requirements: []string{requirement}, Level: Must, Status: s}
	}
	shard := func(i int, needs []Need, checks ...Check) Run {
		r := Run{Profile: "p", Target: "u", Checks: checks, Shard: &Shard{Index: i, Of: 2, Order: order}, Coverage: &Coverage{Musts: 4, Needs: needs}, WrongPasswords: i}
		r.Judge()
		return r
	}
	lifetimes := []Need{{What: "lifetimes", Musts: []string{"A"}, Remedies: []string{"name them"}}}
	first := shard(1, nil, check("p/A/1", Passed), check("p/C/1", Inconclusive))
	second := shard(2, lifetimes, check("p/A/2", Skipped), check("p/B/1", Passed))
	for name, c := range map[string]struct {
		shards  []Run
		verdict Outcome
		reason  string
		covers  string
	}{
		"both":   {[]Run{second, first}, Incomplete, "1 check of a MUST could not be judged", "2 of 4 MUSTs, 1 of them in part, for want of lifetimes; 1 was not selected, 1 was not judged, as the checks say"},
		"one":    {[]Run{second}, Incomplete, "2 checks are in no report that was merged", "1 of 4 MUSTs; 1 needs lifetimes that the target does not name, 2 were not selected"},
		"broken": {[]Run{first, shard(2, nil, check("p/A/2", Failed), check("p/B/1", Passed))}, Nonconformant, "1 check of a MUST is broken", "2 of 4 MUSTs; 1 was not selected, 1 was not judged, as the checks say"},
	} {
		var all []*Report
		var names []string
		for _, s := range c.shards {
			all, names = append(all, &Report{Complete: true, Runs: []Run{s}}), append(names, s.Shard.String())
		}
		r, err := Merge(names, all)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := r.Runs[0]
		if len(r.Runs) != 1 || got.Shard != nil || got.Verdict != c.verdict || got.Reason != c.reason || got.Coverage.String() != c.covers {
			t.Errorf("%s: %s, %q, %q", name, got.Verdict, got.Reason, got.Coverage)
		}
	}
	whole := joined([]Run{second, first})
	var ids []string
	for _, c := range whole.Checks {
		ids = append(ids, c.ID)
	}
	if !reflect.DeepEqual(ids, order) || whole.WrongPasswords != 3 {
		t.Errorf("in the order %v, with %d wrong passwords", ids, whole.WrongPasswords)
	}
}

// A shard that was interrupted leaves the whole incomplete, also where it found something broken.
func TestAnInterruptedShardIsNoWhole(t *testing.T) {
	t.Parallel()
	order := []string{"p/A/1", "p/B/1"}
	done := Run{Checks: []Check{{ID: order[0], Requirements: []string{"A"}, Level: Must, Status: Passed}}, Shard: &Shard{Index: 1, Of: 2, Order: order}}
	cut := Run{Verdict: Incomplete, Reason: "interrupted", Shard: &Shard{Index: 2, Of: 2, Order: order},
		Checks: []Check{{ID: order[1], Requirements: []string{"B"}, Level: Must, Status: Inconclusive}}}
	done.Judge()
	cut.Judge()
	if r := joined([]Run{done, cut}); r.Verdict != Incomplete || r.Reason != "shard 2 of 2: interrupted" {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	cut.Checks[0].Status = Failed
	cut.Judge()
	if r := joined([]Run{done, cut}); r.Verdict != Nonconformant || !strings.HasSuffix(r.Reason, "also incomplete: shard 2 of 2: interrupted") {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}
