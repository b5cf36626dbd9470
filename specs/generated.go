package specs

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Requirements that are generated from a contract have IDs of a form of their own. In a catalogue that somebody brings they stand to be
// given another level or other words.

// generatedPrefix begins the IDs of requirements that are generated.
const generatedPrefix = "GEN-"

var generatedForm = regexp.MustCompile(`^GEN-[A-Za-z0-9._-]+-[A-Z0-9][A-Za-z0-9._-]*$`)

// IsGenerated reports whether a requirement is one that is generated from a contract.
func (r Requirement) IsGenerated() bool { return strings.HasPrefix(r.ID, generatedPrefix) }

// As is the requirement with what another says of it: its level, and its words as far as it has some.
func (r Requirement) As(other Requirement) Requirement {
	r.Level, r.Subject, r.Statement = cmp.Or(other.Level, r.Level), cmp.Or(other.Subject, r.Subject), cmp.Or(other.Statement, r.Statement)
	r.Source, r.Quote, r.Because = cmp.Or(other.Source, r.Source), cmp.Or(other.Quote, r.Quote), cmp.Or(other.Because, r.Because)
	if other.Needs != nil {
		r.Needs = other.Needs
	}
	return r
}

// ReadFile returns the catalogue in a file that somebody brings for a contract of their own.
func ReadFile(file string) (*Catalogue, error) {
	name := filepath.Base(file)
	if info, err := os.Stat(file); err != nil || info.IsDir() {
		return nil, fmt.Errorf("%s: no such file; check the path", name)
	} else if info.Size() > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes; that is no catalogue", name, maxFile)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read", name)
	}
	c, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	c.Requirements = slices.DeleteFunc(c.Requirements, func(r Requirement) bool { return strings.HasPrefix(r.ID, commonPrefix+"-") }) // Complete adds them
	return c, nil
}

// Complete adds to a catalogue what is promised of any HTTP API, as every other has it.
func Complete(c *Catalogue) (*Catalogue, error) {
	any, err := common()
	if err != nil {
		return nil, err
	}
	for _, s := range any.Subjects {
		if !slices.Contains(c.Subjects, s) {
			c.Subjects = append(c.Subjects, s)
		}
	}
	c.Requirements = append(c.Requirements, any.clone().Requirements...)
	for i, r := range c.Requirements {
		if r.Profiles == nil {
			for _, p := range c.Profiles {
				c.Requirements[i].Profiles = append(c.Requirements[i].Profiles, p.ID)
			}
		}
	}
	return c, nil
}
