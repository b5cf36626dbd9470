package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// Three runs, one of which is nonconformant and one incomplete, make one report in every form, which ends as the worst of them does.
func TestMerge(t *testing.T) {
	t.Parallel()
	judge := func(o reference.Options, filter string, code int) string {
		t.Helper()
		out := conform(t, nil, "run", "--target-file", describe(t, serve(t, o)), "--label-filter", filter, "--explore", "0")
		if out.code != code {
			t.Fatalf("%s: exit code %d, want %d:\n%s%s", o.Profile, out.code, code, out.stdout, out.stderr)
		}
		return filepath.Join(out.dir, "reports/run/report.json")
	}
	good := judge(reference.Options{Profile: "bluecat-9.5"}, "BCT-SES-01 && !sweep", 0)
	broken := judge(reference.Options{Profile: "adaxes-2025.1", Fault: "session-answered-202"}, "ADX-SES-01 && !sweep", verdict.ExitNonconformant)
	nothing := judge(reference.Options{Profile: "adaxes-2025.1"}, "instance && MUST", verdict.ExitIncomplete)

	for _, c := range []struct {
		reports []string
		code    int
		wants   []string
	}{
		{[]string{good, broken, nothing}, verdict.ExitNonconformant, []string{"bluecat-9.5: CONFORMANT", "NOT CONFORMANT", "INCOMPLETE", "ADX-SES-01", "reports in reports/run/merged"}},
		{[]string{good, nothing}, verdict.ExitIncomplete, []string{"INCOMPLETE"}},
		{[]string{good}, 0, []string{"bluecat-9.5: CONFORMANT"}},
	} {
		o := conform(t, nil, append([]string{"merge"}, c.reports...)...)
		if o.code != c.code || o.stderr != "" {
			t.Errorf("%d reports: exit code %d, want %d:\n%s%s", len(c.reports), o.code, c.code, o.stdout, o.stderr)
		}
		for _, want := range c.wants {
			if !strings.Contains(o.stdout, want) {
				t.Errorf("%d reports: the output does not say %q:\n%s", len(c.reports), want, o.stdout)
			}
		}
		for _, name := range reports.Files() {
			if info, err := os.Stat(filepath.Join(o.dir, "reports/run/merged", name)); err != nil || info.Size() == 0 {
				t.Errorf("%d reports: %s was not written: %v", len(c.reports), name, err)
			}
		}
		r, err := reports.Read(filepath.Join(o.dir, "reports/run/merged", reports.JSONFile))
		if err != nil {
			t.Fatal(err)
		}
		for i, path := range c.reports {
			one, err := reports.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			was, is := one.Runs[0], r.Runs[i]
			if is.Target != was.Target || is.Verdict != was.Verdict || is.Totals != was.Totals || len(is.Checks) != len(was.Checks) {
				t.Errorf("the run of %s at %s is not what it was", was.Profile, was.Target)
			}
			if was.Catalogue == "" || is.JudgedBy() != was.JudgedBy() {
				t.Errorf("the run of %s was judged by %q, and the merged report says %q", was.Profile, was.JudgedBy(), is.JudgedBy())
			}
		}
	}

	// What cannot be merged is said in one line, and nothing is written.
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no report":         {nil, "no report is named; give the report.json of each run"},
		"no file":           {[]string{good, "absent.json"}, "reading the report: open absent.json"},
		"another file":      {[]string{good, write(t, "other.json", `{"a": 1}`)}, `no member "schema"`},
		"the same twice":    {[]string{good, good}, "both have a run of bluecat-9.5 at http"},
		"into its own":      {[]string{good, broken, "--out", filepath.Dir(good)}, "it holds " + good},
		"an unknown gate":   {[]string{good, "--fail-on", "note"}, "--fail-on"},
		"an unknown report": {[]string{good, "--reports", "report.xml"}, "--reports"},
	} {
		o := conform(t, nil, append([]string{"merge"}, c.args...)...)
		if o.code != verdict.ExitUsage || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%s: exit code %d, want 2 and one line with %q:\n%s%s", name, o.code, c.want, o.stdout, o.stderr)
		}
		if _, err := os.Stat(filepath.Join(o.dir, "reports")); err == nil {
			t.Errorf("%s: reports were written", name)
		}
	}
}
