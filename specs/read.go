package specs

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/sync/errgroup"
)

// document is the form of a catalogue's file.
type document struct {
	System   string `yaml:"system"`
	Title    string `yaml:"title"`
	Prefix   string `yaml:"prefix"`
	Profiles []struct {
		ID       string            `yaml:"id"`
		Title    string            `yaml:"title"`
		Document string            `yaml:"document"`
		Terms    map[string]string `yaml:"terms"`
	} `yaml:"profiles"`
	Subjects     yaml.MapSlice `yaml:"subjects"`
	Requirements []struct {
		ID        string   `yaml:"id"`
		Subject   string   `yaml:"subject"`
		Level     Level    `yaml:"level"`
		Statement string   `yaml:"statement"`
		Source    string   `yaml:"source"`
		Profiles  []string `yaml:"profiles"`
		Needs     []string `yaml:"needs"`
	} `yaml:"requirements"`
}

const extension = ".yaml"

// systemsIn names the catalogues of a folder, sorted.
func systemsIn(fsys fs.FS) []string {
	names, err := fs.Glob(fsys, "*"+extension)
	if err != nil {
		return nil // only a malformed pattern is an error, and this one is not
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, extension)
	}
	slices.Sort(names)
	return names
}

// loadAll reads every catalogue of a folder and checks what must differ between them.
func loadAll(fsys fs.FS) ([]*Catalogue, error) {
	systems := systemsIn(fsys)
	all := make([]*Catalogue, len(systems))
	var reading errgroup.Group // side by side: every command waits for it
	for i, system := range systems {
		reading.Go(func() (err error) {
			all[i], err = read(fsys, system)
			return err
		})
	}
	if err := reading.Wait(); err != nil {
		return nil, err
	}
	prefixes, profiles := map[string]string{}, map[string]string{}
	for i, system := range systems {
		c := all[i]
		if other, taken := prefixes[c.Prefix]; taken {
			return nil, fmt.Errorf("%s%s: prefix %s is that of %s", system, extension, c.Prefix, other)
		}
		prefixes[c.Prefix] = system
		for _, p := range c.Profiles {
			if other, taken := profiles[p.ID]; taken {
				return nil, fmt.Errorf("%s%s: profile %s belongs to %s", system, extension, p.ID, other)
			}
			profiles[p.ID] = system
		}
	}
	return all, nil
}

// read reads and checks the catalogue of one system.
func read(fsys fs.FS, system string) (*Catalogue, error) {
	name := system + extension
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue of %s: %w", system, err)
	}
	c, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	if c.System != system {
		return nil, fmt.Errorf("%s: system is %q; it must be the name of the file, %q", name, c.System, system)
	}
	return c, nil
}

// parse reads a catalogue strictly: a key that it does not know, and one that stands twice, are errors.
func parse(name string, data []byte) (*Catalogue, error) {
	var d document
	if err := yaml.UnmarshalWithOptions(data, &d, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%w", name, placed(err))
	}
	c := &Catalogue{System: d.System, Title: d.Title, Prefix: d.Prefix}
	for _, p := range d.Profiles {
		c.Profiles = append(c.Profiles, Profile(p))
	}
	for _, s := range d.Subjects {
		key, isKey := s.Key.(string)
		title, isTitle := s.Value.(string)
		if !isKey || !isTitle {
			return nil, fmt.Errorf("%s: subject %v: the key and the title must be texts", name, s.Key)
		}
		c.Subjects = append(c.Subjects, Subject{Key: key, Title: title})
	}
	for _, r := range d.Requirements {
		if r.Profiles == nil {
			for _, p := range c.Profiles {
				r.Profiles = append(r.Profiles, p.ID)
			}
		}
		c.Requirements = append(c.Requirements, Requirement(r))
	}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// placed turns an error of the YAML library, which spans lines and shows the source, into "line:column: message".
func placed(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil || at.GetToken().Position == nil {
		return fmt.Errorf(" %w", err)
	}
	p := at.GetToken().Position
	return fmt.Errorf("%d:%d: %s", p.Line, p.Column, at.GetMessage())
}

func (r Requirement) clone() Requirement {
	r.Profiles, r.Needs = slices.Clone(r.Profiles), slices.Clone(r.Needs)
	return r
}

// clone makes a copy that shares nothing with the original.
func (c *Catalogue) clone() *Catalogue {
	copied := *c
	copied.Subjects = slices.Clone(c.Subjects)
	copied.Profiles = slices.Clone(c.Profiles)
	for i, p := range copied.Profiles {
		copied.Profiles[i].Terms = maps.Clone(p.Terms)
	}
	copied.Requirements = slices.Clone(c.Requirements)
	for i, r := range copied.Requirements {
		copied.Requirements[i] = r.clone()
	}
	return &copied
}
