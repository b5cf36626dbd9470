package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/harness/waiver"
	"example.org/conform/reports"
	"example.org/conform/suites/runner"
)

// These are the values of --evidence.
const everything, brokenAlone = "all", "broken"

// fleet is how many targets are so many that nobody reads what each was sent where it passed, and a page would not open with it.
const fleet = 20

// gates are the values of --fail-on.
var gates = []string{"must", "should"}

// judging is what every command that judges targets is asked to do: its flags, and what they say.
type judging struct {
	targetFlags
	out, labelFilter, failOn, waivers, annotations string
	again, shard, baseline                         string
	reports                                        []string
	written                                        []string // which of them there are
	procs                                          int
	seed, explore, evidence                        string

	gate            verdict.Level
	number          uint64 // the seed
	onward, timeout time.Duration
	progress        time.Duration
	before          *earlier        // of --again
	since           *verdict.Report // of --baseline
	part            runner.Shard
	excused         []waiver.Waiver
	requireComplete bool
	// ofClients says that clients are judged, and no server.
	ofClients bool
	// embedded says that no target was given, and that the targets are reference servers.
	embedded bool
}

func (j *judging) addTo(cmd *cobra.Command, profileUsage string) {
	j.targetFlags.addTo(cmd, profileUsage)
	flags := cmd.Flags()
	flags.StringVar(&j.out, "out", "reports/run", "folder for the reports")
	flags.StringSliceVar(&j.reports, "reports", nil, "write these reports only ("+strings.Join(reports.Files(), ", ")+")")
	flags.IntVar(&j.procs, "procs", runner.DefaultProcs, "number of checks at a time")
	flags.StringVar(&j.labelFilter, "label-filter", "", "select checks by profile, subject, level or requirement, in Ginkgo's syntax")
	flags.StringVar(&j.failOn, "fail-on", "must", "what closes the gate: must, or should as well")
	flags.BoolVar(&j.requireComplete, "require-complete", false, "end with 3 unless every MUST of the profile was examined, with all its checks")
	flags.StringVar(&j.waivers, "waivers", "", "file of failures to live with for a while; one that no longer holds closes the gate")
	flags.StringVar(&j.annotations, "annotations", "", "print annotations at the end, in the form of github")
	flags.StringVar(&j.seed, "seed", "1", "seed of the order of the checks and of the walks: a number, or random")
	flags.StringVar(&j.evidence, "evidence", "", fmt.Sprintf("whose exchanges the reports hold: all, or broken for those of checks alone that did not pass "+
		"(default all, and broken for more than %d targets)", fleet))
	flags.DurationVar(&j.timeout, "timeout", 0, "how long the run may take (30m); by default what the dry run says")
	flags.DurationVar(&j.progress, "progress", 15*time.Second, "how often to say how far the run is, where stderr is no terminal; 0 for never")
	flags.StringVar(&j.explore, "explore", "", "how long to walk on when a plain run's walks are done (10m); 0 for no walks")
}

// vet reads what the flags say, and finds it to be in order.
func (j *judging) vet() error {
	if err := j.targetFlags.vet(); err != nil {
		return err
	}
	if err := j.room(); err != nil {
		return err
	}
	if j.evidence == "" {
		if j.evidence = everything; len(j.targetFiles) > fleet {
			j.evidence = brokenAlone
		}
	}
	if j.procs < 1 || j.procs > 256 {
		return fmt.Errorf("--procs %d: give a number from 1 to 256", j.procs)
	}
	if j.timeout < 0 {
		return fmt.Errorf("--timeout %s: give a time such as 30m", j.timeout)
	}
	if j.progress < 0 {
		return fmt.Errorf("--progress %s: give a time such as 15s, or 0", j.progress)
	}
	if err := cmp.Or(j.vetWalks(), j.vetShard(), j.readBaseline()); err != nil {
		return err
	}
	j.gate = verdict.Level(strings.ToUpper(j.failOn))
	err := cmp.Or(
		oneOf("--reports", reports.Files(), j.reports...),
		oneOf("--evidence", []string{everything, brokenAlone}, j.evidence),
		oneOf("--annotations", []string{"github"}, strings.Fields(j.annotations)...),
		oneOf("--fail-on", gates, strings.ToLower(j.failOn)),
	)
	if err != nil || j.waivers == "" {
		return err
	}
	defs, err := j.checks()
	if err != nil {
		return err
	}
	var ids []string
	for _, d := range defs {
		ids = append(ids, d.ID)
	}
	if j.excused, err = waiver.Load(j.waivers); err == nil {
		err = waiver.Vet(j.excused, ids)
	}
	if err != nil {
		return fmt.Errorf("--waivers: %w", err)
	}
	return nil
}

