package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"example.org/conform/openapi"
)

func newContract() *cobra.Command {
	var plain, asJSON, asYAML bool
	cmd := &cobra.Command{
		Use:   "contract PROFILE",
		Short: "Print the contract of a profile as one OpenAPI document",
		Long: `contract prints the OpenAPI 3.1 document by which a profile is judged, in one piece: it refers to nothing outside itself. With
--plain it holds no extension of the suite, and its operations have the names that a generated client would show.`,
		Example: `  conform contract adaxes-2025.1 --plain > adaxes.yaml
  conform contract bluecat-9.5 --plain --json | npx @redocly/cli lint /dev/stdin`,
		Args: exactly("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && asYAML {
				return errors.New("--json and --yaml are both given: choose one")
			}
			if err := oneOf("PROFILE", openapi.Profiles(), args[0]); err != nil {
				return err
			}
			document, err := openapi.Bundle(args[0], openapi.BundleOptions{Plain: plain})
			if err != nil {
				return err
			}
			write := openapi.WriteYAML
			if asJSON {
				write = openapi.WriteJSON
			}
			_, err = io.WriteString(cmd.OutOrStdout(), write(document))
			return err
		},
	}
	cmd.Flags().BoolVar(&plain, "plain", false, "leave out the suite's own extensions (x-…)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&asYAML, "yaml", false, "print YAML (the default)")
	return cmd
}
