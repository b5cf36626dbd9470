package proof

import (
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

// Unproven are the requirements of level MUST or SHOULD, by profile and ID, that no fault breaks and no exemption explains.
func Unproven(catalogues []*specs.Catalogue, faults []fault.Named, exempt []fault.Exemption) []string {
	var out []string
	for _, c := range catalogues {
		for _, p := range c.Profiles {
			for _, r := range c.In(p.ID) {
				excused := slices.ContainsFunc(exempt, func(e fault.Exemption) bool { return e.Check == "" && e.Requirement == r.ID })
				if !excused && r.Level != specs.Note && len(FaultsOf(faults, p.ID, r.ID)) == 0 {
					out = append(out, p.ID+" "+r.ID)
				}
			}
		}
	}
	return out
}

// FaultsOf are the faults that break a requirement in a profile.
func FaultsOf(all []fault.Named, profile, requirement string) []fault.Named {
	return slices.DeleteFunc(slices.Clone(all), func(n fault.Named) bool {
		return n.Requirement != requirement || !slices.Contains(n.Profiles, profile)
	})
}

// Idle are the checks of a MUST or a SHOULD, by ID, that no fault of the proof needs, and for which no exemption says why:
// every fault would still be caught without them, so nothing shows what they are for.
func Idle(defs []check.Definition, p verdict.Proof, exempt []fault.Exemption) []string {
	alone := p.Alone()
	var out []string
	for _, d := range defs {
		_, name, _ := strings.Cut(d.ID, "/")
		excused := slices.ContainsFunc(exempt, func(e fault.Exemption) bool { return e.Requirement+"/"+e.Check == name })
		if d.Level() != verdict.Note && !alone[d.ID] && !excused {
			out = append(out, d.ID)
		}
	}
	return out
}
