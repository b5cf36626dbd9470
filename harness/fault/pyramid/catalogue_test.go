package pyramid

import (
	"slices"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/specs"
)

// Every promise can be broken: a requirement that no fault breaks is one that no check is proved on.
func TestEveryRequirementHasItsFault(t *testing.T) {
	t.Parallel()
	catalogue, err := specs.ForProfile(pyramid.Profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, profile := range Catalogue().Profiles {
		broken := map[string]int{}
		for _, f := range Catalogue().Faults {
			if !slices.Contains(f.Profiles, profile) {
				continue
			}
			if _, ok := catalogue.Find(profile, f.Requirement); !ok {
				t.Errorf("%s breaks %s, which is no requirement of %s", f.Name, f.Requirement, profile)
			}
			broken[f.Requirement]++
		}
		for _, r := range catalogue.In(profile) {
			if note := r.Level == specs.Note || fault.Exempts(Catalogue().Exempt, profile, r.ID); note != (broken[r.ID] == 0) {
				t.Errorf("%s: %s (%s) has %d faults", profile, r.ID, r.Level, broken[r.ID])
			}
		}
	}
}

func TestFaultsAndVariantsAreDescribed(t *testing.T) {
	t.Parallel()
	c := Catalogue()
	names := map[string]bool{}
	check := func(kind, name, story string, apply func(*pyramid.Config)) {
		if names[name] || name == "" || story == "" {
			t.Errorf("%s %q: a name that stands twice or is empty, or no story", kind, name)
		}
		names[name] = true
		var config pyramid.Config
		apply(&config)
		server, err := pyramid.New(config)
		if err != nil {
			t.Errorf("%s %s: %v", kind, name, err)
			return
		}
		server.Close()
	}
	for _, f := range c.Faults {
		check("fault", f.Name, f.Story, f.Apply)
		if f.Reason == "" {
			t.Errorf("fault %s: no reason, so that any failure of the requirement would pass for catching it", f.Name)
		}
	}
	for _, v := range c.Variants {
		check("variant", v.Name, v.Story, v.Apply)
	}
}
