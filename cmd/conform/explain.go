package main

import (
	"io"
	"slices"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
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
			return explain(cmd.OutOrStdout(), strings.ToUpper(id))
		},
	}
}

func explain(w io.Writer, id string) error {
	catalogue, r, err := specs.Lookup(id)
	if err != nil {
		return err
	}
	defs, err := allChecks()
	if err != nil {
		return err
	}
	view := struct {
		specs.Requirement
		Catalogue *specs.Catalogue
	}{r, catalogue}
	return writeText(w, "explain.txt", view, template.FuncMap{
		"checks": func(profile string) []check.Definition { return checksOf(defs, profile, id) },
		"faults": func() []fault.Named {
			return slices.DeleteFunc(reference.Faults(), func(f fault.Named) bool { return f.Requirement != id })
		},
		"find": func(profile string) specs.Requirement {
			in, _ := catalogue.Find(profile, id)
			return in
		},
		"join": func(list []string) string { return strings.Join(list, ", ") },
	})
}
