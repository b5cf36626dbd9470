package main

import (
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

const shards = 5

// shard runs one part of a run and returns its report.
func shard(t *testing.T, i int, args ...string) outcome {
	t.Helper()
	o := conform(t, nil, append([]string{"run", "--explore", "0", "--shard", fmt.Sprintf("%d/%d", i, shards)}, args...)...)
	if o.report == nil {
		t.Fatalf("shard %d: exit code %d:\n%s%s", i, o.code, o.stdout, o.stderr)
	}
	return o
}

func reportOf(o outcome) string { return filepath.Join(o.dir, "reports/run", reports.JSONFile) }

// merged merges reports and returns the one that they make.
func merged(t *testing.T, paths []string) (outcome, *verdict.Report) {
	t.Helper()
	o := conform(t, nil, append([]string{"merge"}, paths...)...)
	r, err := reports.Read(filepath.Join(o.dir, "reports/run/merged", reports.JSONFile))
	if err != nil {
		t.Fatalf("exit code %d: %v\n%s%s", o.code, err, o.stdout, o.stderr)
	}
	return o, r
}

// What the shards of a run come to is, merged, what the whole comes to: every check is in one of them, the verdict and what it covers are the
// whole's, and no account gets more wrong passwords.
func TestShardsMakeTheWhole(t *testing.T) {
	t.Parallel()
	var files []string
	var servers []*reference.Server
	for _, profile := range reference.Profiles() {
		s := serve(t, reference.Options{Profile: profile, Lifetimes: reference.ShortLifetimes()})
		servers = append(servers, s)
		s.Target().Limits.BadLogins = 2 // so that some are skipped for want of it
		files = append(files, describe(t, s))
	}
	whole := conform(t, nil, append([]string{"run", "--explore", "0"}, files...)...)
	if whole.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", whole.code, whole.stdout, whole.stderr)
	}
	before := make([]map[string]int, len(servers))
	for i, s := range servers {
		before[i] = s.Wrong()
	}
	var paths []string
	seen := map[string]int{}
	for i := 1; i <= shards; i++ {
		o := shard(t, i, files...)
		paths = append(paths, reportOf(o))
		if o.code != 0 || !strings.Contains(o.stdout, fmt.Sprintf("CONFORMANT in what was examined by shard %d of %d: ", i, shards)) {
			t.Errorf("shard %d: exit code %d, and the verdict does not say what it covers:\n%s", i, o.code, o.stdout)
		}
		for run, c := range o.report.Checks() {
			seen[run.Target+" "+c.ID]++
		}
	}
	for i, s := range servers {
		sent := map[string]int{}
		for account, n := range s.Wrong() {
			sent[account] = n - before[i][account]
		}
		expectWithin(t, sent, 2)
	}
	for check, n := range seen {
		if n != 1 {
			t.Errorf("%s is in %d shards", check, n)
		}
	}
	o, all := merged(t, paths)
	if o.code != 0 || len(all.Runs) != len(whole.report.Runs) {
		t.Fatalf("exit code %d with %d runs:\n%s%s", o.code, len(all.Runs), o.stdout, o.stderr)
	}
	for _, want := range whole.report.Runs {
		i := slices.IndexFunc(all.Runs, func(r verdict.Run) bool { return r.Target == want.Target })
		if i < 0 {
			t.Errorf("%s is not there", want.Target)
			continue
		}
		got := all.Runs[i]
		if got.Title() != want.Title() || got.Shard != nil || got.Totals != want.Totals || !reflect.DeepEqual(came(got), came(want)) {
			t.Errorf("%s\n is  %s, %+v\nwant %s, %+v", want.Profile, got.Title(), got.Totals, want.Title(), want.Totals)
			for j, line := range came(want) {
				if now := came(got); j >= len(now) || now[j] != line {
					t.Errorf("first that differs: %s", line)
					break
				}
			}
		}
	}
}

// came is what the checks of a run came to, in its order.
func came(r verdict.Run) (lines []string) {
	for _, c := range r.Checks {
		lines = append(lines, c.ID+" "+string(c.Status))
	}
	return lines
}

// One shard finds what is broken, and the whole is nonconformant for it; a shard that is not there leaves it incomplete; what are no shards of one
// whole make none.
func TestShardsOfABrokenServer(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "aria-operations-8", Fault: "validity-string", Lifetimes: reference.ShortLifetimes()})
	file := describe(t, server)
	var paths []string
	found := 0
	for i := 1; i <= shards; i++ {
		o := shard(t, i, file, "--label-filter", "!sweep")
		paths = append(paths, reportOf(o))
		if o.code == verdict.ExitNonconformant {
			found++
		}
	}
	if found == 0 {
		t.Fatal("no shard is nonconformant")
	}
	o, all := merged(t, paths)
	if o.code != verdict.ExitNonconformant || len(all.Runs) != 1 || !all.Runs[0].Checks[0].Broken() || all.Runs[0].Causes[0].Check != all.Runs[0].Checks[0].ID {
		t.Errorf("exit code %d, and the cause is not first:\n%s", o.code, o.stdout)
	}
	for i := range paths { // the others find nothing broken, or do
		o, part := merged(t, slices.Delete(slices.Clone(paths), i, i+1))
		if o.code == 0 || !strings.Contains(part.Runs[0].Reason, "in no report that was merged") {
			t.Errorf("without shard %d: exit code %d, %s", i+1, o.code, part.Runs[0].Reason)
		}
	}
	other := reportOf(conform(t, nil, "run", file, "--explore", "0", "--label-filter", "!sweep", "--shard", "1/2"))
	whole := reportOf(conform(t, nil, "run", file, "--explore", "0", "--label-filter", "ARO-TOK-02"))
	for name, c := range map[string]struct {
		with []string
		want string
	}{
		"twice":   {[]string{paths[0], paths[0]}, "is shard 1 of 5, as another is"},
		"another": {[]string{paths[1], other}, "not of the same whole as shard 2 of 5"},
		"a whole": {[]string{paths[0], whole}, "both have a run of aria-operations-8 at"},
	} {
		o := conform(t, nil, append([]string{"merge"}, c.with...)...)
		if o.code != verdict.ExitUsage || !strings.Contains(o.stderr, c.want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d, want 2 and %q:\n%s", name, o.code, c.want, o.stderr)
		}
	}
}

