package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/reference"
	"example.org/conform/reports"
)

// Where the requests of one operation end what they should spare, every report says so in one sentence below the cause, and so it does where
// what lives is refused now and then. Where neither is certain none of them says anything.
func TestTheCulpritIsNamedInWords(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: every fault is judged by all checks")
	}
	for _, c := range []struct{ profile, fault, requirement, fact string }{
		{"bluecat-9.5", "logout-by-id-ends-all", "BCT-OUT-04", `each of [0-9]+ patchSession requests ended every other session of the account`},
		{"aria-operations-8", "probe-refused-now-and-then", "ARO-TOK-01", `a living token was refused in [0-9]+ of [0-9]+ requests`},
		{"aria-operations-8", "every-third-release-ends-the-last", "", ""},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			server := serve(t, reference.Options{Profile: c.profile, Fault: c.fault, Lifetimes: reference.ShortLifetimes()})
			out := filepath.Join(t.TempDir(), "out")
			o := conform(t, nil, "run", "--target-file", describe(t, server), "--out", out)
			report, err := reports.Read(filepath.Join(out, reports.JSONFile))
			if err != nil {
				t.Fatalf("%v:\n%s%s", err, o.stdout, o.stderr)
			}
			said := 0
			for _, cause := range report.Runs[0].Causes {
				for _, fact := range cause.Facts {
					if said++; c.fact == "" || !regexp.MustCompile(`^`+c.fact+`( of probe)?$`).MatchString(fact) || !strings.Contains(cause.Check, c.requirement) {
						t.Errorf("of %s it says %q", cause.Check, fact)
					}
				}
			}
			if want := c.fact != ""; (said == 1) != want {
				t.Fatalf("%d facts:\n%s", said, o.stdout)
			}
			if c.fact == "" {
				return
			}
			for name, text := range map[string]string{
				"the terminal": o.stdout, reports.MarkdownFile: read(t, filepath.Join(out, reports.MarkdownFile)), reports.JUnitFile: read(t, filepath.Join(out, reports.JUnitFile)),
				reports.HTMLFile: read(t, filepath.Join(out, reports.HTMLFile)),
			} {
				if !regexp.MustCompile(c.fact).MatchString(text) {
					t.Errorf("%s does not say it:\n%.2000s", name, text)
				}
			}
		})
	}
}

// What a check made it ends, and the report shows how: in the check, and at the end of the run what the run itself ended.
func TestTheReportShowsTheCleanUp(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "bluecat-9.5"})
	for _, kept := range []string{"all", "broken"} {
		o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", "BCT-AUT-02 && !sweep", "--evidence", kept)
		if o.code != 0 {
			t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		run := o.report.Runs[0]
		exchanges := run.CleanUp
		for _, c := range run.Checks {
			exchanges = append(exchanges, c.Exchanges...)
			if n := len(c.Exchanges); n > 0 && c.Exchanges[n-1].Purpose != evidence.CleanUp {
				t.Errorf("%s ends with %s", c.ID, c.Exchanges[n-1].Operation)
			}
		}
		swept := 0
		for _, e := range exchanges {
			if e.Purpose == evidence.CleanUp {
				swept++
			}
		}
		if want := kept == "all"; (swept > 1 && len(run.CleanUp) > 0) != want {
			t.Errorf("--evidence %s: %d exchanges, of which %d clean up, %d of them at the end", kept, len(exchanges), swept, len(run.CleanUp))
		}
		if text := fmt.Sprint(exchanges); strings.Contains(text, server.Target().Account.Password.Reveal()) {
			t.Error("the password stands in them")
		}
	}
}
