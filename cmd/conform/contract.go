package main

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"example.org/conform/openapi"
	"example.org/conform/openapi/overlay"
	"example.org/conform/openapi/placed"
)

func newContract() *cobra.Command {
	var plain, asJSON, asYAML bool
	var overlays []string
	cmd := &cobra.Command{
		Use:   "contract PROFILE|API",
		Short: "Print the contract of a profile as one OpenAPI document; draft and lint one for any API",
		Long: `contract prints the OpenAPI 3.1 document by which a profile is judged, in one piece: it refers to nothing outside itself. With
--plain it holds no extension of the suite, and its operations have the names that a generated client would show. With --overlay it is
printed as overlays (OpenAPI Overlay 1.0 or 1.1) change it; so is any OpenAPI document that is given as a file in the place of a profile.`,
		Example: `  conform contract adaxes-2025.1 --plain > adaxes.yaml
  conform contract bluecat-9.5 --plain --json | npx @redocly/cli lint /dev/stdin
  conform contract api.yaml --overlay life.yaml
  conform contract draft api.yaml > life.yaml`,
		Args: exactly("PROFILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && asYAML {
				return errors.New("--json and --yaml are both given: choose one")
			}
			document, err := contractOf(args[0], openapi.BundleOptions{Plain: plain}, overlays)
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
	cmd.AddCommand(newContractDraft(), newContractLint())
	cmd.Flags().BoolVar(&plain, "plain", false, "leave out the suite's own extensions (x-…)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&asYAML, "yaml", false, "print YAML (the default)")
	overlayFlag(cmd, &overlays)
	return cmd
}

// overlayFlag is the flag of whatever takes a document with overlays.
func overlayFlag(cmd *cobra.Command, overlays *[]string) {
	cmd.Flags().StringArrayVar(overlays, "overlay", nil, "apply the overlay in this file to the document; repeat it for several, which follow each other")
}

// contractOf is the contract of a profile, or an OpenAPI document in a file, as overlays change it.
func contractOf(name string, o openapi.BundleOptions, overlays []string) (yaml.MapSlice, error) {
	if !slices.Contains(openapi.Profiles(), name) && isFile(name) {
		merged, _, err := surveyed(name, overlays)
		if err != nil {
			return nil, err
		}
		defer func() { _ = merged.Close() }()
		return asked(merged.Root, o), nil
	}
	if err := oneOf("PROFILE", openapi.Profiles(), name); err != nil {
		return nil, err
	}
	if len(overlays) == 0 {
		return openapi.Bundle(name, o)
	}
	document, err := openapi.Bundle(name, openapi.BundleOptions{})
	if err != nil {
		return nil, err
	}
	root, err := placed.Read(name, []byte(openapi.WriteYAML(document)))
	if err == nil {
		err = overlay.Over(root, overlays...)
	}
	if err != nil {
		return nil, err
	}
	return asked(root, o), nil
}

// asked is a document in the form that was asked for.
func asked(root *placed.Node, o openapi.BundleOptions) yaml.MapSlice {
	document, _ := root.Ordered().(yaml.MapSlice)
	if o.Plain {
		return openapi.Plain(document)
	}
	return document
}

// isFile reports whether an argument is called as files are, and no profile is.
func isFile(name string) bool {
	return filepath.Base(name) != name || slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name)))
}
