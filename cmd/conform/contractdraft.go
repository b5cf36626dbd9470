package main

import (
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"example.org/conform/openapi/draft"
	"example.org/conform/openapi/overlay"
	"example.org/conform/openapi/survey"
)

func newContractDraft() *cobra.Command {
	return &cobra.Command{
		Use:   "draft API",
		Short: "Propose how any OpenAPI document says what becomes of its credentials",
		Long: `draft reads an OpenAPI document (3.0 or 3.1, YAML or JSON) and prints an overlay (OpenAPI Overlay 1.0) that proposes what a contract says
beside it: which operation looks like a login, a renewal, a logout, an introspection, a look at oneself. It goes by names, schemas, security
and links. Each action has its reason, and a question where it is unsure: somebody who knows the API reads it, and takes out what is wrong.
The document stays as it is, and nothing is fetched.`,
		Example: `  conform contract draft api.yaml > life.yaml
  conform contract lint api.yaml --overlay life.yaml`,
		Args: exactly("API"),
		RunE: func(cmd *cobra.Command, args []string) error {
			merged, described, err := surveyed(args[0], nil)
			if err != nil {
				return err
			}
			defer func() { _ = merged.Close() }()
			_, err = io.WriteString(cmd.OutOrStdout(), draft.Of(described).Write(described, filepath.Base(args[0])))
			return err
		},
	}
}

// surveyed reads a document with overlays, and what it describes.
func surveyed(file string, overlays []string) (*overlay.Merged, *survey.Document, error) {
	merged, err := overlay.Open(file, overlays...)
	if err != nil {
		return nil, nil, err
	}
	described, err := survey.Of(merged.Root, merged.Beside())
	if err != nil {
		_ = merged.Close()
		return nil, nil, err
	}
	return merged, described, nil
}
