package main

import (
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// A run whose time is over gives up with what it has, cleaned up, and says which limit it was. What was judged stands.
func TestTimeout(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{
		Profile: "adaxes-2025.1", Instances: 2, Lifetimes: reference.Lifetimes{Session: 2 * time.Minute, Token: 3 * time.Minute},
	})
	file := describe(t, server) // checks wait for minutes for an expiry
	o := conform(t, nil, "run", "--target-file", file, "--timeout", "8s")
	if o.code != verdict.ExitIncomplete || !strings.Contains(o.stdout, "the run did not come to its end within 8s (--timeout)") {
		t.Fatalf("exit code %d:\n%s", o.code, o.stdout)
	}
	if r := o.report.Runs[0]; r.Totals.Passed == 0 || r.Totals.Failed > 0 || o.report.Complete {
		t.Errorf("%+v", r.Totals)
	}
	if sessions, tokens := server.Live(); sessions+tokens > 0 {
		t.Errorf("%d sessions and %d tokens live on", sessions, tokens)
	}
	for flag, says := range map[string]string{"": "gives up after 30m0s", "--timeout=45m": "gives up after 45m0s"} {
		args := strings.Fields("run --dry-run --target-file " + file + " " + flag)
		if o := conform(t, nil, args...); o.code != 0 || !strings.Contains(o.stdout, says) {
			t.Errorf("%s: exit code %d:\n%.600s", flag, o.code, o.stdout)
		}
	}
}
