package main

import (
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// Whether anybody reads along, or can, changes no verdict and loses no report.
func TestNobodyReadsAlong(t *testing.T) {
	t.Parallel()
	for fault, code := range map[string]int{"": verdict.ExitConformant, "validity-string": verdict.ExitNonconformant} {
		server := serve(t, reference.Options{Profile: "aria-operations-8", Fault: fault})
		file := describe(t, server)
		for script, says := range map[string]string{
			`exec "$@" >&-`:        "",
			`exec "$@" >&- 2>&-`:   "",
			`exec "$@" <&- 2>&-`:   "",
			`exec "$@" >/dev/full`: "conform: the output could not be written: no space left on device; the reports have all of it\n",
			`{ "$@"; echo $? >code; } | head -n 1; exit $(cat code)`: "",
		} {
			o := within(t, script, nil, "run", "--target-file", file, "--label-filter", "ARO-VAL-01 || ARO-TOK-02", "--explore", "0")
			if o.code != code || o.report == nil || !o.report.Complete || o.stderr != says {
				t.Errorf("%s: exit code %d, want %d, report %v: %s", script, o.code, code, o.report != nil, o.stderr)
			}
		}
	}
}

// What is printed alone is lost where it cannot be, and that is no wrong usage.
func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"list checks", "explain ARO-TOK-02", "version", "contract aria-operations-8", "run --dry-run", "serve --profile aria-operations-8"} {
		o := within(t, `exec "$@" >/dev/full`, nil, strings.Fields(command)...)
		o.said(t, verdict.ExitIncomplete, "the output could not be written: no space left on device; make room where it goes")
	}
}

// No folder for temporary files is needed to judge, nor a home.
func TestNoHomeAndNoTemporaryFolder(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		`unset HOME TMPDIR; exec "$@"`, `export HOME=/none TMPDIR=/none; exec "$@"`, `export HOME= TMPDIR=/proc; exec "$@"`, `exec env -i "$@"`,
	} {
		o := within(t, script, nil, "run", "--profile", "bluecat-9.5", "--label-filter", "BCT-SES-01")
		if o.code != 0 || o.report == nil || o.stderr != "" {
			t.Errorf("%s: exit code %d: %s", script, o.code, o.stderr)
		}
	}
	within(t, `TMPDIR=/none exec "$@"`, nil, "prove", "--profiles", "door-1").said(t, verdict.ExitUsage, "--profiles")
	o := within(t, `export TMPDIR=/none; exec "$@"`, nil, "prove", "--only", "validity-string")
	o.said(t, verdict.ExitIncomplete, "set TMPDIR to one that can be written into")
}
