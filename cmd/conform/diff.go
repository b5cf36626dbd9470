package main

import (
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

func newDiff() *cobra.Command {
	var format string
	var allowLost bool
	cmd := &cobra.Command{
		Use:   "diff OLD.json NEW.json",
		Short: "Compare two reports; exit 1 on a regression, and where less is judged than before",
		Long: `diff compares two reports, check by check: regressions, lost coverage, fixes, and the rest.

A MUST that was judged and now is skipped, or gone, and anything that was judged and no longer can be, is lost coverage: nothing
shows that the promise is still kept. It closes the gate as a regression does, unless --allow-lost-coverage is given.

Exit codes: 0 nothing got worse, 1 a regression or lost coverage, 2 a report that cannot be read or compared.`,
		Example: `  conform diff reports/2025.1/report.json reports/2025.2/report.json
  conform diff old/report.json new/report.json --format markdown --allow-lost-coverage`,
		Args: exactly("OLD.json", "NEW.json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var read [2]*verdict.Report
			for i, path := range args {
				var err error
				if read[i], err = reports.Read(path); err != nil {
					return err
				}
			}
			d := reports.Compare(read[0], read[1])
			if !d.Comparable() {
				return fmt.Errorf("%s and %s have no profile in common: there is nothing to compare", args[0], args[1])
			}
			write, known := map[string]func(io.Writer) error{"text": d.Text, "markdown": d.Markdown, "json": d.JSON}[format]
			if !known {
				return fmt.Errorf("--format %q: give text, markdown or json", format)
			}
			err := write(cmd.OutOrStdout())
			if errors.Is(err, syscall.EPIPE) {
				err = nil
			}
			if d.Regressed() || d.LostCoverage() && !allowLost { // the exit code stands, whoever reads along
				return exitError{verdict.ExitNonconformant, err}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&allowLost, "allow-lost-coverage", false, "leave the gate open where less is judged than before")
	cmd.Flags().StringVar(&format, "format", "text", "text, markdown or json")
	return cmd
}
