package main

import (
	"errors"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"text/template"

	"github.com/spf13/cobra"

	"example.org/conform/harness/fault/hostile"
	playerfault "example.org/conform/harness/fault/player"
	"example.org/conform/harness/reference"
	"example.org/conform/reports"
	"example.org/conform/suites/check"
)

// listing is a list of values: as JSON, or as a table with a head, in which a template makes the row of each.
type listing struct {
	name, head, row string
	list            func(*broughtFlags) (any, error)
}

var listings = []listing{
	{"profiles", "PROFILE\tTITLE\tDOCUMENT", "{{.ID}}\t{{.Title}}\t{{.Document}}", listProfiles},
	{"requirements", "REQUIREMENT\tLEVEL\tSUBJECT\tSTATEMENT", "{{.ID}}\t{{.Level}}\t{{.Subject}}\t{{.Statement}}", listRequirements},
	{"checks", "CHECK\tLEVEL\tTITLE", "{{.ID}}\t{{.Level}}\t{{.Title}}", listChecks},
	{"faults", namedHead, namedRow, func(f *broughtFlags) (any, error) {
		if f.brought != nil {
			return playerfault.Faults(f.brought.Contract), nil
		}
		return reference.Faults(), nil
	}},
	{"variants", namedHead, namedRow, func(*broughtFlags) (any, error) { return reference.Variants(), nil }},
	{"hostile", "KIND\tWHAT IT DOES", "{{.Name}}\t{{.Story}}", func(*broughtFlags) (any, error) { return hostile.Kinds(), nil }},
}

const namedHead, namedRow = "NAME\tPROFILES\tREQUIREMENT\tWHAT IT DOES", "{{.Name}}\t{{join .Profiles}}\t{{.Requirement}}\t{{.Story}}"

func newList() *cobra.Command {
	var names []string
	for _, l := range listings {
		names = append(names, l.name)
	}
	var asJSON bool
	var f broughtFlags
	cmd := &cobra.Command{
		Use:   "list [" + strings.Join(names, "|") + "]",
		Short: "List profiles, requirements, checks, faults, variants or hostile servers",
		Example: `  conform list profiles
  conform list checks --json
  conform list requirements --contract api.yaml`,
		ValidArgs: names,
		Args:      cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := append(args, names[0])[0]
			if err := oneOf("list", names, name); err != nil {
				return err
			}
			if err := f.read(); err != nil {
				return err
			}
			if f.brought != nil && !slices.Contains([]string{"profiles", "requirements", "checks", "faults"}, name) {
				return errors.New("list " + name + ": they are of what is built in; leave --contract out")
			}
			return listings[slices.Index(names, name)].write(cmd.OutOrStdout(), &f, asJSON)
		},
	}
	f.addTo(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func (l listing) write(w io.Writer, f *broughtFlags, asJSON bool) error {
	values, err := l.list(f)
	if err != nil {
		return err
	}
	if asJSON {
		return reports.EncodeJSON(w, values)
	}
	t, err := template.New(l.name).Funcs(template.FuncMap{"join": func(list []string) string { return strings.Join(list, ",") }}).
		Parse(l.head + "\n{{range .}}" + l.row + "\n{{end}}")
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	return errors.Join(t.Execute(table, values), table.Flush())
}

func listProfiles(f *broughtFlags) (any, error) {
	type profile struct {
		ID       string `json:"id"`
		Title    string `json:"title"`
		Document string `json:"document"`
	}
	all := []profile{}
	catalogues, err := f.catalogues()
	for _, c := range catalogues {
		for _, p := range c.Profiles {
			all = append(all, profile{p.ID, p.Title, p.Document})
		}
	}
	return all, err
}

func listRequirements(f *broughtFlags) (any, error) {
	type requirement struct {
		ID        string   `json:"id"`
		Level     string   `json:"level"`
		Subject   string   `json:"subject"`
		Statement string   `json:"statement"`
		Source    string   `json:"source"`
		Quote     string   `json:"quote,omitempty"`
		Because   string   `json:"because,omitempty"`
		Profiles  []string `json:"profiles"`
		Needs     []string `json:"needs"`
	}
	all := []requirement{}
	catalogues, err := f.catalogues()
	for _, c := range catalogues {
		for _, r := range c.Requirements {
			plain, _ := c.Find(r.Profiles[len(r.Profiles)-1], r.ID)
			all = append(all, requirement{
				r.ID, string(r.Level), r.Subject, plain.Statement, plain.Source, plain.Quote, plain.Because, r.Profiles, append([]string{}, r.Needs...),
			})
		}
	}
	return all, err
}

func listChecks(f *broughtFlags) (any, error) {
	type entry struct {
		ID     string   `json:"id"`
		Title  string   `json:"title"`
		Level  string   `json:"level"`
		Labels []string `json:"labels"`
		Needs  []string `json:"needs"`
	}
	all := []entry{}
	defs, err := f.checks()
	for _, d := range defs {
		all = append(all, entry{d.ID, d.Title, string(d.Level()), d.Labels(), append([]string{}, d.AllNeeds()...)})
	}
	return all, err
}

// allChecks returns every check of every profile that is built in.
func allChecks() ([]check.Definition, error) { return new(broughtFlags).checks() }

// checksOf are those of a requirement in a profile.
func checksOf(all []check.Definition, profile, requirement string) []check.Definition {
	return slices.DeleteFunc(slices.Clone(all), func(d check.Definition) bool {
		return !strings.HasPrefix(d.ID, profile+"/"+requirement+"/")
	})
}
