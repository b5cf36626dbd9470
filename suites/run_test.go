package suites_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites"
)

// A Go server's own tests judge it in process: start it, describe it, run.
func TestRunInProcess(t *testing.T) {
	// The examples are judged by all checks in process. Without short lifetimes nothing is waited for, and what would have to be is skipped.
	options, filter, skipped := reference.Options{Instances: 2, Lifetimes: reference.ShortLifetimes()}, "!sweep", 1 // HTTP/2, which there is under TLS alone
	if testing.Short() {
		options, filter, skipped = reference.Options{}, "!sweep && MUST", -1
	}
	for _, profile := range reference.Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			options := options
			options.Profile = profile
			server, err := reference.Serve(options)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Close)
			report := suites.Run(t, server.Target(), suites.Parallel(4), suites.LabelFilter(filter))
			if r := report.Runs[0]; r.Verdict != verdict.Conformant || skipped >= 0 && r.Totals.Skipped != skipped || r.Totals.Passed < 20 {
				t.Errorf("%s: %s %+v", r.Verdict, r.Reason, r.Totals)
			}
			if sessions, tokens := server.Live(); sessions+tokens > 0 && server.Endable() {
				t.Errorf("%d sessions and %d tokens live on", sessions, tokens)
			}
		})
	}
}

// broken is the variable that tells this test binary to judge a broken server and to fail.
const broken = "CONFORM_TEST_BROKEN"

// A broken server fails the test, by name.
func TestRunFailsForABrokenServer(t *testing.T) {
	if os.Getenv(broken) != "" {
		server, err := reference.Serve(reference.Options{Profile: "adaxes-2025.1", Fault: os.Getenv(broken)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		suites.Run(t, server.Target(), suites.LabelFilter("destroy"))
		return
	}
	t.Parallel()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(executable, "-test.run", "^TestRunFailsForABrokenServer$", "-test.v")
	cmd.Env = append(os.Environ(), broken+"=destruction-does-nothing")
	output, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the test of a broken server passed:\n%s", output)
	}
	if !strings.Contains(string(output), "--- FAIL: TestRunFailsForABrokenServer/adaxes-2025.1/ADX-DST-04/rejected") {
		t.Errorf("the check is not named:\n%s", output)
	}
}
