// Package fault names the ways in which a reference server can be broken, and those in which it can differ and still
// keep its document. Each is one small override at a seam of the server. What goes wrong with every vendor is here, once,
// with its story and its mechanism; a system's catalogue, in a package of its own, binds it to the vendor's seams, says
// what it breaks, and adds what only that vendor can get wrong. A fault proves a check: a suite that lets it pass is worth nothing. A variant proves the suite's patience: one
// that blames it asks for more than the document promises.
package fault

import (
	"fmt"
	"slices"
)

// Fault is a named way to break a server. C is the configuration of the system's server.
type Fault[C any] struct {
	// Name is stable; words are joined by hyphens.
	Name string
	// Requirement is the ID of the requirement that the fault breaks: the one that must catch it.
	Requirement string
	// Profiles are those in which the fault can be; empty means all of the system.
	Profiles []string
	// Story says in one line how a real server comes to behave so.
	Story string
	// Reason is what a report on the fault must say, as a part of what the failed check expected or saw. It keeps a
	// check from catching a fault by accident. Empty asks for no more than the requirement.
	Reason string
	// Apply makes the override.
	Apply func(*C)
}

// Variant is a named way to differ that the document allows.
type Variant[C any] struct {
	Name     string
	Profiles []string
	// Story says in one line which servers do so, or what in the document leaves it open.
	Story string
	// Long says that the checks need longer lifetimes than the shortest: every answer is late, or moments and clocks are
	// known to a second and no better.
	Long  bool
	Apply func(*C)
}

// Catalogue is what a system's server can be made to do.
type Catalogue[C any] struct {
	// Profiles are the profiles of the system.
	Profiles []string
	Faults   []Fault[C]
	Variants []Variant[C]
	// Exempt are the requirements of level MUST or SHOULD that no fault breaks, and the checks that none needs.
	Exempt []Exemption
}

// Exemption says why no fault breaks a requirement or, where Check is the slug of one of its checks, why no fault is
// caught by that check alone.
type Exemption struct{ Requirement, Check, Reason string }

// Apply makes the named fault and the named variant; an empty name makes none. A name that the profile does not have
// is an error.
func (c Catalogue[C]) Apply(config *C, profile, faultName, variantName string) error {
	if variantName != "" {
		i := slices.IndexFunc(c.Variants, func(v Variant[C]) bool { return v.Name == variantName && in(profile, v.Profiles) })
		if i < 0 {
			return fmt.Errorf("%s has no variant %q: conform list variants shows them", profile, variantName)
		}
		c.Variants[i].Apply(config)
	}
	if faultName != "" {
		i := slices.IndexFunc(c.Faults, func(f Fault[C]) bool { return f.Name == faultName && in(profile, f.Profiles) })
		if i < 0 {
			return fmt.Errorf("%s has no fault %q: conform list faults shows them", profile, faultName)
		}
		c.Faults[i].Apply(config)
	}
	return nil
}

func in(profile string, profiles []string) bool {
	return len(profiles) == 0 || slices.Contains(profiles, profile)
}

// Named is a fault or a variant without its override, for lists.
type Named struct {
	// System is the name of the system's catalogue of requirements.
	System string `json:"system"`
	Name   string `json:"name"`
	// Requirement is the ID of the requirement that a fault breaks; empty for a variant.
	Requirement string `json:"requirement,omitempty"`
	// Profiles are those in which it can be.
	Profiles []string `json:"profiles"`
	Story    string   `json:"story"`
	// Reason is what a report on a fault must say.
	Reason string `json:"reason,omitempty"`
	// Long says that a variant wants longer lifetimes than the shortest.
	Long bool `json:"long,omitempty"`
}

// NamedFaults lists the faults, in the order of the catalogue.
func (c Catalogue[C]) NamedFaults(system string) []Named {
	out := make([]Named, 0, len(c.Faults))
	for _, f := range c.Faults {
		out = append(out, Named{
			System: system, Name: f.Name, Requirement: f.Requirement, Profiles: c.all(f.Profiles), Story: f.Story, Reason: f.Reason,
		})
	}
	return out
}

// NamedVariants lists the variants, in the order of the catalogue.
func (c Catalogue[C]) NamedVariants(system string) []Named {
	out := make([]Named, 0, len(c.Variants))
	for _, v := range c.Variants {
		out = append(out, Named{System: system, Name: v.Name, Profiles: c.all(v.Profiles), Story: v.Story, Long: v.Long})
	}
	return out
}

func (c Catalogue[C]) all(profiles []string) []string {
	if len(profiles) == 0 {
		return c.Profiles
	}
	return profiles
}