// The dry runs of all shards list what that of the whole does, each check once, and wrong passwords of a server in one of them.
func TestShardsArePlanned(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "bluecat-9.5"})
	file := describe(t, server)
	listed := func(o outcome) (lines []string, wrong bool) {
		t.Helper()
		if o.code != 0 || server.WrongPasswords() > 0 {
			t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
		for line := range strings.Lines(o.stdout) {
			if strings.HasPrefix(line, "  run ") || strings.HasPrefix(line, "  skip ") {
				lines = append(lines, line)
			}
			wrong = wrong || strings.HasPrefix(line, "  wrong passwords") && !strings.HasPrefix(line, "  wrong passwords  0 for the account")
		}
		slices.Sort(lines)
		return lines, wrong
	}
	want, _ := listed(conform(t, nil, "run", file, "--dry-run"))
	var got []string
	spending := 0
	for i := 1; i <= shards; i++ {
		o := conform(t, nil, "run", file, "--dry-run", "--shard", fmt.Sprintf("%d/%d", i, shards))
		lines, wrong := listed(o)
		if len(lines) == 0 || len(lines) > len(want)/2 || !strings.Contains(o.stdout, fmt.Sprintf("shard            %d of %d, which make ", i, shards)) {
			t.Errorf("shard %d has %d of %d checks:\n%s", i, len(lines), len(want), o.stdout)
		}
		if got = append(got, lines...); wrong {
			spending++
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) || spending != 1 {
		t.Errorf("%d checks in all shards, %d in the whole; %d shards send wrong passwords", len(got), len(want), spending)
	}
	for args, want := range map[string]string{
		"--shard 0/5": "such as 1/5", "--shard 6/5": "such as 1/5", "--shard x": "such as 1/5",
		"--shard 1/900": "give no more shards than that", "--shard 1/2 --again r.json": "--shard and --again",
	} {
		o := conform(t, nil, append([]string{"run", file, "--dry-run"}, strings.Fields(args)...)...)
		if o.code != verdict.ExitUsage || !strings.Contains(o.stderr, want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d, want 2 and %q:\n%s", args, o.code, want, o.stderr)
		}
	}
	if o := conform(t, nil, "run", "--shard", "1/2"); o.code != verdict.ExitUsage || !strings.Contains(o.stderr, "name the target that the shards share") {
		t.Errorf("servers that are built in: exit code %d: %s", o.code, o.stderr)
	}
}

// The shards of a run of two hundred targets make one report of all, in seconds, which holds what changed against a baseline.
func TestShardsOfAFleet(t *testing.T) {
	t.Parallel()
	const targets = 200
	if testing.Short() {
		t.Skip("it serves two hundred targets")
	}
	args := []string{"--label-filter", "ARO-TOK-02 && !sweep"}
	for i := range targets {
		o := reference.Options{Profile: "aria-operations-8"}
		if i == 7 {
			o.Fault = "validity-string"
		}
		args = append(args, describe(t, serve(t, o)))
	}
	var paths []string
	for i := 1; i <= shards; i++ {
		paths = append(paths, reportOf(shard(t, i, args...)))
	}
	_, before := merged(t, paths[:1])
	baseline := filepath.Join(t.TempDir(), "before.json")
	for i := range before.Runs {
		for j := range before.Runs[i].Checks { // as if all had passed
			before.Runs[i].Checks[j].Status = verdict.Passed
		}
	}
	if err := reports.WriteFile(baseline, 0o600, func(w io.Writer) error { return reports.JSON(w, before) }); err != nil {
		t.Fatal(err)
	}
	o, all := merged(t, append(paths, "--baseline", baseline))
	if len(all.Runs) != targets {
		t.Fatalf("%d runs", len(all.Runs))
	}
	for _, r := range all.Runs {
		if r.Shard != nil || r.Verdict == verdict.Incomplete {
			t.Errorf("%s: %s (%s)", r.Target, r.Verdict, r.Reason)
		}
	}
	page := read(t, filepath.Join(o.dir, "reports/run/merged", reports.HTMLFile))
	if all.Since == nil || len(all.Since.Came) == 0 || !strings.Contains(page, "200 targets") || !strings.Contains(o.stdout, "since the report of ") {
		t.Errorf("what changed is not told: %+v\n%s", all.Since, o.stdout)
	}
}
