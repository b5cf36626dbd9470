package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/openapi/lint"
)

func newContractLint() *cobra.Command {
	var overlays []string
	cmd := &cobra.Command{
		Use:   "lint API",
		Short: "Say what a contract lacks or contradicts, and what a run would try by it",
		Long: `lint reads an OpenAPI document (3.0 or 3.1, YAML or JSON) with the overlays that are given, and says what is missing or contradictory in
what it says of its credentials, each with file and line, and which kinds of checks it would switch on, operation by operation. Nothing is
sent, and nothing fetched.

Exit codes: 0 usable, 1 not usable, 2 wrong usage or a file that is none (one line says which).`,
		Example: `  conform contract lint api.yaml --overlay life.yaml`,
		Args:    exactly("API"),
		RunE: func(cmd *cobra.Command, args []string) error {
			merged, described, err := surveyed(args[0], overlays)
			if err != nil {
				return err
			}
			defer func() { _ = merged.Close() }()
			report := lint.Of(described)
			if _, err := merged.Contract(openapi.BroughtOptions{Profile: filepath.Base(args[0])}); err != nil {
				report.Refused(merged.Root.At, err)
			}
			if err := report.Write(cmd.OutOrStdout(), args[0]); err != nil {
				return err
			}
			if !report.Usable() {
				return exitError{code: verdict.ExitNonconformant}
			}
			return nil
		},
	}
	overlayFlag(cmd, &overlays)
	return cmd
}
