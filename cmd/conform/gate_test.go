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
	"example.org/conform/reports"
	"example.org/conform/specs"
)

func TestGateOnGitHub(t *testing.T) {
	t.Parallel()
	good := serve(t, reference.Options{Profile: gateProfile})
	broken := serve(t, reference.Options{Profile: gateProfile, Fault: faultOf(t, specs.Must)})
	gone := serve(t, reference.Options{Profile: gateProfile})
	gone.Close()
	for name, c := range map[string]struct {
		job     job
		code    int
		verdict string
		summary []string
	}{
		"good":             {newJob(t, good), 0, "conformant", []string{"## ✅"}},
		"by target file":   {job{t.TempDir(), map[string]string{"target-file": describe(t, good)}}, 0, "conformant", []string{"## ✅"}},
		"broken":           {newJob(t, broken), 1, "nonconformant", []string{"## ❌", "### Failed", gateLogins}},
		"unreachable":      {newJob(t, gone), 3, "incomplete", []string{"## ⚠️", "What to do"}},
		"wrong password":   {newJob(t, good).with("password", "Not-the-password-1"), 3, "incomplete", []string{"## ⚠️"}},
		"no target":        {newJob(t, good).with("target", ""), 2, "unjudged", []string{"no target is given"}},
		"no such file":     {newJob(t, good).with("waivers", "none.yaml"), 2, "unjudged", []string{"no file none.yaml"}},
		"unknown profile":  {newJob(t, good).with("profile", "adaxes-1999"), 2, "unjudged", []string{"adaxes-1999"}},
		"no credentials":   {newJob(t, good).with("password", ""), 2, "unjudged", []string{"CONFORM_PASSWORD"}},
		"shell in a value": {newJob(t, good).with("fail-on", `must"; touch pwned; "`), 2, "unjudged", []string{"--fail-on"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := c.job.github(t)
			if e.code != c.code || e.verdict != c.verdict {
				t.Errorf("exit code %d, verdict %q: %s%s", e.code, e.verdict, e.stdout, e.stderr)
			}
			for _, part := range c.summary {
				if !strings.Contains(e.summary, part) {
					t.Errorf("the step summary does not say %q: %s", part, e.summary)
				}
			}
			if annotated := strings.Contains(e.stdout, "::error title="); annotated != (c.code != 0) {
				t.Errorf("annotations: %t, exit code %d: %s", annotated, e.code, e.stdout)
			}
			if c.code == 2 {
				if e.report != "" {
					t.Errorf("a run that never was left the report %s", e.report)
				}
			} else if report, err := reports.Read(filepath.Join(c.job.folder, e.report)); err != nil || string(report.Runs[0].Verdict) != e.verdict {
				t.Errorf("the report %q: %v", e.report, err)
			}
			if _, err := os.Stat(filepath.Join(c.job.folder, "pwned")); err == nil {
				t.Error("an input was read as shell")
			}
			if password := c.job.inputs["password"]; password != "" && strings.Contains(e.stdout+e.stderr+e.summary, password) {
				t.Error("the password was printed")
			}
		})
	}
}

func TestGateFailsOnShouldWhenTold(t *testing.T) {
	t.Parallel()
	j := newJob(t, serve(t, reference.Options{Profile: gateProfile, Fault: faultOf(t, specs.Should)}))
	if e := j.github(t); e.code != 0 || e.verdict != "conformant" {
		t.Errorf("by MUST alone: exit code %d, %s: %s%s", e.code, e.verdict, e.stdout, e.stderr)
	}
	if e := j.with("fail-on", "should").github(t); e.code != 1 || e.verdict != "nonconformant" {
		t.Errorf("by SHOULD as well: exit code %d, %s: %s%s", e.code, e.verdict, e.stdout, e.stderr)
	}
}

func TestGateClosesOnWhatGotWorse(t *testing.T) {
	t.Parallel()
	good := newJob(t, serve(t, reference.Options{Profile: gateProfile}))
	if e := good.github(t); e.code != 0 {
		t.Fatalf("exit code %d: %s%s", e.code, e.stdout, e.stderr)
	}
	baseline := write(t, "baseline.json", read(t, filepath.Join(good.folder, "conform-reports", reports.JSONFile)))
	if e := good.with("baseline", baseline).github(t); e.code != 0 || e.verdict != "conformant" {
		t.Errorf("as it was: exit code %d, %s: %s%s", e.code, e.verdict, e.stdout, e.stderr)
	}
	// A broken SHOULD leaves the server conformant: the comparison alone closes the gate.
	worse := newJob(t, serve(t, reference.Options{Profile: gateProfile, Fault: faultOf(t, specs.Should)}))
	if e := worse.with("baseline", baseline).github(t); e.code != 1 || e.verdict != "nonconformant" {
		t.Errorf("worse: exit code %d, %s: %s%s", e.code, e.verdict, e.stdout, e.stderr)
	}
	if e := good.with("baseline", write(t, "report.json", "{")).github(t); e.code != 2 || e.verdict != "unjudged" || !strings.Contains(e.summary, "baseline") {
		t.Errorf("by a baseline that is none: exit code %d, %s: %s", e.code, e.verdict, e.summary)
	}
}

func TestGateOpensForWaivers(t *testing.T) {
	t.Parallel()
	j := newJob(t, serve(t, reference.Options{Profile: gateProfile, Fault: narrowFault}))
	e := j.github(t)
	report, err := reports.Read(filepath.Join(j.folder, e.report))
	if err != nil || e.code != 1 {
		t.Fatalf("exit code %d, %v: %s%s", e.code, err, e.stdout, e.stderr)
	}
	var waivers strings.Builder
	for _, c := range report.Runs[0].Checks {
		if c.Status == verdict.Failed {
			fmt.Fprintf(&waivers, "- {check: %q, reason: known, expires: %s}\n", c.ID, time.Now().Add(48*time.Hour).UTC().Format(time.DateOnly))
		}
	}
	if e := j.with("waivers", write(t, "waivers.yaml", waivers.String())).github(t); e.code != 0 || !strings.Contains(e.summary, "### Waived") {
		t.Errorf("exit code %d, %s: %s%s", e.code, e.verdict, e.stdout, e.stderr)
	}
}
