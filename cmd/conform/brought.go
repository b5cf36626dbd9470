package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"example.org/conform/harness/target"
	"example.org/conform/specs"
	"example.org/conform/suites"
	"example.org/conform/suites/brought"
	"example.org/conform/suites/check"
)

// broughtFlags name a contract that somebody brings.
type broughtFlags struct {
	contract, catalogue string
	allow, overlays     []string

	brought *brought.Contract // nil for what is built in
}

func (f *broughtFlags) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.contract, "contract", "", "judge by this OpenAPI 3 document, which says how its credentials live (openapi/doc.go)")
	overlayFlag(cmd, &f.overlays)
	flags.StringVar(&f.catalogue, "catalogue", "", "requirements of your own for --contract: names and levels, in the form of specs/*.yaml")
	flags.StringArrayVar(&f.allow, "allow", nil, "operationId of the contract that may be sent good requests though no credential's life needs it; may be given again")
}

// read reads what is brought.
func (f *broughtFlags) read() (err error) {
	switch {
	case f.contract == "" && f.catalogue != "":
		return errors.New("--catalogue is for --contract; give the contract too")
	case f.contract == "" && len(f.overlays) > 0:
		return errors.New("--overlay is for --contract; give the contract too")
	case f.contract == "" && len(f.allow) > 0:
		return errors.New("--allow is for --contract; give the contract too")
	case f.contract == "":
		return nil
	}
	f.brought, err = brought.Read(brought.Options{Contract: f.contract, Catalogue: f.catalogue, Overlays: f.overlays, Allowed: f.allow})
	return err
}

// systems are those that are judged: that of the contract which is brought, or all that are built in.
func (f *broughtFlags) systems() []check.System {
	if f.brought != nil {
		return []check.System{f.brought.System()}
	}
	return suites.Systems()
}

// catalogues are those of the systems.
func (f *broughtFlags) catalogues() ([]*specs.Catalogue, error) {
	if f.brought != nil {
		return []*specs.Catalogue{f.brought.Catalogue}, nil
	}
	return specs.All()
}

// checks returns every check of every profile.
func (f *broughtFlags) checks() ([]check.Definition, error) {
	var all []check.Definition
	for _, s := range f.systems() {
		for _, p := range s.Profiles {
			defs, err := s.Checks(p, nil)
			if err != nil {
				return nil, err
			}
			all = append(all, defs...)
		}
	}
	return all, nil
}

// nobody is a target for a dry run without one.
func (f *broughtFlags) nobody() (*target.Target, error) {
	t := &target.Target{
		Profile: f.brought.Profile, URL: "https://host.example.com", Account: target.Account{Username: "user", Password: "unknown"},
		Limits: target.Limits{BadLogins: target.DefaultBadLogins},
	}
	return t, f.reader().Validate(t)
}

// sends are what a run sends to each operation of what is brought, in aligned columns.
func (f *broughtFlags) sends() (lines []string) {
	if f.brought == nil {
		return nil
	}
	all := f.brought.Sends()
	widest := 0
	for _, s := range all {
		widest = max(widest, len(s.Method)+1+len(s.Path))
	}
	widest = min(widest, 48)
	for _, s := range all {
		lines = append(lines, fmt.Sprintf("%-*s  %s: %s", widest, s.Method+" "+s.Path, s.ID, s.What))
	}
	return slices.Clip(lines)
}
