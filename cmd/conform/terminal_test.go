package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// onTerminal runs the command on a terminal of its own, and returns what it shows there.
func onTerminal(t *testing.T, columns string, env []string, args ...string) string {
	t.Helper()
	script, err := exec.LookPath("script")
	if err != nil {
		t.Skip("no script(1) on this machine: there is no terminal to run on")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	line := "stty cols " + columns + "; exec"
	for _, word := range append([]string{conformBinary(t)}, args...) {
		line += " '" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	cmd := exec.CommandContext(ctx, script, "-qec", line, "/dev/null")
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir, "TMPDIR=" + cmd.Dir, "SHELL=/bin/sh"}, env...)
	output, err := cmd.Output()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(output), "\r\n", "\n")
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestWhatATerminalShows(t *testing.T) {
	t.Parallel()
	// With 700 ms for each answer a run lasts longer than the live line takes to appear.
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200", Latency: 700 * time.Millisecond})
	args := []string{"run", "--target-file", describe(t, server), "--label-filter", "ADX-DST-02 && !sweep"}
	for _, test := range []struct {
		name          string
		env           []string
		colours, live bool
	}{
		{"colours", []string{"TERM=xterm"}, true, true},
		{"NO_COLOR", []string{"TERM=xterm", "NO_COLOR=1"}, false, true},
		{"dumb", []string{"TERM=dumb"}, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			output := onTerminal(t, "80", test.env, args...)
			if got := colour.MatchString(output); got != test.colours {
				t.Errorf("colours: %v\n%q", got, output)
			}
			if got := strings.Contains(output, "\r\x1b[K0 of 1 done, 0 failed"); got != test.live {
				t.Errorf("a live line: %v\n%q", got, output)
			}
			if left := colour.ReplaceAllString(strings.ReplaceAll(output, "\r\x1b[K", ""), ""); strings.ContainsAny(left, "\x1b\r") {
				t.Errorf("other escape codes: %q", output)
			}
			// The command is broken once, where it can be copied as it stands. It is that of the script, as it needs a session.
			if !regexp.MustCompile(`(?m)^  repeat    \S+/conform repeat reports/run/report\.json \\\n {12}adaxes-2025\.1/ADX-DST-02/twice --run$`).MatchString(output) {
				t.Errorf("no command on two lines:\n%s", output)
			}
		})
	}
}

// A broken check takes at most ten lines, each with its label, and no line holds what a terminal would obey.
func TestABrokenCheckTakesTenLines(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"})
	o := conform(t, []string{"TERM=xterm"}, "run", "--target-file", describe(t, server), "--label-filter", "destroy")
	if strings.ContainsAny(o.stdout, "\x1b\r") {
		t.Errorf("escape codes in a pipe: %q", o.stdout)
	}
	blocks := strings.Split(o.stdout, "\n\n")
	failed := 0
	for _, block := range blocks {
		if !strings.HasPrefix(block, "FAILED ") {
			continue
		}
		failed++
		lines := strings.Split(block, "\n")
		if len(lines) > 10 {
			t.Errorf("%d lines:\n%s", len(lines), block)
		}
		for _, label := range []string{"promise", "source", "expected", "actual", "repeat", "evidence"} {
			if !strings.Contains(block, "\n  "+label+" ") {
				t.Errorf("no line %q:\n%s", label, block)
			}
		}
		// The evidence is where the line says.
		_, place, _ := strings.Cut(block, "\n  evidence  ")
		file, anchor, _ := strings.Cut(place, "#")
		page, err := os.ReadFile(filepath.Join(o.dir, file))
		if err != nil || !strings.Contains(string(page), `id="`+anchor+`"`) {
			t.Errorf("%s leads nowhere: %v", place, err)
		}
	}
	all := o.report.Runs[0].Totals.Failed
	for _, cause := range o.report.Runs[0].Causes { // what broke with another stands there
		failed += len(cause.Also)
	}
	if failed == 0 || failed != all {
		t.Errorf("%d of %d failures are shown:\n%s", failed, all, o.stdout)
	}
	if got := strings.Count(o.stdout, "\nfailed  MUST "); got != all {
		t.Errorf("the table has %d of %d failures:\n%s", got, all, o.stdout)
	}
}

// Whoever reads the output may stop: the run goes on, leaves its reports and ends with its verdict.
func TestABrokenPipeDoesNoHarm(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	dir := t.TempDir()
	cmd := exec.Command(conformBinary(t), "run", "--target-file", describe(t, server), "--label-filter", "ADX-SES-01", "--out", dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = writer
	_ = reader.Close()
	err = cmd.Run()
	_ = writer.Close()
	if err != nil || stderr.String() != "" {
		t.Errorf("%v: %s", err, stderr.String())
	}
	report, err := reports.Read(filepath.Join(dir, reports.JSONFile))
	if err != nil {
		t.Fatal(err)
	}
	if report.Runs[0].Verdict != verdict.Conformant {
		t.Errorf("the verdict is %s", report.Runs[0].Verdict)
	}
	if sessions, tokens := server.Live(); sessions+tokens > 0 {
		t.Errorf("%d sessions and %d tokens live on", sessions, tokens)
	}
	list := exec.Command("sh", "-c", `"$0" list checks | head -n 1`, conformBinary(t))
	list.Stdout = io.Discard
	stderr.Reset()
	list.Stderr = &stderr
	if err := list.Run(); err != nil || stderr.String() != "" {
		t.Errorf("a list that nobody reads to its end: %v: %s", err, stderr.String())
	}
}

// What a build server obeys wherever it stands in a line does not reach the log as such.
func TestVisibleShowsNoCommands(t *testing.T) {
	t.Parallel()
	for text, shown := range map[string]string{
		"##vso[task.complete result=Succeeded;]": "# #vso[task.complete result=Succeeded;]",
		"a ##teamcity[x] b":                      "a # #teamcity[x] b",
		"a\x1b[31m\u202eb":                       "a\ufffd[31m\ufffdb",
		"plain":                                  "plain",
	} {
		if got := visible(text); got != shown {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}
