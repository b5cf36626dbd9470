package main

import (
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// A run that judges less than the one before is no worse by what it saw, and closes the gate all the same: what was shown before is
// shown no more. Whoever wants that says so.
func TestDiffClosesOnLostCoverage(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	judge := func(filter string) string {
		o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", filter, "--explore", "0")
		if o.code != 0 {
			t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		return filepath.Join(o.dir, "reports/run/report.json")
	}
	const filter = "ADX-ACC-01 || ADX-ACC-06 || ADX-DST-02 && !sweep"
	full := judge(filter)
	delete(server.Target().Accounts, "disabled")
	less, gone := judge(filter), judge("ADX-DST-02 && !sweep")

	for _, c := range []struct {
		name  string
		args  []string
		code  int
		wants []string
	}{
		{"skipped", []string{full, less}, verdict.ExitNonconformant, []string{
			"No regression, but 2 checks are judged no more; 0 fixes", "\nLost coverage (2)\n  passed → skipped         adaxes-2025.1/ADX-ACC-01/refused\n",
			"the target does not offer accounts.disabled", "\nSkipped before or now (1)\n  passed → skipped         adaxes-2025.1/ADX-ACC-06/inner-code\n"}},
		{"gone", []string{full, gone}, verdict.ExitNonconformant, []string{
			"\nLost coverage (2)\n  gone: was passed         adaxes-2025.1/ADX-ACC-01/refused\n", "\nGone (1)\n  passed                   adaxes-2025.1/ADX-ACC-06/inner-code\n"}},
		{"allowed", []string{full, less, "--allow-lost-coverage"}, 0, []string{"Lost coverage (2)"}},
		{"for a pull request", []string{full, less, "--format", "markdown"}, verdict.ExitNonconformant, []string{"## ❌ No regression, but 2 checks are judged no more"}},
		{"for programs", []string{full, less, "--format", "json"}, verdict.ExitNonconformant, []string{`"regressed": false`, `"lostCoverage": true`}},
		{"more than before", []string{less, full}, 0, []string{"No regression; 0 fixes", "  skipped → passed         adaxes-2025.1/ADX-ACC-01/refused"}},
		{"the same", []string{full, full}, 0, []string{"No regression; 0 fixes, 0 new, 0 gone"}},
	} {
		o := conform(t, nil, append([]string{"diff"}, c.args...)...)
		if o.code != c.code || o.stderr != "" {
			t.Errorf("%s: exit code %d, want %d:\n%s%s", c.name, o.code, c.code, o.stdout, o.stderr)
		}
		for _, want := range c.wants {
			if !strings.Contains(o.stdout, want) {
				t.Errorf("%s: the output does not say %q:\n%s", c.name, want, o.stdout)
			}
		}
	}
}
