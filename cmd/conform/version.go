package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"example.org/conform/openapi"
	"example.org/conform/specs"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version, and those of the catalogues and contracts that are built in", Args: cobra.NoArgs,
		Long: `version prints the release with its commit, and below it what verdicts are made of: the version of each catalogue of requirements, and of
each contract that of its document, with the beginning of the SHA-256 of what "conform contract" prints. Reports name the same.`,
		Example: "  conform version",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var text strings.Builder
			fmt.Fprintln(&text, "conform "+version())
			table := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
			by, err := new(broughtFlags).judgedBy(openapi.Profiles())
			if err != nil {
				return err
			}
			for _, profile := range openapi.Profiles() {
				fmt.Fprintf(table, "%s\tcatalogue %s\tcontract %s\n", profile, by[profile].catalogue, by[profile].contract)
			}
			if err := table.Flush(); err != nil {
				return err
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), text.String())
			return err
		},
	}
}

// released and commit are set by the linker (-X main.released=v1.2.3 -X main.commit=0123abc): the toolchain looks for neither where it is told
// not to, or where the sources lie in a worktree or an archive.
var released, commit string

// shownCommit is how much of a commit's name is shown.
const shownCommit = 12

// version is the release's version, or what the toolchain knows of it, with the commit and the version of Go.
func version() string {
	known, at, changed := released, commit, ""
	if info, ok := debug.ReadBuildInfo(); ok {
		known = cmp.Or(known, strings.Trim(ownVersion(info), "()"))
		for _, s := range info.Settings {
			switch {
			case commit != "": // what the linker was told may say that there are changes, too
			case s.Key == "vcs.revision":
				at = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "+changes"
			}
		}
	}
	hash, told, _ := strings.Cut(at, "+")
	if told != "" {
		changed = "+" + told
	}
	if at = hash[:min(len(hash), shownCommit)] + changed; at != "" {
		at = "commit " + at + ", "
	}
	return cmp.Or(known, "devel") + " (" + at + runtime.Version() + ")"
}

// ownVersion is the version of the module that the command is of, which is another's tool as well as the main module.
func ownVersion(info *debug.BuildInfo) string {
	for _, m := range info.Deps {
		if strings.HasPrefix(info.Path, m.Path+"/") {
			return m.Version
		}
	}
	return info.Main.Version
}

// judgedBy names the catalogue and the contract of a profile with their versions.
type judgedBy struct{ catalogue, contract string }

// judgedBy are those of some profiles.
func (f *broughtFlags) judgedBy(profiles []string) (map[string]judgedBy, error) {
	catalogues, err := f.catalogues()
	if err != nil {
		return nil, err
	}
	all := map[string]judgedBy{}
	for _, profile := range profiles {
		document, err := f.document(profile)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(openapi.WriteYAML(document)))
		info, _ := member(document, "info").(yaml.MapSlice)
		by := judgedBy{contract: fmt.Sprintf("%v (sha256 %x)", member(info, "version"), sum[:6])}
		for _, c := range catalogues {
			if slices.ContainsFunc(c.Profiles, func(p specs.Profile) bool { return p.ID == profile }) {
				by.catalogue = c.Edition()
			}
		}
		all[profile] = by
	}
	return all, nil
}

// document is the contract of a profile, or the one that is brought, whatever its file is called.
func (f *broughtFlags) document(profile string) (yaml.MapSlice, error) {
	if f.contract == "" {
		return contractOf(profile, openapi.BundleOptions{}, f.overlays)
	}
	merged, _, err := surveyed(f.contract, f.overlays)
	if err != nil {
		return nil, err
	}
	defer func() { _ = merged.Close() }()
	return asked(merged.Root, openapi.BundleOptions{}), nil
}

// member is the value of a key, nil where there is none.
func member(mapping yaml.MapSlice, key string) any {
	for _, m := range mapping {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}
