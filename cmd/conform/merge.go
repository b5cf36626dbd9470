package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

func newMerge() *cobra.Command {
	var j judging
	var failOn string
	var all bool
	cmd := &cobra.Command{
		Use:   "merge REPORT…",
		Short: "Make one report of several: every form of it, and the matrix of what their runs came to",
		Long: `merge reads the report.json of several runs and writes one report of them in every form, with their runs side by side, and prints where
they differ. Each run keeps the verdict that it came to, and the exit code is that of the worst.

Exit codes: 0 conformant, 1 nonconformant, 2 a report that cannot be read, or two of one profile at one target, 3 incomplete.`,
		Example: `  conform merge a/report.json b/report.json c/report.json
  conform merge nightly/*/report.json --out reports/nightly --fail-on should
  conform merge tonight/*/report.json --baseline reports/nightly/report.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("no report is named; give the report.json of each run: conform merge REPORT…")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			j.gate = verdict.Level(strings.ToUpper(failOn))
			if err := cmp.Or(oneOf("--reports", reports.Files(), j.reports...), oneOf("--fail-on", gates, strings.ToLower(failOn)), j.readBaseline()); err != nil {
				return err
			}
			return j.merge(cmd, args, all)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&j.out, "out", "reports/run/merged", "folder for the reports")
	flags.StringSliceVar(&j.reports, "reports", nil, "write these reports only ("+strings.Join(reports.Files(), ", ")+")")
	flags.BoolVar(&all, "all", false, "print every requirement")
	flags.StringVar(&failOn, "fail-on", "must", "what closes the gate: must, or should as well")
	flags.StringVar(&j.baseline, "baseline", "", baselineUsage)
	flags.BoolVar(&j.requireComplete, "require-complete", false, "end with 3 unless every MUST of each run's profile was examined, with all its checks")
	return cmd
}

// merge writes and shows one report of those in the files; all is to print every requirement. The error carries the exit code.
func (j *judging) merge(cmd *cobra.Command, paths []string, all bool) error {
	var merged []*verdict.Report
	for _, path := range paths {
		r, err := reports.Read(path)
		if err != nil {
			return err
		}
		if liesIn(path, j.out) {
			return fmt.Errorf("--out %s: it holds %s, which is to be merged, and whose place the new report would take; name another folder", j.out, path)
		}
		merged = append(merged, r)
	}
	r, err := verdict.Merge(paths, merged)
	if err != nil {
		return errors.New(visible(err.Error())) // a file may say anything
	}
	j.hold(r)
	folder, err := take(j.out, j.reports)
	if err != nil {
		return fmt.Errorf("--out %s: %w", j.out, err)
	}
	defer folder.release()
	lost := folder.write(r)
	j.written = folder.written
	show := &display{w: cmd.OutOrStdout()}
	show.matrix(r, all, "run")
	show.ending(r, j)
	show.sinceThen(r)
	code := j.code(r)
	if lost != nil {
		return exitError{cmp.Or(code, verdict.ExitIncomplete), lost}
	}
	if code != 0 {
		return exitError{code: code}
	}
	return nil
}

// liesIn reports whether a file lies in a folder itself, by whichever names.
func liesIn(path, folder string) bool {
	a, err := os.Stat(filepath.Dir(path))
	b, missing := os.Stat(folder)
	return err == nil && missing == nil && os.SameFile(a, b)
}
