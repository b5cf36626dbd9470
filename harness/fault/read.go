package fault

import (
	"cmp"
	_ "embed" // the catalogue of what goes wrong everywhere
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"example.org/conform/specs"
)

// Overrides are the mechanisms of a vendor's own faults and variants, by name.
type Overrides[C any] map[string]func(*C)

// Must is Read for a catalogue that is part of the program, which panics where Read fails.
func (s Seams[C, K, A, R]) Must(text []byte, own []Overrides[C], kinds ...Kind[C]) Catalogue[C] {
	c, err := s.Read(text, own, kinds...)
	if err != nil {
		panic(err)
	}
	return c
}

// Read reads a catalogue and joins each name with its mechanism: what the catalogue itself says that it does, one of the vendor's
// own, a mutation that the contracts declare, or else one of a common kind, which has a story too. It is an error if a name has
// none, or comes twice in a profile, if a mechanism of the vendor's own or a mutation comes twice or has no entry, and if a fault breaks
// another requirement than the contract says. All such mistakes are told at once. A fault that names no profiles is in those in which the
// requirement holds that it breaks.
func (s Seams[C, K, A, R]) Read(text []byte, own []Overrides[C], kinds ...Kind[C]) (Catalogue[C], error) {
	var c Catalogue[C]
	err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict())
	mutations, unread := s.mutations(c.Profiles)
	if err = errors.Join(err, unread); err != nil {
		return c, fmt.Errorf("reading a catalogue of faults: %w", err)
	}
	if err = c.narrow(); err != nil {
		return c, fmt.Errorf("reading a catalogue of faults: %w", err)
	}
	mechanisms, idle, mistakes := s.join(c, own, mutations, append(kinds, s.refusals()...))
	for _, list := range []struct {
		all    []Deviation[C]
		breaks bool
	}{{c.Faults, true}, {c.Variants, false}} {
		named := map[string]bool{} // by profile: what is one promise in some may be another in others
		for i := range list.all {
			d := &list.all[i]
			way, known := mechanisms[d.Name]
			d.Apply, d.Long, d.Of = way.Apply, d.Long || way.Long, slices.Concat(d.Of, way.Of)
			d.Story, d.Reason = cmp.Or(d.Story, way.Story), cmp.Or(d.Reason, way.Reason)
			switch {
			case !known:
				mistakes = append(mistakes, fmt.Errorf("%s has no mechanism", d.Name))
			case slices.ContainsFunc(c.in(d.Profiles), func(profile string) bool { return named[profile+" "+d.Name] }):
				mistakes = append(mistakes, fmt.Errorf("%s comes twice", d.Name))
			case d.Story == "":
				mistakes = append(mistakes, fmt.Errorf("%s has no story", d.Name))
			case list.breaks != (d.Requirement != ""):
				mistakes = append(mistakes, fmt.Errorf("%s breaks %q: a fault breaks a requirement, a variant none", d.Name, d.Requirement))
			case way.Requirement != "" && way.Requirement != d.Requirement:
				mistakes = append(mistakes, fmt.Errorf("%s breaks %s, and %s by the contract", d.Name, d.Requirement, way.Requirement))
			case way.Profiles != nil && !slices.Equal(way.Profiles, c.in(d.Profiles)):
				mistakes = append(mistakes, fmt.Errorf("%s is in %s, and the contracts of %s declare it", d.Name, c.in(d.Profiles), way.Profiles))
			}
			for _, profile := range c.in(d.Profiles) {
				named[profile+" "+d.Name] = true
			}
			delete(idle, d.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(idle)) {
		mistakes = append(mistakes, fmt.Errorf("the mechanism %s has no entry", name))
	}
	return c, errors.Join(mistakes...)
}

// narrow gives each fault that names no profiles those in which the requirement holds that it breaks; one that holds in none is left to those
// who look for it.
func (c *Catalogue[C]) narrow() error {
	holds := make([]map[string]bool, len(c.Profiles))
	for i, profile := range c.Profiles {
		catalogue, err := specs.ForProfile(profile)
		if err != nil {
			return err
		}
		holds[i] = map[string]bool{}
		for _, r := range catalogue.In(profile) {
			holds[i][r.ID] = true
		}
	}
	for i := range c.Faults {
		d := &c.Faults[i]
		if len(d.Profiles) > 0 {
			continue
		}
		for j, profile := range c.Profiles {
			if holds[j][d.Requirement] {
				d.Profiles = append(d.Profiles, profile)
			}
		}
	}
	return nil
}

// join puts the mechanisms of a vendor together. Its own, those that its catalogue describes, and the mutations stand in for the
// common ones of their names, and every one of them waits for an entry.
func (s Seams[C, K, A, R]) join(c Catalogue[C], own []Overrides[C], mutations Kind[C], kinds []Kind[C]) (
	all Kind[C], idle map[string]bool, mistakes []error,
) {
	all, idle = Kind[C]{}, map[string]bool{}
	for _, kind := range kinds {
		for name, way := range kind {
			if all[name].Apply != nil {
				mistakes = append(mistakes, fmt.Errorf("two kinds have a mechanism %s", name))
			}
			all[name] = way
		}
	}
	wait := func(name string, way Deviation[C]) {
		if idle[name] {
			mistakes = append(mistakes, fmt.Errorf("there are two mechanisms %s", name))
		}
		all[name], idle[name] = way, true
	}
	for name, way := range mutations {
		wait(name, way)
	}
	for _, overrides := range own {
		for name, apply := range overrides {
			wait(name, Deviation[C]{Apply: apply})
		}
	}
	for _, d := range slices.Concat(c.Faults, c.Variants) {
		if d.Does != nil {
			apply, err := s.effect(d.Does)
			if err != nil {
				mistakes = append(mistakes, fmt.Errorf("%s: %w", d.Name, err))
			}
			wait(d.Name, Deviation[C]{Apply: apply})
		}
	}
	return all, idle, mistakes
}

//go:embed common.yaml
var commonText []byte

// common is what goes wrong with every vendor, by kind and name: what a report usually says of it, and its story. In a
// name, * stands for what the vendor calls the thing.
var common = sync.OnceValue(func() (kinds map[string]map[string]Named) {
	if err := yaml.UnmarshalWithOptions(commonText, &kinds, yaml.Strict()); err != nil {
		panic(fmt.Errorf("common.yaml: %w", err)) // it is part of the program, and a test reads it
	}
	return kinds
})

// Kind are the ways in which one thing goes wrong, by name, bound to a vendor's word and seam. A catalogue takes those that
// it names.
type Kind[C any] map[string]Deviation[C]

// bind binds the mechanisms of a kind to a vendor's word and seam.
func bind[C, M any](kind, word string, mechanisms map[string]M, seam func(M) func(*C)) Kind[C] {
	return bindAnew(kind, word, func() map[string]M { return mechanisms }, seam)
}

// bindAnew binds mechanisms that remember, which are made anew for every server.
func bindAnew[C, M any](kind, word string, mechanisms func() map[string]M, seam func(M) func(*C)) Kind[C] {
	bound := Kind[C]{}
	for name := range mechanisms() {
		named := common()[kind][name]
		bound[strings.Replace(name, "*", word, 1)] = Deviation[C]{Named: named, Apply: func(c *C) { seam(mechanisms()[name])(c) }}
	}
	return bound
}
