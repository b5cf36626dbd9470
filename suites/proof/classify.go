package proof

import (
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/verdict"
)

// faultProof says how a run met a fault.
func faultProof(k kase, run verdict.Run) verdict.FaultProof {
	p := verdict.FaultProof{
		Profile: k.profile, Name: k.named.Name, Requirement: k.named.Requirement, Kill: verdict.Survived, Checks: []string{}, Caught: []string{},
	}
	var own []string
	for _, c := range run.Checks {
		if c.Status != verdict.Failed && c.Status != verdict.Warned {
			continue
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
		return p
	}
	if len(p.Caught) > 0 || run.Verdict != verdict.Conformant {
		p.Kill = verdict.KilledByOthers
	}
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

// variantProof says whom a run blamed for a variant.
func variantProof(k kase, run verdict.Run) verdict.VariantProof {
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
	return p
}
