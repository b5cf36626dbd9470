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
	cmd := &cobra.Command{
		Use:   "diff OLD.json NEW.json",
		Short: "Compare two reports; exit 1 on a regression",
		Args:  exactly("OLD.json", "NEW.json"),
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
			if d.Regressed() { // the exit code stands, whoever reads along
				return exitError{verdict.ExitNonconformant, err}
			}
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, markdown or json")
	return cmd
}
