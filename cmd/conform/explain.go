package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"example.org/conform/harness/reference"
	"example.org/conform/specs"
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
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s, %s\n", r.ID, r.Level, catalogue.Title, r.Subject)
	for _, profile := range r.Profiles {
		in, ok := catalogue.Find(profile, id)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n  promise  %s\n  source   %s\n", profile, in.Statement, in.Source)
		for _, d := range checksOf(defs, profile, id) {
			fmt.Fprintf(&b, "  check    %s\n           %s\n           %s\n", d.ID, d.Title, d.Result().Code())
			if needs := d.AllNeeds(); len(needs) > 0 {
				fmt.Fprintf(&b, "           needs of the target: %s\n", strings.Join(needs, ", "))
			}
			if len(d.Spends) > 0 {
				fmt.Fprintf(&b, "           sends a wrong password for a real account (limits.badLogins)\n")
			}
		}
	}
	for _, f := range reference.Faults() {
		if f.Requirement == id {
			fmt.Fprintf(&b, "\nfault %s (%s)\n  %s\n", f.Name, strings.Join(f.Profiles, ", "), f.Story)
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}
