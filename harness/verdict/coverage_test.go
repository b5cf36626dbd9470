package verdict

import (
	"maps"
	"slices"
	"testing"
	"time"
)

func TestCoverageSaysWhatTheVerdictIsAbout(t *testing.T) {
	t.Parallel()
	need := func(what string, allowed bool, musts, inPart int) Need {
		return Need{What: what, Allowed: allowed, Musts: make([]string, musts), InPart: make([]string, inPart)}
	}
	for want, c := range map[string]Coverage{
		"conformant: all 84 MUSTs were examined": {Musts: 84, Examined: 84},
		"conformant in what was examined: 62 of 84 MUSTs; 22 need lifetimes or accounts that the target does not name": {
			Musts: 84, Examined: 62, Needs: []Need{need("accounts", false, 7, 0), need("lifetimes", false, 15, 0)},
		},
		"conformant in what was examined: 83 of 84 MUSTs; 1 needs waits that the target does not allow": {
			Musts: 84, Examined: 83, Needs: []Need{need("waits", true, 1, 0)},
		},
		"conformant in what was examined: 80 of 84 MUSTs, 3 of them in part, for want of wrong passwords; " +
			"4 need instances, wrong passwords or probe that the target does not name or allow": {
			Musts: 84, Examined: 80, InPart: 3,
			Needs: []Need{need("wrong passwords", true, 1, 3), need("instances", false, 2, 0), need("probe", false, 1, 0)},
		},
		"conformant in what was examined: all 84 MUSTs, 2 of them in part": {Musts: 84, Examined: 84, InPart: 2},
		"conformant in what was examined: 1 of 84 MUSTs; 82 were not selected, 1 was not judged, as the checks say": {
			Musts: 84, Examined: 1, Unselected: 82, Unjudged: 1,
		},
		"conformant: the only MUST was examined":                            {Musts: 1, Examined: 1},
		"conformant in what was examined: 0 of 1 MUST; 1 was not selected":  {Musts: 1, Unselected: 1},
		"conformant in what was examined: the only MUST, 1 of them in part": {Musts: 1, Examined: 1, InPart: 1},
	} {
		run := Run{Verdict: Conformant, Totals: Totals{Passed: 1}, Coverage: &c}
		if got := run.Title(); got != want {
			t.Errorf("%q,\nwant %q", got, want)
		}
		if run.Examined() != "" {
			t.Errorf("a verdict that says it all says besides: %s", run.Examined())
		}
		if r := (Report{Runs: []Run{run}}); r.Whole() != (c.Examined == c.Musts && c.InPart == 0) {
			t.Errorf("%s: whole %v", want, r.Whole())
		}
	}
	broken := Run{Verdict: Nonconformant, Totals: Totals{Failed: 1}, Coverage: &Coverage{Musts: 2, Examined: 1, Unselected: 1}}
	if broken.Title() != "nonconformant" || broken.Examined() != "examined: 1 of 2 MUSTs; 1 was not selected" {
		t.Errorf("%q, %q", broken.Title(), broken.Examined())
	}
	if old := (Run{Verdict: Conformant}); old.Title() != "conformant" || old.Examined() != "" {
		t.Errorf("of an earlier release: %q, %q", old.Title(), old.Examined())
	}
}

func TestAVerdictSaysWhatIsWaived(t *testing.T) {
	t.Parallel()
	report := func(coverage *Coverage, statuses ...Status) Report {
		run := Run{Coverage: coverage}
		for _, s := range statuses {
			run.Checks = append(run.Checks, Check{Status: s, Level: Must})
		}
		run.Judge()
		return Report{Complete: true, Runs: []Run{run}}
	}
	all, part := &Coverage{Musts: 3, Examined: 3}, &Coverage{Musts: 3, Examined: 2, Unselected: 1}
	for _, c := range []struct {
		of            Report
		title, butFor string
	}{
		{report(all, Waived, Passed, Waived), "conformant but for 2 waived: all 3 MUSTs were examined", " but for 2 waived"},
		{report(part, Waived, Passed), "conformant but for 1 waived in what was examined: 2 of 3 MUSTs; 1 was not selected", " but for 1 waived"},
		{report(nil, Waived), "conformant but for 1 waived", " but for 1 waived"},
		{report(all, Waived, Failed), "nonconformant", ""},
		{report(all, Waived, Inconclusive), "incomplete", ""},
		{report(all, Passed), "conformant: all 3 MUSTs were examined", ""},
	} {
		if title := c.of.Runs[0].Title(); title != c.title || c.of.ButFor() != c.butFor {
			t.Errorf("%q, %q\nwant %q, %q", title, c.of.ButFor(), c.title, c.butFor)
		}
	}
}

