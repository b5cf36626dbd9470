package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/specs"
)

type compatFlags struct {
	judging
	profiles []string
	all      bool
}

func newCompat() *cobra.Command {
	var f compatFlags
	cmd := &cobra.Command{
		Use:   "compat [TARGET-FILE]",
		Short: "Judge one server by every profile of its system, and show what differs",
		Long: `compat judges one server by several profiles at once and prints requirement x profile: what changes for the clients
of a server that is upgraded. It prints the requirements that came to different things, or that a profile finds broken
or could not judge. Without a target it judges an embedded reference server, that of --profile.

Exit codes: 0 the server keeps every profile, 1 it breaks at least one, 2 wrong usage or target file, 3 short of a
breach, a profile could not be judged.`,
		Example: `  conform compat target.yaml
  conform compat --profile adaxes-2025.1 --profiles adaxes-2023.2,adaxes-2025.1`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.take(args); err != nil {
				return err
			}
			return f.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.profiles, "profiles", nil, "profiles to judge by (default: all of the system whose credentials come about as those of the target do)")
	flags.BoolVar(&f.all, "all", false, "print every requirement")
	f.addTo(cmd, "profile of the server, without a target file (default: the first of --profiles, or "+defaultProfile+")")
	return cmd
}

func (f *compatFlags) run(cmd *cobra.Command) error {
	if err := f.vet(); err != nil {
		return err
	}
	if f.profile == "" {
		f.profile = append(slices.Clone(f.profiles), defaultProfile)[0]
	}
	f.forget()
	servers, stop, err := f.targets(f.profile)
	if err != nil {
		return err
	}
	defer stop()
	if len(servers) > 1 {
		return errors.New("--target-file is given several times: compat judges one server")
	}
	targets, err := f.under(servers[0])
	if err != nil {
		return err
	}
	return f.do(cmd, targets, func(d *display, r *verdict.Report, _ *judging) { d.compatibility(r, f) })
}

// under is the server as each profile sees it, in the order of the catalogue.
func (f *compatFlags) under(server *target.Target) ([]*target.Target, error) {
	catalogue, err := specs.ForProfile(server.Profile)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, p := range catalogue.Profiles {
		known = append(known, p.ID)
	}
	if err := oneOf("--profiles", known, f.profiles...); err != nil {
		return nil, err
	}
	// Where one profile's API hands out what it asks for and another's takes what an administrator has made, a target that describes the one
	// says nothing of the other, which is judged where it is named.
	given := func(profile string) bool { return reader().Given(profile) }
	var targets []*target.Target
	for _, p := range known {
		if named := slices.Contains(f.profiles, p); len(f.profiles) > 0 && !named || !named && given(p) != given(server.Profile) {
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
func (d *display) compatibility(r *verdict.Report, f *compatFlags) {
	d.print("\n")
	d.matrix(r, f.all, "profile")
	d.ending(r, &f.judging)
}

// matrix shows requirement x run: what came to different things, or all. each is what the runs are, a word.
func (d *display) matrix(r *verdict.Report, all bool, each string) {
	var table strings.Builder
	shown, total, err := reports.Matrix(&table, r, all)
	if err != nil {
		d.print("no table: %s\n", visible(err.Error())) // the reports have it
	}
	for line := range strings.Lines(table.String()) {
		d.print("%s\n", d.fit(visible(strings.TrimSuffix(line, "\n")), 0))
	}
	if left := total - shown; left > 0 && err == nil {
		d.print("%d of %d requirements came to the same in every %s (--all prints them)\n", left, total, each)
	}
}
