package specs

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

const extension = ".yaml"

// loadAll reads every catalogue of a folder, sorted by name, and checks what must differ between them.
func loadAll(fsys fs.FS) ([]*Catalogue, error) {
	names, err := fs.Glob(fsys, "*"+extension)
	if err != nil {
		return nil, fmt.Errorf("looking for catalogues: %w", err)
	}
	var all []*Catalogue
	owners := map[string]string{} // the systems, by prefix in capitals and by profile in small letters
	for _, name := range names {
		if name == commonName {
			continue
		}
		c, err := read(fsys, name)
		if err != nil {
			return nil, err
		}
		if other, taken := owners[c.Prefix]; taken {
			return nil, fmt.Errorf("%s: prefix %s is that of %s", name, c.Prefix, other)
		}
		owners[c.Prefix] = c.System
		for _, p := range c.Profiles {
			if other, taken := owners[p.ID]; taken {
				return nil, fmt.Errorf("%s: profile %s belongs to %s", name, p.ID, other)
			}
			owners[p.ID] = c.System
		}
		all = append(all, c)
	}
	return all, nil
}

// read reads and checks the catalogue in a file, which is named after its system.
func read(fsys fs.FS, name string) (*Catalogue, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("reading a catalogue: %w", err)
	}
	c, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	if system := strings.TrimSuffix(name, extension); c.System != system {
		return nil, fmt.Errorf("%s: system is %q; it must be the name of the file, %q", name, c.System, system)
	}
	return c, nil
}

// common holds what is promised of any HTTP API; every catalogue has it beside its own.
var common = sync.OnceValues(func() (*Catalogue, error) {
	data, err := files.ReadFile(commonName)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{}
	if err := yaml.UnmarshalWithOptions(data, c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%w", commonName, placed(err))
	}
	return c, nil
})

const (
	commonName   = "common" + extension
	commonPrefix = "RFC"
)

// parse reads a catalogue strictly: a key that it does not know, and one that stands twice, are errors.
func parse(name string, data []byte) (*Catalogue, error) {
	c := &Catalogue{}
	if err := yaml.UnmarshalWithOptions(data, c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%w", name, placed(err))
	}
	any, err := common()
	if err != nil {
		return nil, err
	}
	c.Subjects = append(c.Subjects, any.Subjects...)
	c.Requirements = append(c.Requirements, any.clone().Requirements...)
	var everywhere []string
	for _, p := range c.Profiles {
		everywhere = append(everywhere, p.ID)
	}
	for i, r := range c.Requirements {
		if r.Profiles == nil {
			c.Requirements[i].Profiles = slices.Clone(everywhere)
		}
	}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// UnmarshalYAML reads subjects from a mapping of keys to titles.
func (s *Subjects) UnmarshalYAML(decode func(any) error) error {
	var pairs yaml.MapSlice
	if err := decode(&pairs); err != nil {
		return err
	}
	for _, pair := range pairs {
		key, isKey := pair.Key.(string)
		title, isTitle := pair.Value.(string)
		if !isKey || !isTitle {
			return fmt.Errorf("subject %v: the key and the title must be texts", pair.Key)
		}
		*s = append(*s, Subject{key, title})
	}
	return nil
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

// clone makes a copy that shares nothing with the original.
func (c *Catalogue) clone() *Catalogue {
	copied := *c
	copied.Subjects, copied.Profiles, copied.Requirements = slices.Clone(c.Subjects), slices.Clone(c.Profiles), slices.Clone(c.Requirements)
	for i, p := range copied.Profiles {
		copied.Profiles[i].Terms = maps.Clone(p.Terms)
	}
	for i, r := range copied.Requirements {
		copied.Requirements[i].Profiles, copied.Requirements[i].Needs = slices.Clone(r.Profiles), slices.Clone(r.Needs)
		copied.Requirements[i].Own = maps.Clone(r.Own)
	}
	return &copied
}