// vetWalks reads --seed and --explore.
func (j *judging) vetWalks() error {
	var err error
	if j.number, err = strconv.ParseUint(j.seed, 10, 63); j.seed == "random" {
		j.number = uint64(time.Now().UnixNano())
	} else if err != nil {
		return fmt.Errorf("--seed %s: give a number, or random", j.seed)
	}
	if j.explore == "" {
		return nil
	}
	if j.onward, err = time.ParseDuration(j.explore); err != nil || j.onward < 0 {
		return fmt.Errorf("--explore %s: give a time such as 10m, or 0", j.explore)
	}
	return nil
}

// baselineUsage is what --baseline is for.
const baselineUsage = "show in the reports what changed since this report.json of an earlier run; conform diff makes a gate of that"

// readBaseline reads what --baseline names, before the new report may take its place.
func (j *judging) readBaseline() (err error) {
	if j.baseline == "" {
		return nil
	}
	if j.since, err = reports.Read(j.baseline); err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	return nil
}

// hold holds a report against the baseline, where there is one.
func (j *judging) hold(r *verdict.Report) {
	if j.since != nil {
		r.Since = reports.Since(j.since, r)
	}
}

// sinceThen says in a line how a report differs from its baseline.
func (d *display) sinceThen(r *verdict.Report) {
	if s := r.Since; s != nil {
		d.print("since the report of %s: %s worse, %s mended\n", s.Finished.UTC().Format("2006-01-02 15:04 UTC"),
			verdict.Count(len(s.Worse), "check is", "checks are"), verdict.Count(len(s.Better), "check is", "checks are"))
	}
}

// vetShard reads --shard.
func (j *judging) vetShard() error {
	if j.shard == "" {
		return nil
	}
	index, of, _ := strings.Cut(j.shard, "/")
	i, err := strconv.Atoi(index)
	n, badly := strconv.Atoi(of)
	switch {
	case err != nil || badly != nil || i < 1 || n < 1 || i > n:
		return fmt.Errorf("--shard %s: give the number of the shard and how many there are, such as 1/5 for the first of five", j.shard)
	case j.again != "":
		return errors.New("--shard and --again are both given: merge the reports of the shards, and judge again what was not passed in that one")
	case j.target == "" && len(j.targetFiles) == 0 && !j.dryRun:
		return errors.New("--shard: the servers that are built in are new in every run; name the target that the shards share")
	}
	j.part = runner.Shard{Index: i, Of: n}
	return nil
}

