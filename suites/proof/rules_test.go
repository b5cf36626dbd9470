package proof

import (
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

const profile = "p-1"

func catalogue() *specs.Catalogue {
	c := &specs.Catalogue{Profiles: []specs.Profile{{ID: profile}}}
	for id, level := range map[string]specs.Level{"R-1": specs.Must, "R-2": specs.Should, "R-3": specs.Note, "R-4": specs.Must} {
		c.Requirements = append(c.Requirements, specs.Requirement{ID: id, Level: level, Profiles: []string{profile}})
	}
	return c
}

func TestUnproven(t *testing.T) {
	t.Parallel()
	faults := []fault.Named{{Name: "f", Requirement: "R-1", Profiles: []string{profile}}, {Name: "g", Requirement: "R-2", Profiles: []string{"another"}}}
	exempt := []fault.Exemption{{Requirement: "R-4"}, {Requirement: "R-2", Check: "slug"}} // a check's is none of its requirement
	if got := Unproven([]*specs.Catalogue{catalogue()}, faults, exempt); !slices.Equal(got, []string{profile + " R-2"}) {
		t.Errorf("unproven %v", got)
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	var defs []check.Definition
	for _, r := range catalogue().Requirements {
		defs = append(defs, check.Definition{ID: profile + "/" + r.ID + "/slug", Requirement: r})
	}
	p := verdict.Proof{Faults: []verdict.FaultProof{
		{Checks: []string{profile + "/R-1/slug"}},                           // needed
		{Checks: []string{profile + "/R-2/slug", profile + "/R-2/another"}}, // not needed: another catches it too
	}}
	if got := Idle(defs, p, []fault.Exemption{{Requirement: "R-4", Check: "slug"}}); !slices.Equal(got, []string{profile + "/R-2/slug"}) {
		t.Errorf("idle %v", got)
	}
}

// A fault is killed by its own requirement, with its own reason, in a run that says so.
func TestFaultProof(t *testing.T) {
	t.Parallel()
	k := kase{profile: profile, named: fault.Named{Name: "f", Requirement: "R-1", Reason: "the old token"}}
	of := func(requirement string, status verdict.Status, actual string) verdict.Check {
		return verdict.Check{ID: profile + "/" + requirement + "/s", Requirements: []string{requirement}, Level: verdict.Must, Status: status, Actual: actual}
	}
	for name, c := range map[string]struct {
		verdict verdict.Outcome
		checks  []verdict.Check
		want    verdict.Kill
	}{
		"by its own":         {verdict.Nonconformant, []verdict.Check{of("R-1", verdict.Failed, "the old token")}, verdict.Killed},
		"for another reason": {verdict.Nonconformant, []verdict.Check{of("R-1", verdict.Failed, "a timeout")}, verdict.KilledByOthers},
		"by another":         {verdict.Nonconformant, []verdict.Check{of("R-2", verdict.Failed, "the old token")}, verdict.KilledByOthers},
		"in vain":            {verdict.Conformant, []verdict.Check{of("R-1", verdict.Failed, "the old token")}, verdict.KilledByOthers},
		"by nobody":          {verdict.Conformant, []verdict.Check{of("R-1", verdict.Passed, "")}, verdict.Survived},
		"not at all":         {verdict.Incomplete, nil, verdict.KilledByOthers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := faultProof(k, verdict.Run{Verdict: c.verdict, Checks: c.checks}, false); got.Kill != c.want {
				t.Errorf("%s (%s), want %s", got.Kill, got.Detail, c.want)
			}
		})
	}
}

// Any check counts, where that is asked, which gives the run the verdict that the fault must have: a warning does for a SHOULD alone.
func TestAnyCheckCounts(t *testing.T) {
	t.Parallel()
	broken := func(requirement string, status verdict.Status) []verdict.Check {
		return []verdict.Check{{ID: profile + "/" + requirement + "/s", Requirements: []string{requirement}, Status: status, Actual: "a reason"}}
	}
	for name, c := range map[string]struct {
		level   specs.Level
		verdict verdict.Outcome
		checks  []verdict.Check
		any     bool
	}{
		"its own":                    {specs.Must, verdict.Nonconformant, broken("R-1", verdict.Failed), true},
		"another":                    {specs.Must, verdict.Nonconformant, broken("R-2", verdict.Failed), true},
		"a warning for a MUST":       {specs.Must, verdict.Conformant, broken("R-2", verdict.Warned), false},
		"a warning for a SHOULD":     {specs.Should, verdict.Conformant, broken("R-2", verdict.Warned), true},
		"nothing for a SHOULD":       {specs.Should, verdict.Conformant, broken("R-1", verdict.Passed), false},
		"a run that says not enough": {specs.Must, verdict.Incomplete, broken("R-2", verdict.Inconclusive), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kase{profile: profile, level: c.level, named: fault.Named{Name: "f", Requirement: "R-1", Reason: "a reason"}}
			if got := faultProof(k, verdict.Run{Verdict: c.verdict, Checks: c.checks}, false); got.Any != c.any {
				t.Errorf("%+v", got)
			}
		})
	}
}

