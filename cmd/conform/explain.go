package main

import (
	"io"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
	"example.org/conform/suites/proof"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain REQUIREMENT",
		Short:   "Say what a requirement promises, where it stands, and how it is checked",
		Example: "  conform explain ADX-TOK-04\n  conform explain adaxes-2025.1/ADX-TOK-04/as-described-by-issue-token",
		Args:    exactly("REQUIREMENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := args[0]
			if parts := strings.Split(id, "/"); len(parts) > 1 { // a check's ID, as reports print it
				id = parts[1]
			}
			catalogue, r, err := specs.Lookup(strings.ToUpper(id))
			if err != nil {
				return err
			}
			return writeKnown(cmd.OutOrStdout(), "explain.txt", struct {
				specs.Requirement
				Catalogue *specs.Catalogue
			}{r, catalogue})
		},
	}
}

func newTrace() *cobra.Command {
	return &cobra.Command{
		Use:   "trace",
		Short: "Write the traceability page: document section, requirement, checks, faults that prove it",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return trace(cmd.OutOrStdout()) },
	}
}

// trace writes specs/TRACE.md.
func trace(w io.Writer) error {
	catalogues, err := specs.All()
	if err != nil {
		return err
	}
	return writeKnown(w, "trace.md", catalogues)
}

// writeKnown writes a text by a template that can ask for the checks of a requirement and for the faults that prove them.
func writeKnown(w io.Writer, name string, view any) error {
	defs, err := allChecks()
	if err != nil {
		return err
	}
	return writeText(w, name, view, template.FuncMap{
		"checks": func(profile, requirement string) []check.Definition { return checksOf(defs, profile, requirement) },
		"faults": func(profile, requirement string) []fault.Named {
			return proof.FaultsOf(reference.Faults(), profile, requirement)
		},
		"allFaults": reference.Faults,
		"exempt":    reference.Exempt,
		// cell escapes what would end a cell of a Markdown table or begin an HTML tag.
		"cell": strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "\n", " ").Replace,
		"join": strings.Join,
	})
}
