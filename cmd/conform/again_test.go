package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// onAgain is the filter of these tests: a few checks of which one fault breaks some.
const onAgain = "(ADX-DST-02 || ADX-DST-01 || ADX-SES-11) && !sweep"

// moved is the report of a run as one of the target in a file: a server that was mended answers at another address in these tests.
func moved(t *testing.T, report string, to *reference.Server) string {
	t.Helper()
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var r verdict.Report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	r.Runs[0].Target = to.Target().URL
	if text, err = json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	return write(t, "report.json", string(text))
}

// What was not passed is judged again, and that alone; the verdict says so, also a second time. What passes then is left to rest.
func TestAgainJudgesWhatWasNotPassed(t *testing.T) {
	t.Parallel()
	broken, mended := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"}), serve(t, reference.Options{Profile: "adaxes-2025.1"})
	first := conform(t, nil, "run", describe(t, broken), "--label-filter", onAgain)
	if first.code != verdict.ExitNonconformant {
		t.Fatalf("exit code %d:\n%s%s", first.code, first.stdout, first.stderr)
	}
	var open, passed []string
	for _, c := range first.report.Runs[0].Checks {
		if c.Status == verdict.Passed || c.Status == verdict.Noted {
			passed = append(passed, c.ID)
		} else {
			open = append(open, c.ID)
		}
	}
	if len(open) == 0 || len(passed) == 0 {
		t.Fatalf("%d checks passed and %d did not: that is no proof", len(passed), len(open))
	}
	report := filepath.Join(first.dir, "reports/run/report.json")

	still := conform(t, nil, "run", describe(t, broken), "--label-filter", onAgain, "--again", report)
	expectJudged(t, still, verdict.ExitNonconformant, open)

	report = moved(t, report, mended)
	again := conform(t, nil, "run", describe(t, mended), "--label-filter", onAgain, "--again", report)
	expectJudged(t, again, 0, open)
	if !strings.Contains(again.stdout, "adaxes-2025.1: CONFORMANT in what was judged again: ") || !strings.Contains(again.stdout, "settled in the report of ") {
		t.Errorf("the verdict does not say of what it is:\n%s", again.stdout)
	}
	if settled := again.report.Runs[0].Again.Settled; !slices.Equal(settled, slices.Sorted(slices.Values(passed))) {
		t.Errorf("settled are %v, want %v", settled, passed)
	}
	if o := conform(t, nil, "run", describe(t, mended), "--label-filter", onAgain, "--again", report, "--require-complete"); o.code != verdict.ExitIncomplete {
		t.Errorf("exit code %d where everything was to be examined:\n%s", o.code, o.stdout)
	}

	// Of the second report nothing is left, since it has what the first one settled. Nothing is sent, and nothing written.
	before := len(mended.Requests())
	none := conform(t, nil, "run", describe(t, mended), "--label-filter", onAgain, "--again", filepath.Join(again.dir, "reports/run/report.json"))
	if none.code != 0 || !strings.HasPrefix(none.stdout, "nothing is left to judge again") || none.report != nil || len(mended.Requests()) != before {
		t.Errorf("exit code %d, a report: %v, %d requests:\n%s%s", none.code, none.report != nil, len(mended.Requests())-before, none.stdout, none.stderr)
	}
	// What the first run did not select did not run: without the filter it is to be judged.
	if o := conform(t, nil, "run", describe(t, mended), "--again", report, "--dry-run"); o.code != 0 || strings.Contains(o.stdout, " "+passed[0]+"\n") || !strings.Contains(o.stdout, "adaxes-2025.1/ADX-REN-01/") {
		t.Errorf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
}

// expectJudged expects the checks of a run and its exit code.
func expectJudged(t *testing.T, o outcome, code int, ids []string) {
	t.Helper()
	if o.report == nil || o.code != code {
		t.Fatalf("exit code %d, want %d:\n%s%s", o.code, code, o.stdout, o.stderr)
	}
	var judged []string
	for _, c := range o.report.Runs[0].Checks {
		judged = append(judged, c.ID)
	}
	slices.Sort(judged) // what is broken stands first
	if ids = slices.Sorted(slices.Values(ids)); !slices.Equal(judged, ids) {
		t.Errorf("judged were\n%v, want\n%v", judged, ids)
	}
}

// Where nothing is left to judge, the old verdict stands: that of a report that was not conformant is none now.
func TestNothingLeftToJudgeIsNoBetterThanTheReport(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	file := describe(t, server)
	report := func(change func(*verdict.Report)) string {
		r := &verdict.Report{Schema: verdict.Schema, Complete: true, Runs: []verdict.Run{{
			Profile: "adaxes-2025.1", Target: server.Target().URL, Verdict: verdict.Conformant,
			Totals: verdict.Totals{Passed: 1}, Checks: []verdict.Check{{ID: "adaxes-2025.1/ADX-DST-02/twice", Level: verdict.Must, Status: verdict.Passed}},
		}}}
		change(r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return write(t, "report.json", string(text))
	}
	for name, c := range map[string]struct {
		change func(*verdict.Report)
		code   int
		want   string
	}{
		"conformant":  {func(*verdict.Report) {}, 0, "stands, CONFORMANT\n"},
		"interrupted": {func(r *verdict.Report) { r.Complete = false }, verdict.ExitIncomplete, "stands, INCOMPLETE\n"},
		"throttled": {func(r *verdict.Report) { r.Runs[0].Verdict, r.Runs[0].Reason = verdict.Incomplete, "throttled" }, verdict.ExitIncomplete,
			"stands, INCOMPLETE\n"},
		"a waiver that did not hold": {func(r *verdict.Report) { r.WaiverProblems = []verdict.WaiverProblem{{Problem: "expired"}} }, verdict.ExitNonconformant,
			"stands, NOT CONFORMANT\n"},
	} {
		o := conform(t, nil, "run", file, "--label-filter", "ADX-DST-02 && !sweep", "--again", report(c.change))
		if o.code != c.code || !strings.HasPrefix(o.stdout, "nothing is left to judge again") || !strings.HasSuffix(o.stdout, c.want) || o.stderr != "" {
			t.Errorf("%s: exit code %d, want %d:\n%s%s", name, o.code, c.code, o.stdout, o.stderr)
		}
	}
	if n := len(server.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// A report of other targets, of fewer or of more says nothing of those that are to be judged, and stays where it is.
func TestAgainRefusesTheReportOfOtherTargets(t *testing.T) {
	t.Parallel()
	one, other := serve(t, reference.Options{Profile: "adaxes-2025.1"}), serve(t, reference.Options{Profile: "adaxes-2025.1"})
	files := []string{describe(t, one), describe(t, other)}
	run := func(s *reference.Server, profile string) string {
		return fmt.Sprintf(`{"profile": %q, "target": %q, "checks": []}`, profile, s.Target().URL)
	}
	report := func(runs ...string) string {
		return write(t, "report.json", `{"schema": "`+verdict.Schema+`", "runs": [`+strings.Join(runs, ", ")+`]}`)
	}
	for name, c := range map[string]struct {
		report string
		files  []string
		want   string
	}{
		"another target":  {report(run(other, "adaxes-2025.1")), files[:1], "has no run of adaxes-2025.1 at " + one.Target().URL + ", but adaxes-2025.1 at " + other.Target().URL},
		"another profile": {report(run(one, "adaxes-2023.2")), files[:1], "but adaxes-2023.2 at "},
		"fewer":           {report(run(one, "adaxes-2025.1")), files, "has no run of adaxes-2025.1 at " + other.Target().URL},
		"more":            {report(run(one, "adaxes-2025.1"), run(other, "adaxes-2025.1")), files[:1], "also has a run of adaxes-2025.1 at " + other.Target().URL},
		"none":            {report(), files[:1], "but none at all"},
	} {
		o := conform(t, nil, append([]string{"run", "--again", c.report}, c.files...)...)
		if o.code != verdict.ExitUsage || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, c.want) || !strings.HasPrefix(o.stderr, "conform: --again: ") {
			t.Errorf("%s: exit code %d, want one line with %q:\n%s%s", name, o.code, c.want, o.stdout, o.stderr)
		}
	}
}

// Of two targets one may be settled: its run stands in the new report as it was, and says so.
func TestAgainLeavesASettledTargetAlone(t *testing.T) {
	t.Parallel()
	well, broken := serve(t, reference.Options{Profile: "adaxes-2025.1"}), serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"})
	args := []string{"run", describe(t, well), describe(t, broken), "--label-filter", "ADX-DST-02 && !sweep"}
	first := conform(t, nil, args...)
	before := len(well.Requests())
	o := conform(t, nil, append(args, "--again", filepath.Join(first.dir, "reports/run/report.json"))...)
	if o.code != verdict.ExitNonconformant || len(o.report.Runs) != 2 || len(well.Requests()) != before {
		t.Fatalf("exit code %d, %d requests to the settled one:\n%s%s", o.code, len(well.Requests())-before, o.stdout, o.stderr)
	}
	if r := o.report.Runs[0]; r.Target != well.Target().URL || r.Again == nil || !r.Again.Stands || r.Totals.Passed == 0 {
		t.Errorf("the settled run: %+v", r.Totals)
	}
	if !strings.Contains(o.stdout, "it stands as the earlier report has it") || !strings.Contains(o.stdout, "at "+broken.Target().URL+": NOT CONFORMANT") {
		t.Errorf("the output:\n%s", o.stdout)
	}
}