// Those checks alone are asked that contracts give, whatever the stage, and no variant.
func TestOnlyWhatContractsGive(t *testing.T) {
	t.Parallel()
	o := Options{Generated: true, OneIn: 200}
	if len(o.variants()) > 0 || o.Count() != len(o.faults()) || o.Count() == 0 {
		t.Errorf("%d variants, %d faults, %d in all", len(o.variants()), len(o.faults()), o.Count())
	}
	for filter, want := range map[string]string{"": "generated", "R-1 && !sweep": "R-1 && !sweep && generated"} {
		if got := o.selects(filter); got != want {
			t.Errorf("%q of %q", got, filter)
		}
		if got := (Options{}).selects(filter); got != filter {
			t.Errorf("%q of %q where all are asked", got, filter)
		}
	}
}

// A variant may be warned of, and blamed for nothing.
func TestVariantProof(t *testing.T) {
	t.Parallel()
	run := verdict.Run{Verdict: verdict.Incomplete, Checks: []verdict.Check{
		{ID: "a", Requirements: []string{"R-1"}, Status: verdict.Passed}, {ID: "b", Requirements: []string{"R-2"}, Status: verdict.Warned},
		{ID: "c", Requirements: []string{"R-3"}, Status: verdict.Inconclusive, Reason: "why"},
	}}
	got := variantProofs(kase{profile: profile, named: fault.Named{Name: "v"}}, run)[0]
	if !slices.Equal(got.Blamed, []string{"c: why"}) || !slices.Equal(got.Warned, []string{"R-2"}) || got.Verdict != verdict.Incomplete {
		t.Errorf("%+v", got)
	}
	if nothing := variantProofs(kase{}, verdict.Run{Reason: "unreachable"}); !slices.Equal(nothing[0].Blamed, []string{"unreachable"}) {
		t.Errorf("a run without checks blames %v", nothing[0].Blamed)
	}
}

