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

// reader reads descriptions of targets that are judged by what is brought, or by a profile that is built in.
func (f *broughtFlags) reader() target.Reader {
	r := reader()
	if f.brought != nil {
		r.Profile, r.Brought = f.brought.Profile, f.brought.Profile
		r.Systems = append(r.Systems, f.brought.System().Target)
	}
	return r
}

// targetFlags name what is to be judged.
type targetFlags struct {
	broughtFlags
	target, profile string
	targetFiles     []string
	dryRun          bool
}

func (f *targetFlags) addTo(cmd *cobra.Command, profileUsage string) {
	flags := cmd.Flags()
	f.broughtFlags.addTo(cmd)
	flags.StringVar(&f.target, "target", "", "base URL of the server to judge; credentials in CONFORM_USERNAME and CONFORM_PASSWORD")
	flags.StringVar(&f.profile, "profile", "", profileUsage)
	flags.StringArrayVar(&f.targetFiles, "target-file", nil,
		"description of the target, YAML or JSON; give it again to judge several targets in one run")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print what the run would do, and send nothing")
}

// take takes the arguments of a command for target files.
func (f *targetFlags) take(args []string) error {
	var profiles []string
	for _, s := range suites.Systems() {
		profiles = append(profiles, s.Profiles...)
	}
	for _, arg := range args {
		switch {
		case slices.Contains(profiles, arg):
			return fmt.Errorf("%s is a profile and no target file: did you mean --profile %s?", arg, arg)
		case strings.Contains(arg, "://"): // which may hold credentials
			return errors.New("a URL is no target file: did you mean --target?")
		case len(f.targetFiles) > 0:
			return fmt.Errorf("%q and --target-file are both given: an argument is a target file too; give all of them in one way", arg)
		}
	}
	f.targetFiles = append(f.targetFiles, args...)
	return nil
}

func (f *targetFlags) vet() error {
	if err := f.broughtFlags.read(); err != nil {
		return err
	}
	switch {
	case f.brought != nil && f.profile != "":
		return errors.New("--profile and --contract are both given: the contract is what is judged by; leave --profile out")
	case f.brought != nil && f.target == "" && len(f.targetFiles) == 0 && !f.dryRun:
		return errors.New("--contract: no target is given; name the server with --target, or with --target-file")
	case f.target != "" && len(f.targetFiles) > 0:
		return errors.New("--target and --target-file are both given: a target file holds the URL itself")
	case f.profile != "" && len(f.targetFiles) > 0:
		return errors.New("--profile and --target-file are both given: a target file holds the profile itself")
	}
	return nil
}

// targets returns what to judge: the targets that are given, or embedded reference servers of the profiles, which stop ends.
func (f targetFlags) targets(profiles ...string) (targets []*target.Target, stop func(), err error) {
	var servers []*reference.Server
	stop = func() {
		for _, s := range servers {
			s.Close()
		}
	}
	var names []string
	var named func(string) (*target.Target, error)
	switch {
	case len(f.targetFiles) > 0:
		names, named = f.targetFiles, f.reader().Load
	case f.target != "":
		names, named = []string{f.target}, func(url string) (*target.Target, error) { return f.reader().FromFlags(url, f.profile, os.LookupEnv) }
	case f.brought != nil:
		names, named = []string{""}, func(string) (*target.Target, error) { return f.nobody() }
	default:
		if err := oneOf("--profile", reference.Profiles(), profiles...); err != nil {
			return nil, nil, err
		}
		names, named = profiles, func(profile string) (*target.Target, error) {
			if f.dryRun {
				return reference.Describe(profile)
			}
			s, err := reference.Serve(reference.Options{Profile: profile, Instances: 2, Lifetimes: reference.ShortLifetimes()})
			if err != nil {
				return nil, err
			}
			servers = append(servers, s)
			return s.Target(), nil
		}
	}
	for _, name := range names {
		t, err := named(name)
		if err != nil {
			stop()
			return nil, nil, err
		}
		targets = append(targets, t)
	}
	return targets, stop, nil
}

// oneOf says what is wrong with the values of a flag or an argument, unless each is a known one.
func oneOf(name string, known []string, values ...string) error {
	for _, v := range values {
		if !slices.Contains(known, v) {
			return fmt.Errorf("%s %q: give one of %s", name, v, strings.Join(known, ", "))
		}
	}
	return nil
}
