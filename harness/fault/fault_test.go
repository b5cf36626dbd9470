package fault_test

import (
	"strings"
	"testing"

	"example.org/conform/harness/fault"
)

type config struct{ applied []string }

func catalogue() fault.Catalogue[config] {
	apply := func(name string) func(*config) {
		return func(c *config) { c.applied = append(c.applied, name) }
	}
	type named = fault.Named
	return fault.Catalogue[config]{
		Profiles: []string{"old", "new"},
		Faults: []fault.Deviation[config]{
			{Named: named{Name: "everywhere", Requirement: "SYS-A-01", Story: "a story", Reason: "a reason"}, Apply: apply("everywhere")},
			{Named: named{Name: "old-alone", Requirement: "SYS-A-02", Profiles: []string{"old"}, Story: "another"}, Apply: apply("old-alone")},
		},
		Variants: []fault.Deviation[config]{
			{Named: named{Name: "patient", Story: "a third", Long: true}, Apply: apply("patient")},
			{Named: named{Name: "new-alone", Profiles: []string{"new"}, Story: "a fourth"}, Apply: apply("new-alone")},
		},
	}
}

func TestApply(t *testing.T) {
	for _, test := range []struct {
		name, profile, fault, variant string
		applied, mistake              string
	}{
		{name: "nothing asked for", profile: "old"},
		{name: "a fault", profile: "new", fault: "everywhere", applied: "everywhere"},
		{name: "a variant", profile: "new", variant: "new-alone", applied: "new-alone"},
		{name: "the variant before the fault", profile: "old", fault: "old-alone", variant: "patient", applied: "patient old-alone"},
		{name: "an unknown fault", profile: "old", fault: "nowhere", mistake: `no fault "nowhere"`},
		{name: "an unknown variant", profile: "old", variant: "nowhere", mistake: `no variant "nowhere"`},
		{name: "a fault of another profile", profile: "new", fault: "old-alone", mistake: `new has no fault "old-alone"`},
		{name: "a variant of another profile", profile: "old", variant: "new-alone", mistake: `old has no variant "new-alone"`},
		{name: "a name that is only a prefix", profile: "old", fault: "every", mistake: `no fault "every"`},
		{name: "a variant asked for as a fault", profile: "old", fault: "patient", mistake: `no fault "patient"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var c config
			err := catalogue().Apply(&c, test.profile, test.fault, test.variant)
			if test.mistake == "" && err != nil || test.mistake != "" && (err == nil || !strings.Contains(err.Error(), test.mistake)) {
				t.Errorf("error %v, want one with %q", err, test.mistake)
			}
			if got := strings.Join(c.applied, " "); got != test.applied {
				t.Errorf("applied %q, want %q", got, test.applied)
			}
		})
	}
}

func TestNamed(t *testing.T) {
	faults, variants := catalogue().NamedFaults("sys"), catalogue().NamedVariants("sys")
	if len(faults) != 2 || len(variants) != 2 {
		t.Fatalf("%d faults and %d variants, want 2 and 2", len(faults), len(variants))
	}
	if f := faults[0]; f.System != "sys" || f.Name != "everywhere" || f.Requirement != "SYS-A-01" || f.Story != "a story" || f.Reason != "a reason" {
		t.Errorf("the first fault is listed as %+v", f)
	}
	if got := strings.Join(faults[0].Profiles, " "); got != "old new" {
		t.Errorf("a fault without profiles is listed for %q, want those of the system", got)
	}
	if got := strings.Join(faults[1].Profiles, " "); got != "old" {
		t.Errorf("a fault of one profile is listed for %q", got)
	}
	if v := variants[1]; v.Requirement != "" || strings.Join(v.Profiles, " ") != "new" {
		t.Errorf("the second variant is listed as %+v", v)
	}
}
