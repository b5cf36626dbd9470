// Package fault names the ways in which a reference server can be broken, and those in which it can differ and still
// keep its document. Each is one small override at a seam of the server. What goes wrong with every vendor is here, once;
// a system's catalogue, in a package of its own, is a file of data that says what each fault is called, breaks and shows, and
// what it does where that only changes answers (effect). How single members go wrong is declared in the contracts (mutations).
// What decides otherwise stands in Go beside the file, by the same names. A fault proves a check: a suite that lets it pass is
// worth nothing. A variant proves the suite's patience: one that blames it asks for more than the document promises.
package fault

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Named is a fault or a variant without its override, as catalogues and lists have it.
type Named struct {
	// System is the name of the system's catalogue of requirements.
	System string `json:"system" yaml:"-"`
	// Name is stable; words are joined by hyphens.
	Name string `json:"name"`
	// Requirement is the ID of the requirement that a fault breaks: the one that must catch it. A variant breaks none.
	Requirement string `json:"requirement,omitempty" yaml:"breaks"`
	// Also are requirements that the fault breaks as plainly: a report whose first line names one of them names the cause.
	Also []string `json:"also,omitempty" yaml:"also"`
	// Profiles are those in which it can be; a catalogue leaves them out where they are all of the system.
	Profiles []string `json:"profiles"`
	// Story says in one line how a real server comes to behave so or, of a variant, what in the document leaves it open.
	Story string `json:"story"`
	// Reason is what a report on the fault must say, as a part of what the failed check expected or saw. It keeps a
	// check from catching a fault by accident.
	Reason string `json:"reason,omitempty" yaml:"shows"`
	// Long says of a variant that the checks need longer lifetimes than the shortest: every answer is late, or moments and
	// clocks are known to a second and no better.
	Long bool `json:"long,omitempty"`
	// Alone says of a variant that it would hide what another does.
	Alone bool `json:"-" yaml:"alone"`
	// Bars says of a variant that a client which keeps the document finds no way in, so that weather leaves it out.
	Bars bool `json:"-" yaml:"bars"`
	// Of is what a variant is about that changes answers, connections or refusals, which others may do beside it: no two are of the same.
	Of []string `json:"-" yaml:"of"`
	// Changes are what a variant replaces or is about, by name: the decisions of a server, and Of. Two that have nothing in common can be
	// one server's.
	Changes []string `json:"-" yaml:"-"`
}

// Deviation is a fault or a variant of a server with configuration C.
type Deviation[C any] struct {
	Named `yaml:",inline"`
	// Does is the mechanism of one that changes answers alone.
	Does *effect `yaml:"does"`
	// Apply makes the override.
	Apply func(*C) `yaml:"-"`
}

// Catalogue is what a system's server can be made to do.
type Catalogue[C any] struct {
	// Profiles are the profiles of the system.
	Profiles []string
	Faults   []Deviation[C]
	Variants []Deviation[C]
	// Exempt are the requirements of level MUST or SHOULD that no fault breaks, and the checks that none needs.
	Exempt []Exemption
}

// Exemption says why no fault breaks a requirement or, where Check is the slug of one of its checks, why no fault is
// caught by that check alone.
type Exemption struct {
	Requirement, Check, Reason string
	// Profiles are those in which that holds; none for all.
	Profiles []string
}

// Exempts reports whether no fault needs to break a requirement in a profile.
func Exempts(all []Exemption, profile, requirement string) bool {
	return slices.ContainsFunc(all, func(e Exemption) bool {
		return e.Check == "" && e.Requirement == requirement && (len(e.Profiles) == 0 || slices.Contains(e.Profiles, profile))
	})
}

// Apply makes the named fault and the named variants, which commas separate; an empty name makes none. What comes later has the
// last word, the fault after all. A name that the profile does not have is an error.
func (c Catalogue[C]) Apply(config *C, profile, faultName, variantNames string) error {
	for _, of := range []struct {
		kind, names string
		all         []Deviation[C]
	}{{"variant", variantNames, c.Variants}, {"fault", faultName, c.Faults}} {
		for name := range strings.SplitSeq(of.names, ",") {
			if of.names == "" {
				continue
			}
			i := slices.IndexFunc(of.all, func(d Deviation[C]) bool {
				return d.Name == name && slices.Contains(c.in(d.Profiles), profile)
			})
			if i < 0 {
				return fmt.Errorf("%s has no %s %q: conform list %ss shows them", profile, of.kind, name, of.kind)
			}
			of.all[i].Apply(config)
		}
	}
	return nil
}

// NamedFaults lists the faults, in the order of the catalogue.
func (c Catalogue[C]) NamedFaults(system string) []Named { return c.named(system, c.Faults) }

// NamedVariants lists the variants, in the order of the catalogue.
func (c Catalogue[C]) NamedVariants(system string) []Named {
	all := c.named(system, c.Variants)
	for i, d := range c.Variants {
		if !d.Alone {
			all[i].Changes = changes(d)
		}
	}
	return all
}

// added are the seams at which deviations add to each other's changes instead of replacing them.
var added = []string{".Seams.Edit", ".Seams.Wrap", ".RequestRules.Admit"}

// changes are the decisions that a deviation replaces, by what of a configuration it sets, and what it is about. One that does not say
// what it is about takes a whole seam.
func changes[C any](d Deviation[C]) (all []string) {
	var config C
	d.Apply(&config)
	var walk func(v reflect.Value, name string)
	walk = func(v reflect.Value, name string) {
		if v.Kind() != reflect.Struct {
			if !v.IsZero() {
				all = append(all, name)
			}
			return
		}
		for i := range v.NumField() {
			walk(v.Field(i), name+"."+v.Type().Field(i).Name)
		}
	}
	walk(reflect.ValueOf(config), "")
	if len(d.Of) == 0 {
		return all
	}
	return slices.Concat(d.Of, slices.DeleteFunc(all, func(name string) bool {
		return slices.ContainsFunc(added, func(seam string) bool { return strings.HasSuffix(name, seam) })
	}))
}

func (c Catalogue[C]) named(system string, all []Deviation[C]) []Named {
	out := make([]Named, 0, len(all))
	for _, d := range all {
		d.System, d.Profiles = system, c.in(d.Profiles)
		out = append(out, d.Named)
	}
	return out
}

// in are the profiles that are meant where these are given.
func (c Catalogue[C]) in(given []string) []string {
	if len(given) == 0 {
		return c.Profiles
	}
	return given
}
