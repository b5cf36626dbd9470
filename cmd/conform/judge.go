package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/harness/waiver"
	"example.org/conform/reports"
	"example.org/conform/suites"
	"example.org/conform/suites/runner"
)

// judgeFlags are those of every command that judges targets.
type judgeFlags struct {
	out, labelFilter, failOn, waivers, annotations string
	reports                                        []string
	procs                                          int
	seed                                           int64
}

func (f *judgeFlags) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "reports/run", "folder for the reports")
	flags.StringSliceVar(&f.reports, "reports", nil, "write these reports only ("+strings.Join(reports.Files(), ", ")+")")
	flags.IntVar(&f.procs, "procs", runner.DefaultProcs, "number of checks at a time")
	flags.StringVar(&f.labelFilter, "label-filter", "", "select checks by profile, subject, level or requirement, in Ginkgo's syntax")
	flags.StringVar(&f.failOn, "fail-on", "must", "what closes the gate: must, or should as well")
	flags.StringVar(&f.waivers, "waivers", "", "file of failures to live with for a while; one that no longer holds closes the gate")
	flags.StringVar(&f.annotations, "annotations", "", "print annotations at the end, in the form of github")
	flags.Int64Var(&f.seed, "seed", 0, "seed of the order of the checks (default: the time)")
}

// judging is what the flags say, read and found to be in order.
type judging struct {
	flags   judgeFlags
	failOn  verdict.Level
	waivers []waiver.Waiver
	// embedded says that no target was given, and that the targets are reference servers.
	embedded bool
}

func (f judgeFlags) vet() (judging, error) {
	j := judging{flags: f}
	if f.procs < 1 || f.procs > 256 {
		return j, fmt.Errorf("--procs %d: give a number from 1 to 256", f.procs)
	}
	for _, name := range f.reports {
		if !slices.Contains(reports.Files(), name) {
			return j, fmt.Errorf("--reports %q: give some of %s", name, strings.Join(reports.Files(), ", "))
		}
	}
	if f.annotations != "" && f.annotations != "github" {
		return j, fmt.Errorf("--annotations %q: give github", f.annotations)
	}
	switch strings.ToLower(f.failOn) {
	case "must":
		j.failOn = verdict.Must
	case "should":
		j.failOn = verdict.Should
	default:
		return j, fmt.Errorf("--fail-on %q: give must or should", f.failOn)
	}
	if f.waivers == "" {
		return j, nil
	}
	var err error
	if j.waivers, err = waiver.Load(f.waivers); err != nil {
		return j, fmt.Errorf("--waivers: %w", err)
	}
	defs, err := allChecks()
	if err != nil {
		return j, err
	}
	var ids []string
	for _, d := range defs {
		ids = append(ids, d.ID)
	}
	if err := waiver.Vet(j.waivers, ids); err != nil {
		return j, fmt.Errorf("--waivers: %w", err)
	}
	return j, nil
}

func (j judging) options(targets []*target.Target) runner.Options {
	return runner.Options{
		Targets: targets, Systems: suites.Systems(), LabelFilter: j.flags.labelFilter, Procs: j.flags.procs, Seed: j.flags.seed,
		Suite: "conform " + version(),
	}
}

// plan says what do would do, and sends nothing.
func (j judging) plan(cmd *cobra.Command, targets []*target.Target) error {
	planned, err := runner.Plan(j.options(targets))
	if err != nil {
		return err
	}
	printPlan(cmd.OutOrStdout(), planned)
	return nil
}

// do judges the targets, applies the waivers, writes the reports and shows what the run came to. The error carries
// the exit code.
func (j judging) do(cmd *cobra.Command, targets []*target.Target, summary func(*display, *verdict.Report, judging)) error {
	run, err := runner.New(j.options(targets))
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" && checks(run) > fewChecks {
		debug.SetGCPercent(40) // a long run mostly waits: its memory is worth more than its processor
	}
	if err := os.MkdirAll(j.flags.out, 0o755); err != nil {
		return fmt.Errorf("--out: making the folder for the reports: %w", err)
	}
	if err := writable(j.flags.out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if j.embedded {
		fmt.Fprintln(cmd.OutOrStdout(), "no target is given: judging the reference servers that are built in")
	}
	show := newDisplay(cmd.OutOrStdout(), run)
	report := run.Do(cmd.Context(), runner.InGinkgo(j.flags.labelFilter))
	show.close()
	if j.flags.waivers != "" {
		waiver.Apply(report, j.waivers, time.Now())
	}
	writeErr := reports.Write(j.flags.out, report, j.flags.reports)
	summary(show, report, j)
	if j.flags.annotations != "" {
		show.annotations(report)
	}
	code := report.ExitCode(j.failOn)
	if writeErr != nil {
		if code == verdict.ExitConformant {
			code = verdict.ExitIncomplete // a gate must not open on a report that is not there
		}
		return exitError{code, errors.New(run.Scrub(writeErr.Error()))}
	}
	if code != 0 {
		return exitError{code: code}
	}
	return nil
}

// fewChecks are so many that a run of them is over before its garbage is worth collecting.
const fewChecks = 20

func checks(run *runner.Run) int {
	n := 0
	for _, p := range run.Planned() {
		n += len(p.Plan.Run)
	}
	return n
}

// writable tries to write into a folder, and into the reports of an earlier run that are there: better now than when the
// run is over and its report has nowhere to go.
func writable(folder string) error {
	file, err := os.CreateTemp(folder, ".conform-*")
	if err != nil {
		return fmt.Errorf("writing into the folder for the reports: %w", err)
	}
	err = errors.Join(file.Close(), os.Remove(file.Name()))
	for _, name := range reports.Files() {
		report, openErr := os.OpenFile(filepath.Join(folder, name), os.O_WRONLY, 0)
		if openErr == nil {
			err = errors.Join(err, report.Close())
		} else if !errors.Is(openErr, fs.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("writing the report: %w", openErr))
		}
	}
	return err
}
