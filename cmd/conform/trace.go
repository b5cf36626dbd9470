package main

import (
	"io"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/specs"
	"example.org/conform/suites/proof"
)

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
	defs, err := allChecks()
	if err != nil {
		return err
	}
	catalogues, err := specs.All()
	if err != nil {
		return err
	}
	return writeText(w, "trace.md", catalogues, template.FuncMap{
		"cell": cell,
		"checks": func(profile, requirement string) string {
			var slugs []string
			for _, d := range checksOf(defs, profile, requirement) {
				slugs = append(slugs, d.Slug)
			}
			return strings.Join(slugs, "<br>")
		},
		"faults": faultCell,
	})
}

// faultCell names the faults that break a requirement, or says why none can.
func faultCell(profile string, r specs.Requirement) string {
	var names []string
	for _, f := range proof.FaultsOf(reference.Faults(), profile, r.ID) {
		names = append(names, f.Name)
	}
	switch {
	case len(names) > 0:
		return strings.Join(names, "<br>")
	case r.Level == specs.Note:
		return "none: a note never fails"
	}
	for _, e := range reference.Exempt() {
		if e.Check == "" && e.Requirement == r.ID {
			return "none: " + cell(e.Reason)
		}
	}
	return "none"
}

// cell escapes what would end a cell of a Markdown table or begin an HTML tag.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "\n", " ").Replace(s)
}
