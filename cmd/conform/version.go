package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "conform "+version())
			return err
		},
	}
}

// released is set by the linker for a release (-X main.released=v1.2.3).
var released string

// version is the release's version, or what the toolchain knows of the commit, with that of Go.
func version() string {
	known := released
	if info, ok := debug.ReadBuildInfo(); ok {
		known = cmp.Or(known, strings.Trim(info.Main.Version, "()"))
	}
	return cmp.Or(known, "devel") + " (" + runtime.Version() + ")"
}
