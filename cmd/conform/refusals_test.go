package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/suites/runner"
)

var updateRefusals = flag.Bool("update-refusals", false, "write the table of refused logins anew")

// The plan says how many logins a server refuses in a run: about as many as the reference servers do, and hardly ever fewer.
func TestRefusedLoginsArePlanned(t *testing.T) {
	t.Parallel()
	o := embedded(t)
	counted := map[string]map[string]int{}
	for _, run := range o.report.Runs {
		counted[run.Profile] = map[string]int{}
		for _, c := range run.Checks {
			if profile, key := runner.RefusalsOf(c.ID); c.RefusedLogins > 0 {
				counted[profile][key] += c.RefusedLogins
			}
		}
	}
	file := filepath.Join("..", "..", "suites", "runner", "refusals.json")
	if *updateRefusals {
		data, err := json.MarshalIndent(counted, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var planned map[string]map[string]int
	if err := json.Unmarshal(data, &planned); err != nil {
		t.Fatal(err)
	}
	for _, profile := range reference.Profiles() {
		seen, said := 0, 0
		for _, n := range counted[profile] {
			seen += n
		}
		for _, n := range planned[profile] {
			said += n
		}
		if len(planned[profile]) == 0 && seen == 0 {
			continue // nobody logs in
		}
		if seen == 0 || float64(seen) > 1.1*float64(said) || float64(said) > 1.3*float64(seen) {
			t.Errorf("%s: %d logins were refused, and the plan says %d; write it anew with -update-refusals", profile, seen, said)
		}
	}
}

// limits.refusedLogins bounds them, whoever they are for, and the plan says what is not made for it.
func TestRefusedLoginsAreBounded(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"bluecat-9.5", "aria-operations-8"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			server := serve(t, reference.Options{Profile: profile})
			server.Target().Limits.RefusedLogins = 20
			file := describe(t, server)
			plan := conform(t, nil, "run", "--target-file", file, "--dry-run")
			if !strings.Contains(plan.stdout, "(limits.refusedLogins 20)") || !strings.Contains(plan.stdout, "raise limits.refusedLogins") {
				t.Errorf("the plan:\n%s", plan.stdout)
			}
			o := conform(t, nil, "run", "--target-file", file)
			// The plan counts what servers may tell apart otherwise, so that a few more may be refused.
			if run := o.report.Runs[0]; o.code != 0 || run.RefusedLogins == 0 || run.RefusedLogins > 25 {
				t.Errorf("exit code %d, %d logins were refused, of 20\n%s", o.code, run.RefusedLogins, o.stdout)
			}
		})
	}
}
