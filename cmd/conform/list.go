package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/specs"
	"example.org/conform/suites"
	"example.org/conform/suites/check"
)

// listing is a table and its JSON form.
type listing struct {
	columns []string
	rows    [][]string
	values  any
}

func newList() *cobra.Command {
	kinds := map[string]func() (listing, error){
		"profiles": listProfiles, "requirements": listRequirements, "checks": listChecks,
		"faults":   func() (listing, error) { return listNamed(reference.Faults()), nil },
		"variants": func() (listing, error) { return listNamed(reference.Variants()), nil },
	}
	names := []string{"profiles", "requirements", "checks", "faults", "variants"}
	var asJSON bool
	cmd := &cobra.Command{
		Use:       "list [" + strings.Join(names, "|") + "]",
		Short:     "List profiles, requirements, checks, faults or variants",
		ValidArgs: names,
		Args:      cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind := "profiles"
			if len(args) == 1 {
				kind = args[0]
			}
			list, ok := kinds[kind]
			if !ok {
				return fmt.Errorf("list %q: give one of %s", kind, strings.Join(names, ", "))
			}
			l, err := list()
			if err != nil {
				return err
			}
			return l.write(cmd.OutOrStdout(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func (l listing) write(w io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(l.values)
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, strings.Join(l.columns, "\t"))
	for _, row := range l.rows {
		_, _ = fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	return table.Flush() // reports what went wrong above as well
}

func listProfiles() (listing, error) {
	type profile struct {
		ID       string `json:"id"`
		Title    string `json:"title"`
		Document string `json:"document"`
	}
	l := listing{columns: []string{"PROFILE", "TITLE", "DOCUMENT"}}
	values := []profile{}
	catalogues, err := specs.All()
	for _, c := range catalogues {
		for _, p := range c.Profiles {
			values = append(values, profile{p.ID, p.Title, p.Document})
			l.rows = append(l.rows, []string{p.ID, p.Title, p.Document})
		}
	}
	l.values = values
	return l, err
}

func listRequirements() (listing, error) {
	type requirement struct {
		ID        string   `json:"id"`
		Level     string   `json:"level"`
		Subject   string   `json:"subject"`
		Statement string   `json:"statement"`
		Source    string   `json:"source"`
		Profiles  []string `json:"profiles"`
		Needs     []string `json:"needs"`
	}
	l := listing{columns: []string{"REQUIREMENT", "LEVEL", "SUBJECT", "STATEMENT"}}
	values := []requirement{}
	catalogues, err := specs.All()
	for _, c := range catalogues {
		for _, r := range c.Requirements {
			profiles := profilesOf(c, r)
			plain, _ := c.Find(profiles[len(profiles)-1], r.ID)
			values = append(values, requirement{
				r.ID, string(r.Level), r.Subject, plain.Statement, plain.Source, profiles, append([]string{}, r.Needs...),
			})
			l.rows = append(l.rows, []string{r.ID, string(r.Level), r.Subject, plain.Statement})
		}
	}
	l.values = values
	return l, err
}

// profilesOf are the profiles in which a requirement holds.
func profilesOf(c *specs.Catalogue, r specs.Requirement) []string {
	if len(r.Profiles) > 0 {
		return r.Profiles
	}
	var all []string
	for _, p := range c.Profiles {
		all = append(all, p.ID)
	}
	return all
}

// allChecks returns every check of every profile.
func allChecks() ([]check.Definition, error) {
	var all []check.Definition
	for _, s := range suites.Systems() {
		for _, p := range s.Profiles {
			defs, err := s.Checks(p, nil)
			if err != nil {
				return nil, err
			}
			all = append(all, defs...)
		}
	}
	return all, nil
}

func listChecks() (listing, error) {
	type entry struct {
		ID     string   `json:"id"`
		Title  string   `json:"title"`
		Level  string   `json:"level"`
		Labels []string `json:"labels"`
		Needs  []string `json:"needs"`
	}
	l := listing{columns: []string{"CHECK", "LEVEL", "TITLE"}}
	values := []entry{}
	defs, err := allChecks()
	for _, d := range defs {
		values = append(values, entry{d.ID, d.Title, string(d.Level()), d.Labels(), append([]string{}, d.AllNeeds()...)})
		l.rows = append(l.rows, []string{d.ID, string(d.Level()), d.Title})
	}
	l.values = values
	return l, err
}

func listNamed(all []fault.Named) listing {
	l := listing{columns: []string{"NAME", "PROFILES", "REQUIREMENT", "WHAT IT DOES"}, values: all}
	for _, n := range all {
		l.rows = append(l.rows, []string{n.Name, strings.Join(n.Profiles, ","), n.Requirement, n.Story})
	}
	slices.SortFunc(l.rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return l
}