// do judges the targets, applies the waivers, writes the reports and shows what the run came to; dry, it says what it
// would do, and sends nothing. The error carries the exit code.
func (j *judging) do(cmd *cobra.Command, targets []*target.Target, summary func(*display, *verdict.Report, *judging)) error {
	options := runner.Options{
		Targets: targets, Systems: j.systems(), Shard: j.part, LabelFilter: j.labelFilter, Procs: j.procs, Suite: "conform " + version(),
		Seed: j.number, Explore: j.onward, NoWalks: j.explore != "" && j.onward == 0,
		OnlyBroken: j.evidence == brokenAlone, Timeout: j.timeout, Hurry: hurried(cmd.Context()),
	}
	if j.before != nil {
		var err error
		if options.Targets, err = j.before.left(options); err != nil {
			return err
		}
		options.Only = j.before.wants
		if len(options.Targets) == 0 {
			return j.stands(cmd)
		}
	}
	if j.dryRun {
		planned, err := runner.Plan(options)
		if err != nil {
			return err
		}
		return writePlan(cmd.OutOrStdout(), planned, options, j.sends())
	}
	options.Expects = func(p runner.Planned, request, run time.Duration) {
		expected(cmd.ErrOrStderr(), plannedName(p.Target, options.Targets), request, run)
	}
	run, err := runner.New(options)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" && checks(run) > fewChecks {
		debug.SetGCPercent(100)                                       // most runs stay far below the limit; towards it, memory is worth more than the processor's time
		debug.SetMemoryLimit(int64(110+len(options.Targets)/2) << 20) // of each the report is kept
	}
	by, err := j.judgedBy(profilesOf(options.Targets)) // now, and not when it is over: a file may have changed by then
	if err != nil {
		return err
	}
	folder, err := take(j.out, j.reports)
	if err != nil {
		return fmt.Errorf("--out %s: %w", j.out, err)
	}
	defer folder.release()
	if j.embedded {
		fmt.Fprintln(cmd.OutOrStdout(), "no target is given: judging the reference servers that are built in")
	}
	if j.seed == "random" {
		fmt.Fprintf(cmd.OutOrStdout(), "the seed is %d\n", j.number)
	}
	show := newDisplay(cmd.OutOrStdout(), cmd.ErrOrStderr(), run, j.progress)
	defer context.AfterFunc(cmd.Context(), func() {
		fmt.Fprintln(cmd.ErrOrStderr(), "conform: interrupted: what the run has made is ended, then the reports are written; a second signal gives up on the former")
	})()
	report := run.Do(cmd.Context(), runner.InGinkgo(j.labelFilter))
	show.close()
	for i := range report.Runs {
		r := &report.Runs[i]
		r.Catalogue, r.Contract = by[r.Profile].catalogue, by[r.Profile].contract
	}
	if j.before != nil {
		j.before.enter(report, targets)
	}
	waiver.Apply(report, j.excused, time.Now())
	j.hold(report)
	lost := folder.write(report)
	j.written = folder.written
	summary(show, report, j)
	show.sinceThen(report)
	if j.annotations != "" {
		_ = reports.Annotations(show.w, report) // as with everything that is shown
	}
	code := j.code(report)
	if code != report.ExitCode(j.gate) {
		show.print("--require-complete: not every MUST was examined; %s says what to add to the target\n", filepath.Join(j.out, reports.MarkdownFile))
	}
	if show.unprinted != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "conform: the output could not be written: %v; the reports have all of it\n", show.unprinted)
	}
	if lost != nil {
		// A gate must not open on a report that is not there.
		return exitError{cmp.Or(code, verdict.ExitIncomplete), errors.New(run.Scrub(lost.Error()))}
	}
	if code != 0 {
		return exitError{code: code}
	}
	return nil
}

// profilesOf are those by which some targets are judged, each once.
func profilesOf(targets []*target.Target) (all []string) {
	for _, t := range targets {
		if !slices.Contains(all, t.Profile) {
			all = append(all, t.Profile)
		}
	}
	return all
}

// plannedName is the profile of a target, with its URL where several are judged by that.
func plannedName(t *target.Target, all []*target.Target) string {
	for _, other := range all {
		if other != t && other.Profile == t.Profile {
			return t.Profile + " at " + t.URL
		}
	}
	return t.Profile
}

// code is the exit code for a report.
func (j *judging) code(r *verdict.Report) int {
	code := r.ExitCode(j.gate)
	if code == 0 && j.requireComplete && !r.Whole() {
		return verdict.ExitIncomplete
	}
	return code
}

// fewChecks are so many that a run of them is over before its garbage is worth collecting.
const fewChecks = 20

// checks is the number of checks that a run is to do.
func checks(run *runner.Run) int {
	n := 0
	for _, p := range run.Planned() {
		n += len(p.Run)
	}
	return n
}