// Variants stand together that have nothing in common, those of their profile and their lifetimes, and each is in one server; what may take
// over a connection stands outside the others.
func TestGroups(t *testing.T) {
	t.Parallel()
	var cases []kase
	for _, n := range []fault.Named{
		{Name: "closed", Of: []string{connection}, Changes: []string{connection}}, {Name: "one", Changes: []string{"a"}},
		{Name: "slow", Changes: []string{"pace"}, Long: true}, {Name: "two", Changes: []string{"a", "b"}}, {Name: "three", Changes: []string{"c"}},
		{Name: "four", Changes: []string{"b", "d"}}, {Name: "five", Changes: []string{"e"}}, {Name: "six", Changes: []string{"f"}},
		{Name: "seven", Changes: []string{"g"}}, {Name: "eight", Changes: []string{"h"}}, {Name: "unknown"},
	} {
		cases = append(cases, kase{profile: profile, named: n, variant: true})
	}
	cases = append(cases, kase{profile: "p-2", named: fault.Named{Name: "jitter", Changes: []string{"pace"}}, variant: true})
	var got []string
	for _, k := range groups(cases) {
		got = append(got, k.profile+" "+k.variants())
		for _, one := range k.alone() {
			if !slices.Contains(strings.Split(k.variants(), ","), one.variants()) {
				t.Errorf("%v alone, %s together", one.variants(), k.variants())
			}
		}
	}
	slices.Sort(got)
	if want := []string{"p-1 one,four,three,five,six,seven,closed", "p-1 slow", "p-1 two,eight", "p-1 unknown", "p-2 jitter"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Two variants that are blamed together and neither alone are blamed.
func TestTogether(t *testing.T) {
	t.Parallel()
	conformant := func(name string) verdict.VariantProof {
		return verdict.VariantProof{Profile: profile, Name: name, Verdict: verdict.Conformant}
	}
	pair := verdict.VariantProof{Profile: profile, Name: "own", Beside: []string{"chunked"}, Verdict: verdict.Nonconformant, Blamed: []string{"c: why"}}
	got := together([]verdict.VariantProof{conformant("chunked"), conformant("own")}, []verdict.VariantProof{pair})
	if !slices.Equal(got[1].Beside, []string{"chunked"}) || got[1].Verdict != verdict.Nonconformant {
		t.Errorf("%+v", got)
	}
	guilty := conformant("chunked")
	guilty.Verdict = verdict.Nonconformant
	got = together([]verdict.VariantProof{guilty, conformant("own")}, []verdict.VariantProof{pair})
	if got[1].Verdict != verdict.Conformant {
		t.Errorf("one is blamed alone, and the other for it: %+v", got)
	}
}

// Where all checks judged a fault, its proof says whether the report names the cause first: the promise that the fault breaks, or one that
// it breaks as plainly.
func TestTheFirstLineIsHeldAgainstTheCause(t *testing.T) {
	t.Parallel()
	checks := []verdict.Check{
		{ID: "p-1/R-2/a", Requirements: []string{"R-2"}, Status: verdict.Failed, Level: verdict.Must, Reason: "that"},
		{ID: "p-1/R-1/a", Requirements: []string{"R-1"}, Status: verdict.Failed, Level: verdict.Must, Reason: "this"},
	}
	run := verdict.Run{Verdict: verdict.Nonconformant, Checks: checks}
	var p verdict.Proof
	for _, also := range [][]string{nil, {"R-2"}} {
		k := kase{profile: profile, named: fault.Named{Name: "f", Requirement: "R-1", Also: also, Reason: "this"}}
		p.Faults = append(p.Faults, faultProof(k, run, true))
		if f := faultProof(k, run, false); f.First != "" || f.Kill != verdict.Killed {
			t.Errorf("judged by its own checks: %+v", f)
		}
	}
	if judged, astray := p.Told(); judged != 2 || len(astray) != 1 || astray[0].First != "R-2" || p.Holds() {
		t.Errorf("%d, %+v, holds %v", judged, astray, p.Holds())
	}
	if p.Faults = p.Faults[1:]; !p.Holds() {
		t.Error("a report that names what is broken as plainly is held against the proof")
	}
}

// A fault breaks a promise of each of its profiles. What it breaks as plainly are others, each a promise of one of them at least: a release
// may promise less than another.
func TestFaultsBreakPromisesOfTheirProfiles(t *testing.T) {
	t.Parallel()
	catalogues, err := specs.All()
	if err != nil {
		t.Fatal(err)
	}
	promised := func(profile, id string) bool {
		return slices.ContainsFunc(catalogues, func(c *specs.Catalogue) bool {
			r, known := c.Find(profile, id)
			return known && r.Level != specs.Note
		})
	}
	for _, f := range reference.Faults() {
		for _, p := range f.Profiles {
			if !promised(p, f.Requirement) {
				t.Errorf("%s in %s breaks %s, which is no promise there", f.Name, p, f.Requirement)
			}
		}
		for _, id := range f.Also {
			if id == f.Requirement || !slices.ContainsFunc(f.Profiles, func(p string) bool { return promised(p, id) }) {
				t.Errorf("%s breaks %s too, which is no promise, or comes twice", f.Name, id)
			}
		}
	}
}

// A sample is always the same, has something of every profile, and is all where one in one is taken.
func TestASampleHasSomethingOfEveryProfile(t *testing.T) {
	t.Parallel()
	whole, sample := Options{OneIn: 1}, Options{OneIn: 25}
	for name, of := range map[string]func(Options) []kase{"faults": Options.faults, "variants": Options.variants} {
		all, some := of(whole), of(sample)
		profiles := map[string]int{}
		for _, k := range some {
			profiles[k.profile]++
		}
		if got, want := len(profiles), len(reference.Profiles()); got != want {
			t.Errorf("the %s are those of %d profiles, of %d", name, got, want)
		}
		if most := len(all)/25 + len(profiles); len(some) < len(all)/25 || len(some) > most {
			t.Errorf("%d of %d %s", len(some), len(all), name)
		}
		if again := of(sample); !slices.EqualFunc(some, again, func(a, b kase) bool { return a.named.Name == b.named.Name && a.profile == b.profile }) {
			t.Errorf("another sample of the %s", name)
		}
	}
	if whole.Count() != (Options{}).Count() {
		t.Errorf("one in one leaves something out")
	}
}