func TestSkipsAreSummedUpByWhatTheyLack(t *testing.T) {
	t.Parallel()
	skip := func(n int, reason string, lacks ...string) []Check {
		return slices.Repeat([]Check{{Status: Skipped, Reason: reason, Lacks: lacks}}, n)
	}
	for want, checks := range map[string][]Check{
		"": {{Status: Passed}},
		"39 skipped: 24 need `lifetimes`, 11 `instances`, 4 `accounts.disabled`": slices.Concat(
			skip(4, "a", "accounts.disabled"), skip(20, "b", "lifetimes"), skip(11, "c", "instances"), skip(4, "d", "lifetimes")),
		"1 skipped: 1 needs `probe`":                                   skip(1, "a", "probe"),
		"3 skipped: 2 need `lifetimes` and `maxWait`, 1 `lifetimes`":   slices.Concat(skip(2, "a", "lifetimes", "maxWait"), skip(1, "b", "lifetimes")),
		"1 skipped: HTTP/2 is tried over TLS alone":                    skip(1, "HTTP/2 is tried over TLS alone"),
		"3 skipped: 1 needs `tls`; 2 since the run makes no walks":     slices.Concat(skip(2, "the run makes no walks"), skip(1, "a", "tls")),
		"3 skipped: 2 since the run makes no walks; 1 since of a wire": slices.Concat(skip(1, "of a wire"), skip(2, "the run makes no walks")),
	} {
		run := Run{Checks: checks}
		run.Judge()
		if got := run.SkippedFor(); got != want {
			t.Errorf("%q,\nwant %q", got, want)
		}
	}
}

func TestWhatIsSettledNeedNotBeJudgedAgain(t *testing.T) {
	t.Parallel()
	now := time.Now()
	run := Run{Again: &Again{Settled: []string{"before", "failed"}}, Checks: []Check{
		{ID: "passed", Status: Passed}, {ID: "noted", Status: Noted}, {ID: "found", Status: Skipped, Started: now},
		{ID: "failed", Status: Failed}, {ID: "warned", Status: Warned}, {ID: "waived", Status: Waived}, {ID: "unjudged", Status: Inconclusive},
		{ID: "lacking", Status: Skipped, Lacks: []string{"probe"}}, {ID: "not shown", Status: Skipped, Started: now, Lacks: []string{"probe"}},
		{ID: "of a later release", Status: "other"},
	}}
	if got := slices.Sorted(maps.Keys(run.Settled())); !slices.Equal(got, []string{"before", "found", "noted", "passed"}) {
		t.Errorf("settled are %v", got)
	}
}

func TestAVerdictOnWhatWasJudgedAgainSaysSo(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 18, 5, 0, 0, time.UTC)
	part, all := &Coverage{Musts: 84, Examined: 2, InPart: 1, Unselected: 82}, &Coverage{Musts: 84, Examined: 84}
	again := func(c *Coverage, filter string, stands bool, settled ...string) Run {
		return Run{Verdict: Conformant, Coverage: c, Filter: filter, Again: &Again{Finished: at, Stands: stands, Settled: settled}}
	}
	for want, run := range map[string]Run{
		"conformant in what was judged again: 2 of 84 MUSTs, 1 of them in part; 82 were settled in the report of 2026-11-27 18:05 UTC, and not judged again": again(part, "", false, "x"),
		"conformant in what was judged again: 2 of 84 MUSTs, 1 of them in part; 82 were settled in the report of 2026-11-27 18:05 UTC or not selected":       again(part, "a", false, "x"),
		"conformant: all 84 MUSTs were examined": again(all, "", false, "x"),
		"conformant: all 84 MUSTs were examined; it stands as the earlier report has it, since nothing was left to judge again":                                                  again(all, "", true),
		"conformant in what was examined: 2 of 84 MUSTs, 1 of them in part; 82 were not selected; it stands as the earlier report has it, since nothing was left to judge again": again(part, "a", true),
	} {
		if got := run.Title(); got != want {
			t.Errorf("%q,\nwant %q", got, want)
		}
	}
}
