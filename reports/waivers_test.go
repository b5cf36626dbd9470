package reports_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// unheld is a conformant report with a waiver that does not hold.
func unheld() *verdict.Report {
	r := sample()
	run := verdict.Run{Profile: "adaxes-2025.1", Target: r.Runs[0].Target, Checks: r.Runs[0].Checks[:1:1]}
	run.Judge()
	r.Runs = []verdict.Run{run}
	r.WaiverProblems = []verdict.WaiverProblem{{
		Place: "waivers.yaml:3:3", Waiver: "check adaxes-2025.1/ADX-SES-01/creates", Problem: "excuses nothing: the check passes; take it out",
	}}
	return r
}

func TestNoReportIsGreenWithAWaiverThatDoesNotHold(t *testing.T) {
	t.Parallel()
	for name, write := range writers {
		if name == "run.har" {
			continue // it holds exchanges alone
		}
		text := render(t, write, unheld())
		if !strings.Contains(text, "waivers.yaml:3:3") || !strings.Contains(text, "excuses nothing") {
			t.Errorf("%s does not name the waiver:\n%s", name, text)
		}
		if strings.Contains(text, "✅") || strings.Contains(text, "<h1>Conformant") {
			t.Errorf("%s looks green", name)
		}
		if name != "index.html" && name != "report.json" {
			golden(t, "unheld-"+name, text)
		}
	}
}

func TestTheOfferedWaiverIsOneLineOfYAML(t *testing.T) {
	t.Parallel()
	r := hostileReport()
	for i := range r.Runs[0].Checks {
		c := &r.Runs[0].Checks[i]
		line := reports.WaiverEntry(r, &r.Runs[0], c)
		if strings.ContainsAny(line, "\n\r`") {
			t.Fatalf("the entry is %q", line)
		}
		var entries []map[string]string
		if err := yaml.Unmarshal([]byte(line), &entries); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if len(entries) != 1 || entries[0]["check"] != c.ID || entries[0]["target"] != r.Runs[0].Target ||
			entries[0]["expires"] != "2025-04-03" || !strings.HasPrefix(entries[0]["reason"], "not kept yet: ") {
			t.Errorf("the entry reads %v", entries)
		}
	}
}

func TestTheMatrixShowsWhatDiffersOrFails(t *testing.T) {
	t.Parallel()
	r := several()
	var some, every strings.Builder
	shown, total, err := reports.Matrix(&some, r, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := reports.Matrix(&every, r, true); err != nil {
		t.Fatal(err)
	}
	golden(t, "several-matrix.txt", some.String())
	if lines := strings.Count(every.String(), "\n"); lines != total+1 {
		t.Errorf("all of %d requirements take %d lines", total, lines)
	}
	if lines := strings.Count(some.String(), "\n"); lines != shown+1 || shown >= total {
		t.Errorf("%d of %d requirements take %d lines", shown, total, lines)
	}
	if strings.Contains(some.String(), "ADX-SES-01 ") {
		t.Errorf("what every run keeps is shown:\n%s", some.String())
	}
	if empty, _, err := reports.Matrix(&some, unheld(), false); empty != 0 || err != nil {
		t.Errorf("a report without differences shows %d rows: %v", empty, err)
	}
}
