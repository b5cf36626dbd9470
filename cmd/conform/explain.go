package main

import (
	"fmt"
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
	var f broughtFlags
	cmd := &cobra.Command{
		Use:     "explain REQUIREMENT",
		Short:   "Say what a requirement promises, where it stands, and how it is checked",
		Example: "  conform explain ADX-TOK-04\n  conform explain adaxes-2025.1/ADX-TOK-04/as-described-by-issue-token",
		Args:    exactly("REQUIREMENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := args[0]
			if parts := strings.Split(id, "/"); len(parts) > 1 { // a check's ID, as reports print it
				id = parts[1]
			}
			if err := f.read(); err != nil {
				return err
			}
			catalogue, r, err := f.lookup(id)
			if err != nil {
				return err
			}
			return writeKnown(cmd.OutOrStdout(), &f, "explain.txt", explained{r, catalogue})
		},
	}
	f.addTo(cmd)
	return cmd
}

// explained is a requirement that is to be explained.
type explained struct {
	specs.Requirement
	Catalogue *specs.Catalogue
}

// In is the requirement in the words of a profile, in a list of its own.
func (e explained) In(profile string) []specs.Requirement {
	if r, holds := e.Catalogue.Find(profile, e.ID); holds {
		return []specs.Requirement{r}
	}
	return nil
}

// lookup finds a requirement by its ID, in whatever letters that is written.
func (f *broughtFlags) lookup(id string) (*specs.Catalogue, specs.Requirement, error) {
	if f.brought == nil {
		return specs.Lookup(strings.ToUpper(id))
	}
	for _, r := range f.brought.Catalogue.Requirements {
		if strings.EqualFold(r.ID, id) {
			return f.brought.Catalogue, r, nil
		}
	}
	return nil, specs.Requirement{}, fmt.Errorf("no requirement %q; conform list requirements --contract %s names them all", id, f.contract)
}

func newTrace() *cobra.Command {
	return &cobra.Command{
		Use:     "trace",
		Example: "  conform trace > specs/TRACE.md",
		Short:   "Write the traceability page: document section, requirement, checks, faults that prove it",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return trace(cmd.OutOrStdout()) },
	}
}

// trace writes specs/TRACE.md.
func trace(w io.Writer) error {
	catalogues, err := specs.All()
	if err != nil {
		return err
	}
	return writeKnown(w, new(broughtFlags), "trace.md", catalogues)
}

// writeKnown writes a text by a template that can ask for the checks of a requirement and for the faults that prove them.
func writeKnown(w io.Writer, f *broughtFlags, name string, view any) error {
	defs, err := f.checks()
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
