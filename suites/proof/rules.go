package proof

import (
	"fmt"
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
				if !fault.Exempts(exempt, p.ID, r.ID) && r.Level != specs.Note && len(FaultsOf(faults, p.ID, r.ID)) == 0 {
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

// faultProof says how a run met a fault and, where all checks judged it, what the report says first.
func faultProof(k kase, run verdict.Run, byAll bool) verdict.FaultProof {
	p := verdict.FaultProof{
		Profile: k.profile, Name: k.named.Name, Requirement: k.named.Requirement, Kill: verdict.Survived, Verdict: run.Verdict, Checks: []string{}, Caught: []string{},
	}
	var own []string
	for _, c := range run.Checks {
		if !c.Broken() {
			continue
		}
		if byAll && p.First == "" {
			p.First = c.Requirements[0]
			p.Cause = p.First == k.named.Requirement || slices.Contains(k.named.Also, p.First)
		}
		p.Caught = append(p.Caught, c.Requirements...)
		if slices.Contains(c.Requirements, k.named.Requirement) {
			own = append(own, c.Reason)
			if strings.Contains(c.Expected+"\n"+c.Actual+"\n"+c.Reason, k.named.Reason) {
				p.Kill = verdict.Killed
				p.Checks = append(p.Checks, c.ID)
			}
		}
	}
	slices.Sort(p.Caught)
	p.Caught = slices.Compact(p.Caught)
	if p.Kill == verdict.Killed {
		// A breach of a MUST that does not make the run nonconformant would be caught in vain.
		if must(run, k.named.Requirement) && run.Verdict != verdict.Nonconformant {
			p.Kill, p.Detail = verdict.KilledByOthers, "the run is "+string(run.Verdict)
		}
		p.Any = p.Kill == verdict.Killed
		return p
	}
	if len(p.Caught) > 0 || run.Verdict != verdict.Conformant {
		p.Kill = verdict.KilledByOthers
	}
	p.Any = run.Verdict == verdict.Nonconformant || k.level == specs.Should && len(p.Caught) > 0
	if len(own) > 0 {
		p.Detail = fmt.Sprintf("%s failed, but not with %q: %s", k.named.Requirement, k.named.Reason, own[0])
	} else {
		p.Detail = fmt.Sprintf("the run is %s; its own checks came to: %s", run.Verdict, statuses(run, k.named.Requirement))
	}
	return p
}

func must(run verdict.Run, requirement string) bool {
	return slices.ContainsFunc(run.Checks, func(c verdict.Check) bool {
		return c.Level == verdict.Must && slices.Contains(c.Requirements, requirement)
	})
}

func statuses(run verdict.Run, requirement string) string {
	var out []string
	for _, c := range run.Checks {
		if slices.Contains(c.Requirements, requirement) {
			out = append(out, strings.TrimSpace(string(c.Status)+" "+c.Reason))
		}
	}
	if len(out) == 0 {
		return run.Reason
	}
	return strings.Join(out, "; ")
}

// variantProofs say whom a run blamed for the variants of a server.
func variantProofs(k kase, run verdict.Run) []verdict.VariantProof {
	p := verdict.VariantProof{Profile: k.profile, Name: k.named.Name, Verdict: run.Verdict}
	if len(run.Checks) == 0 {
		p.Blamed = append(p.Blamed, run.Reason)
	}
	for _, c := range run.Checks {
		switch c.Status {
		case verdict.Failed, verdict.Inconclusive:
			p.Blamed = append(p.Blamed, c.ID+": "+c.Reason)
		case verdict.Warned:
			if !slices.Contains(p.Warned, c.Requirements[0]) {
				p.Warned = append(p.Warned, c.Requirements[0])
			}
		}
	}
	var proofs []verdict.VariantProof
	all := append([]fault.Named{k.named}, k.beside...)
	for i, n := range all {
		of := p
		of.Name = n.Name
		for j, other := range all {
			if j != i {
				of.Beside = append(of.Beside, other.Name)
			}
		}
		proofs = append(proofs, of)
	}
	return proofs
}

// clean says that a run blames nobody.
func clean(p verdict.VariantProof) bool { return p.Verdict == verdict.Conformant && len(p.Blamed) == 0 }

// together is what was made of the variants, each alone, and of those groups that were blamed though none of them is.
func together(alone, groups []verdict.VariantProof) []verdict.VariantProof {
	for _, group := range groups {
		blamed := slices.ContainsFunc(alone, func(v verdict.VariantProof) bool {
			return v.Profile == group.Profile && slices.Contains(append(group.Beside, group.Name), v.Name) && v.Verdict != verdict.Conformant
		})
		i := slices.IndexFunc(alone, func(v verdict.VariantProof) bool { return v.Profile == group.Profile && v.Name == group.Name })
		if !blamed && i >= 0 {
			alone[i] = group
		}
	}
	return alone
}
