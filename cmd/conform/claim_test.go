package main

import (
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// A second run into the folder of one that is under way stops before it sends anything, and says so in one line.
func TestTwoRunsIntoOneFolder(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "bluecat-9.5"})
	out := filepath.Join(t.TempDir(), "out")
	release, err := reports.Claim(out)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--target-file", describe(t, server), "--out", out, "--label-filter", "BCT-SES-01"}
	o := conform(t, nil, args...)
	if o.code != verdict.ExitUsage || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, "another run is writing") || len(server.Requests()) > 0 {
		t.Errorf("exit code %d, %d requests: %s", o.code, len(server.Requests()), o.stderr)
	}
	release()
	if o := conform(t, nil, args...); o.code != 0 {
		t.Errorf("after its end: exit code %d: %s", o.code, o.stderr)
	}
}
