package runner

import (
	"slices"

	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
)

// coverage says how much of what the profile promises the checks of a run have examined, and what the target lacks for the rest. A check
// that was skipped for what the server is, and not for what the target lacks, leaves no more to be examined.
func (j *judged) coverage(checks []verdict.Check) *verdict.Coverage {
	var c verdict.Coverage
	skips, came := map[string]Skip{}, map[string]verdict.Status{}
	for _, s := range j.Skipped {
		skips[s.ID] = s
	}
	for _, check := range checks {
		came[check.ID] = check.Status
	}
	type must struct{ judged, skipped, unselected bool }
	musts, lacks := map[string]*must{}, map[string][]Skip{}
	var order []string
	for _, d := range j.Defs {
		id := d.Requirement.ID
		if d.Level() != specs.Must {
			continue
		}
		if musts[id] == nil {
			musts[id], order = &must{}, append(order, id)
		}
		m := musts[id]
		status, entered := came[d.ID]
		skip, lacking := skips[d.ID]
		switch {
		case lacking && status == verdict.Skipped:
			m.skipped = true
			lacks[id] = append(lacks[id], skip)
		case !entered && len(checks) > 0:
			m.unselected = true
		case status == verdict.Passed, status == verdict.Failed, status == verdict.Waived:
			m.judged = true
		}
	}
	c.Musts, c.Needs = len(order), []verdict.Need{}
	for _, id := range order {
		switch m := musts[id]; {
		case m.judged:
			c.Examined++
			if m.skipped || m.unselected {
				c.InPart++
			}
		case m.skipped:
		case m.unselected:
			c.Unselected++
		default:
			c.Unjudged++
		}
		for _, skip := range lacks[id] {
			for _, need := range skip.Needs {
				j.need(&c, need, skip.Remedy, id, musts[id].judged)
			}
		}
	}
	return &c
}

// need enters what the target lacks for a check of a requirement, which other checks examined in part or none did.
func (j *judged) need(c *verdict.Coverage, need, remedy, id string, inPart bool) {
	what, allowed := j.Target.Lacking(need)
	i := slices.IndexFunc(c.Needs, func(n verdict.Need) bool { return n.What == what })
	if i < 0 {
		i = len(c.Needs)
		c.Needs = append(c.Needs, verdict.Need{What: what, Allowed: allowed, Musts: []string{}, InPart: []string{}, Remedies: []string{}})
	}
	n := &c.Needs[i]
	list := &n.Musts
	if inPart {
		list = &n.InPart
	}
	if !slices.Contains(*list, id) {
		*list = append(*list, id)
	}
	if !slices.Contains(n.Remedies, remedy) {
		n.Remedies = append(n.Remedies, remedy)
	}
}
