package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/specs"
)

type compatFlags struct {
	judgeFlags
	target, profile, targetFile string
	profiles                    []string
	all, dryRun                 bool
}

func newCompat() *cobra.Command {
	var f compatFlags
	cmd := &cobra.Command{
		Use:   "compat",
		Short: "Judge one server by every profile of its system, and show what differs",
		Long: `compat judges one server by several profiles at once and prints requirement x profile: what changes for the clients
of a server that is upgraded. It prints the requirements that came to different things, or that a profile finds broken
or could not judge. Without a target it judges an embedded reference server, that of --profile.

Exit codes: 0 the server keeps every profile, 1 it breaks at least one, 2 wrong usage or target file, 3 short of a
breach, a profile could not be judged.`,
		Example: `  conform compat --target-file target.yaml
  conform compat --profile adaxes-2025.1 --profiles adaxes-2023.2,adaxes-2025.1`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.target, "target", "", "base URL of the server to judge; credentials in CONFORM_USERNAME and CONFORM_PASSWORD")
	flags.StringVar(&f.targetFile, "target-file", "", "description of the target, YAML or JSON")
	flags.StringVar(&f.profile, "profile", "", "profile of the server, without a target file (default: the first of --profiles, or "+defaultProfile+")")
	flags.StringSliceVar(&f.profiles, "profiles", nil, "profiles to judge by (default: all of the system)")
	flags.BoolVar(&f.all, "all", false, "print every requirement")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print what the run would do, and send nothing")
	f.addTo(cmd)
	return cmd
}

func (f compatFlags) run(cmd *cobra.Command) error {
	if f.target != "" && f.targetFile != "" {
		return errors.New("--target and --target-file are both given: a target file holds the URL itself")
	}
	if f.targetFile != "" && f.profile != "" {
		return errors.New("--profile and --target-file are both given: a target file holds the profile itself")
	}
	j, err := f.vet()
	if err != nil {
		return err
	}
	server, stop, err := f.server()
	if err != nil {
		return err
	}
	defer stop()
	targets, err := f.targets(server)
	if err != nil {
		return err
	}
	if f.dryRun {
		return j.plan(cmd, targets)
	}
	return j.do(cmd, targets, func(d *display, r *verdict.Report, j judging) { d.compatibility(r, j, f.all) })
}

// server returns the one server to judge, which stop ends if it is an embedded one.
func (f compatFlags) server() (t *target.Target, stop func(), err error) {
	none := func() {}
	if f.targetFile != "" {
		t, err := reader().Load(f.targetFile)
		return t, none, err
	}
	profile := f.profile
	if profile == "" && len(f.profiles) > 0 {
		profile = f.profiles[0]
	}
	if f.target != "" {
		t, err := reader().FromFlags(f.target, profile, os.LookupEnv)
		return t, none, err
	}
	if profile == "" {
		profile = defaultProfile
	}
	if f.dryRun {
		t, err := reference.Describe(profile)
		return t, none, err
	}
	s, err := reference.Serve(reference.Options{Profile: profile, Instances: 2, Lifetimes: reference.ShortLifetimes()})
	if err != nil {
		return nil, none, err
	}
	return s.Target(), s.Close, nil
}

// targets are the server under each profile, in the order of the catalogue.
func (f compatFlags) targets(server *target.Target) ([]*target.Target, error) {
	catalogue, err := specs.ForProfile(server.Profile)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, p := range catalogue.Profiles {
		known = append(known, p.ID)
	}
	for _, p := range f.profiles {
		if !slices.Contains(known, p) {
			return nil, fmt.Errorf("--profiles %q: the profiles of %s are %s", p, catalogue.Title, strings.Join(known, ", "))
		}
	}
	var targets []*target.Target
	for _, p := range known {
		if len(f.profiles) > 0 && !slices.Contains(f.profiles, p) {
			continue
		}
		t := *server
		t.Profile = p
		if err := reader().Validate(&t); err != nil {
			return nil, fmt.Errorf("the target as %s: %w", p, err)
		}
		targets = append(targets, &t)
	}
	return targets, nil
}

// compatibility shows requirement x profile, and the verdicts.
func (d *display) compatibility(r *verdict.Report, j judging, all bool) {
	var table strings.Builder
	shown, total, err := reports.Matrix(&table, r, all)
	if err != nil {
		d.print("\nno table: %s\n", visible(err.Error())) // the reports have it
	}
	d.print("\n")
	for line := range strings.Lines(table.String()) {
		d.print("%s\n", d.fit(visible(strings.TrimSuffix(line, "\n")), 0))
	}
	if left := total - shown; left > 0 && err == nil {
		d.print("%d of %d requirements came to the same in every profile (--all prints them)\n", left, total)
	}
	d.waivers(r)
	for _, run := range r.Runs {
		d.verdict(run)
	}
	d.print("reports in %s\n", j.flags.out)
}
