package main

import (
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// A server of the later release breaks what the earlier document alone promises, and nothing else.
func TestCompatShowsWhatAnUpgradeChanges(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	o := conform(t, nil, "compat", "--target-file", describe(t, server), "--label-filter", "!sweep") // the table is of what is promised
	if o.code != verdict.ExitNonconformant {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	var outcomes []string
	for _, run := range o.report.Runs {
		outcomes = append(outcomes, run.Profile+" "+string(run.Verdict))
		if run.Target != server.URL() {
			t.Errorf("%s was judged at %s", run.Profile, run.Target)
		}
	}
	if got, want := strings.Join(outcomes, ", "), "adaxes-2023.2 nonconformant, adaxes-2025.1 conformant"; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	rows := matrix(t, o.stdout)
	if got := strings.Join(rows["REQUIREMENT"], " "); got != "LEVEL adaxes-2023.2 adaxes-2025.1 PROMISE" {
		t.Errorf("the head of the table is %q", got)
	}
	for id, want := range map[string]string{
		"ADX-SES-18": "MUST ✕ failed ·",   // totpState, which the later document no longer lists
		"ADX-TYP-02": "SHOULD · ✓ passed", // an older client's type 0
	} {
		if got := strings.Join(rows[id], " "); !strings.HasPrefix(got, want+" ") {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if _, shown := rows["ADX-SES-01"]; shown {
		t.Error("what both profiles find kept is in the table")
	}
	if sessions, tokens := server.Live(); sessions+tokens > 0 {
		t.Errorf("%d sessions and %d tokens live on", sessions, tokens)
	}
}

// Two profiles are judged against one account: together they send no more wrong passwords than one run may.
func TestCompatSharesTheGuardOfTheServer(t *testing.T) {
	t.Parallel()
	const enough = 64 // for every wrong password that the checks of sessions send
	for _, allowed := range []int{0, 1, enough} {
		server := serve(t, reference.Options{Profile: "adaxes-2023.2"})
		server.Target().Limits.BadLogins = allowed
		o := conform(t, nil, "compat", "--target-file", describe(t, server), "--label-filter", "session", "--all")
		if o.code != 0 {
			t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		expectWithin(t, server.Wrong(), allowed)
		// What one profile spends serves the other as well.
		marks := strings.Join(matrix(t, o.stdout)["ADX-SES-08"], " ")
		want := map[bool]string{true: "MUST ✓ passed ✓ passed ", false: "MUST – skipped – skipped "}[allowed == enough]
		if !strings.HasPrefix(marks, want) {
			t.Errorf("with %d allowed ADX-SES-08 is %q, want %q", allowed, marks, want)
		}
	}
}

func TestCompatOnBadUsage(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"adaxes-2023.2, adaxes-2025.1": {"--profiles", "adaxes-2025.1,bluecat-9.5"},
		"holds the profile":            {"--target-file", "x.yaml", "--profile", "adaxes-2025.1"},
		"holds the URL":                {"--target-file", "x.yaml", "--target", "http://127.0.0.1:1"},
		"CONFORM_PASSWORD":             {"--target", "http://127.0.0.1:1"},
	} {
		o := conform(t, nil, append([]string{"compat"}, args...)...)
		if o.code != verdict.ExitUsage || !strings.Contains(o.stderr, name) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%v: exit code %d, %q", args, o.code, o.stderr)
		}
	}
	if o := conform(t, []string{"CONFORM_USERNAME=a", "CONFORM_PASSWORD=secret-word"}, "compat", "--target", "http://127.0.0.1:1"); o.code != verdict.ExitIncomplete {
		t.Errorf("without a server the exit code is %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
}

// matrix reads the table of an output: the words of each line, by the first.
func matrix(t *testing.T, output string) map[string][]string {
	t.Helper()
	_, table, found := strings.Cut(output, "\nREQUIREMENT ")
	if !found {
		t.Fatalf("no table in\n%s", output)
	}
	rows := map[string][]string{}
	for line := range strings.Lines("REQUIREMENT " + table) {
		words := strings.Fields(line)
		if len(words) == 0 {
			break
		}
		rows[words[0]] = words[1:]
	}
	return rows
}
