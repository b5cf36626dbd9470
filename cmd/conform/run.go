package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/suites"
)

// defaultProfile is the profile of a target that names none.
const defaultProfile = "adaxes-2025.1"

// reader reads descriptions of targets.
func reader() target.Reader {
	r := suites.Reader()
	r.Profile = defaultProfile
	return r
}

type runFlags struct {
	judgeFlags
	target, profile string
	targetFiles     []string
	dryRun          bool
}

func newRun() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Judge a target, or without one the embedded reference servers of every profile",
		Example: `  conform run
  CONFORM_USERNAME=svc@example.com CONFORM_PASSWORD=… conform run --target https://host/restApi
  conform run --target-file target.yaml --label-filter 'renewal && MUST'
  conform run --target-file target.yaml --waivers waivers.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.target, "target", "", "base URL of the server to judge; credentials in CONFORM_USERNAME and CONFORM_PASSWORD")
	flags.StringVar(&f.profile, "profile", "", "profile to judge by (default "+defaultProfile+" with --target, else all)")
	flags.StringArrayVar(&f.targetFiles, "target-file", nil, "description of the target, YAML or JSON; give it again to judge several targets in one run")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print what the run would do, and send nothing")
	f.addTo(cmd)
	return cmd
}

func (f runFlags) run(cmd *cobra.Command) error {
	if f.target != "" && len(f.targetFiles) > 0 {
		return errors.New("--target and --target-file are both given: a target file holds the URL itself")
	}
	if len(f.targetFiles) > 0 && f.profile != "" {
		return errors.New("--profile and --target-file are both given: a target file holds the profile itself")
	}
	j, err := f.vet()
	if err != nil {
		return err
	}
	targets, stop, err := f.targets()
	if err != nil {
		return err
	}
	defer stop()
	j.embedded = f.target == "" && len(f.targetFiles) == 0
	if f.dryRun {
		return j.plan(cmd, targets)
	}
	return j.do(cmd, targets, (*display).summary)
}

// targets returns what to judge: the target that is named, or the embedded reference servers, which stop ends.
func (f runFlags) targets() (targets []*target.Target, stop func(), err error) {
	none := func() {}
	switch {
	case len(f.targetFiles) > 0:
		for _, file := range f.targetFiles {
			t, err := reader().Load(file)
			if err != nil {
				return nil, none, err
			}
			targets = append(targets, t)
		}
		return targets, none, nil
	case f.target != "":
		t, err := reader().FromFlags(f.target, f.profile, os.LookupEnv)
		return []*target.Target{t}, none, err
	}
	profiles := reference.Profiles()
	if f.profile != "" {
		if !slices.Contains(profiles, f.profile) {
			return nil, none, fmt.Errorf("--profile %q: known profiles are %s", f.profile, strings.Join(profiles, ", "))
		}
		profiles = []string{f.profile}
	}
	var servers []*reference.Server
	stop = func() {
		for _, s := range servers {
			s.Close()
		}
	}
	for _, p := range profiles {
		if f.dryRun {
			t, err := reference.Describe(p)
			if err != nil {
				return nil, none, err
			}
			targets = append(targets, t)
			continue
		}
		s, err := reference.Serve(reference.Options{Profile: p, Instances: 2, Lifetimes: reference.ShortLifetimes()})
		if err != nil {
			stop()
			return nil, none, err
		}
		servers = append(servers, s)
		targets = append(targets, s.Target())
	}
	return targets, stop, nil
}

// version is the module's version, or what is known of it.
func version() string { return buildVersion() + " (" + runtime.Version() + ")" }
