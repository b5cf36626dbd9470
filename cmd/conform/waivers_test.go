package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// offered are the entries that an output offers for a file of waivers.
func offered(output string) string {
	var entries strings.Builder
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "- {check:") {
			entries.WriteString(line)
		}
	}
	return entries.String()
}

// The entries that a run prints are ready to be used: with them the same failures leave the gate open, and each of
// them is shown as waived, with its reason.
func TestTheOfferedWaiversOpenTheGate(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"})
	file := describe(t, server)
	o := conform(t, nil, "run", "--target-file", file, "--label-filter", "destroy")
	if o.code != verdict.ExitNonconformant {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	entries := offered(o.stdout)
	failed := o.report.Runs[0].Totals.Failed
	if got := strings.Count(entries, "\n"); got != failed || failed < 2 {
		t.Fatalf("%d entries for %d failures:\n%s", got, failed, o.stdout)
	}
	summary, err := os.ReadFile(filepath.Join(o.dir, "reports/run/summary.md"))
	if err != nil {
		t.Fatal(err)
	}
	if inSummary := offered(string(summary)); inSummary != entries {
		t.Errorf("summary.md offers\n%s\nand the terminal\n%s", inSummary, entries)
	}

	o = conform(t, nil, "run", "--target-file", file, "--label-filter", "destroy", "--waivers", write(t, "waivers.yaml", entries))
	if o.code != 0 {
		t.Fatalf("with every failure waived the exit code is %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	expectButFor(t, o, failed)
	run := o.report.Runs[0]
	if run.Totals.Waived != failed || run.Totals.Failed != 0 || len(o.report.WaiverProblems) > 0 {
		t.Errorf("%+v, %v", run.Totals, o.report.WaiverProblems)
	}
	for _, c := range run.Checks {
		if c.Status != verdict.Waived {
			continue
		}
		if c.Waiver == "" || c.Expected == "" || c.Actual == "" {
			t.Errorf("%s does not say why it is waived, or what was seen: %q", c.ID, c.Waiver)
		}
		if !strings.Contains(o.stdout, c.ID+" ") {
			t.Errorf("the output does not show that %s is waived:\n%s", c.ID, o.stdout)
		}
	}
}

// expectButFor expects that the verdict names what is waived, wherever people read it.
func expectButFor(t *testing.T, o outcome, waived int) {
	t.Helper()
	said := fmt.Sprintf(" but for %d waived", waived)
	texts := map[string]string{"the terminal": o.stdout}
	for _, name := range []string{"summary.md", "index.html"} {
		text, err := os.ReadFile(filepath.Join(o.dir, "reports/run", name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	for where, want := range map[string]string{"the terminal": ": CONFORMANT" + said, "summary.md": "Conformant" + said + "\n", "index.html": "<h1>Conformant" + said + "</h1>"} {
		if !strings.Contains(texts[where], want) {
			t.Errorf("%s does not say %q", where, want)
		}
	}
}

// All checks of a requirement are waived by its ID with a star behind it.
func TestAWaiverOfARequirementAsAPattern(t *testing.T) {
	t.Parallel()
	file := describe(t, serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"}))
	for pattern, code := range map[string]int{
		"ADX-DST-02/*": 0, "adaxes-2025.1/ADX-DST-02/*": 0, "adaxes-2023.2/ADX-DST-02/*": verdict.ExitNonconformant, "ADX-DST-99/*": verdict.ExitUsage,
	} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			entry := fmt.Sprintf("- {check: %s, reason: x, expires: %s}\n", pattern, time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly))
			o := conform(t, nil, "run", "--target-file", file, "--label-filter", "ADX-DST-02", "--waivers", write(t, "waivers.yaml", entry))
			if o.code != code {
				t.Fatalf("exit code %d, want %d:\n%s%s", o.code, code, o.stdout, o.stderr)
			}
			switch code {
			case 0:
				if waived := o.report.Totals().Waived; waived < 2 {
					t.Errorf("%d checks are waived", waived)
				} else {
					expectButFor(t, o, waived)
				}
			case verdict.ExitUsage:
				if !strings.Contains(o.stderr, `waivers.yaml:1:3: unknown requirement "ADX-DST-99"`) {
					t.Errorf("the line is %s", o.stderr)
				}
			}
		})
	}
}

func TestAWaiverThatDoesNotHoldClosesTheGate(t *testing.T) {
	t.Parallel()
	file := describe(t, serve(t, reference.Options{Profile: "adaxes-2025.1"}))
	for _, test := range []struct {
		name, entry, want string
		code              int
	}{
		{"expired", "requirement: ADX-DST-02, expires: 2024-12-31", "waivers.yaml:1:3: the waiver of requirement ADX-DST-02 expired on 2024-12-31", 1},
		{"no such target", "requirement: ADX-DST-02, target: 'https://other.example.com/*'", "matches nothing", 1},
		{"passes", "check: adaxes-2025.1/ADX-DST-02/twice", "the check passes", 1},
		{"not selected", "requirement: ADX-REN-01", "", 0},
		{"skipped", "requirement: ADX-SVC-03", "", 0},
		{"unknown key", "requirement: ADX-DST-02, reasons: x", `waivers.yaml:1:29: unknown key "reasons"`, 2},
		{"unknown check", "check: adaxes-2025.1/ADX-DST-02/thrice", "did you mean adaxes-2025.1/ADX-DST-02/twice?", 2},
		{"unknown requirement", "requirement: ADX-DST-99", "unknown requirement", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			entry := test.entry
			if !strings.Contains(entry, "expires") {
				entry += ", expires: " + time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly)
			}
			o := conform(t, nil, "run", "--target-file", file, "--label-filter", "ADX-DST-02 || ADX-SVC-03",
				"--waivers", write(t, "waivers.yaml", "- {"+entry+", reason: x}\n"))
			if o.code != test.code {
				t.Fatalf("exit code %d, want %d:\n%s%s", o.code, test.code, o.stdout, o.stderr)
			}
			said, lines := o.stdout, 0
			if test.code == verdict.ExitUsage {
				said = o.stderr
			}
			for line := range strings.Lines(said) {
				if strings.Contains(line, "waivers.yaml:") {
					lines++
				}
			}
			if !strings.Contains(said, test.want) || test.want != "" && lines != 1 || test.want == "" && lines != 0 {
				t.Errorf("want one line with %q, got %d:\n%s", test.want, lines, said)
			}
		})
	}
}

func TestAnnotationsArePrintedOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	file := describe(t, serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"}))
	for _, asked := range []bool{true, false} {
		args := []string{"run", "--target-file", file, "--label-filter", "ADX-DST-02 && !sweep"}
		if asked {
			args = append(args, "--annotations", "github")
		}
		o := conform(t, nil, args...)
		lines := strings.Split(strings.TrimSpace(o.stdout), "\n")
		if got := strings.HasPrefix(lines[len(lines)-1], "::error title=adaxes-2025.1/ADX-DST-02/twice::"); got != asked {
			t.Errorf("asked for: %v, the last line is %q", asked, lines[len(lines)-1])
		}
		if got := strings.Count(o.stdout, "::error"); asked && got != 1 || !asked && got != 0 {
			t.Errorf("asked for: %v, %d annotations", asked, got)
		}
	}
}
