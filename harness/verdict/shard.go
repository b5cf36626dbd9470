package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Shard says that a run is one of several that share the checks of a whole. Each check is in one of them.
type Shard struct {
	// Index is which of them it is, from 1 on, and Of how many there are.
	Index int `json:"index"`
	Of    int `json:"of"`
	// Order are the IDs of the checks of the whole, in the order of the catalogue.
	Order []string `json:"order" scrub:"own"`
	// LeftOut are the MUSTs of which the label filter left out some check or all.
	LeftOut []string `json:"leftOut,omitempty" scrub:"own"`
	// Seen are breaches that the checks of this shard saw in passing, of promises whose own checks are in other shards.
	Seen []Breach `json:"seen,omitempty"`
}

// String says which shard it is: "shard 2 of 5".
func (s *Shard) String() string { return fmt.Sprintf("shard %d of %d", s.Index, s.Of) }

// joined makes one run of the shards of a whole that are at hand. It comes to what the whole would have: each check is in one shard, and
// verdict and coverage are made anew from all of them. Checks of shards that are not at hand make it incomplete.
func joined(shards []Run) Run {
	slices.SortStableFunc(shards, func(a, b Run) int { return cmp.Compare(a.Shard.Index, b.Shard.Index) })
	whole := shards[0]
	whole.Checks, whole.Causes, whole.Preflight, whole.CleanUp, whole.LeftBehind, whole.Weather = []Check{}, nil, nil, nil, nil, nil
	whole.Dropped, whole.WrongPasswords, whole.RefusedLogins, whole.Shard, whole.stop = 0, 0, 0, nil, nil
	early := &stop{}
	for _, s := range shards {
		whole.Checks = append(whole.Checks, s.Checks...)
		whole.Causes = append(whole.Causes, s.Causes...)
		whole.Preflight = append(whole.Preflight, s.Preflight...)
		whole.CleanUp = append(whole.CleanUp, s.CleanUp...)
		whole.LeftBehind = append(whole.LeftBehind, s.LeftBehind...)
		for _, w := range s.Weather {
			if !slices.Contains(whole.Weather, w) {
				whole.Weather = append(whole.Weather, w)
			}
		}
		whole.Dropped += s.Dropped
		whole.WrongPasswords += s.WrongPasswords
		whole.RefusedLogins += s.RefusedLogins
		if reason := s.stoppedBy(); reason != "" && !early.early {
			*early = stop{true, s.Shard.String() + ": " + reason, s.Remedy}
		}
	}
	order := shards[0].Shard.Order
	if missing := len(order) - len(whole.Checks); missing > 0 && !early.early {
		*early = stop{true, Count(missing, "check is", "checks are") + " in no report that was merged",
			fmt.Sprintf("give the report of every shard, 1/%d to %[1]d/%[1]d", shards[0].Shard.Of)}
	}
	var seen []Breach
	for _, s := range shards {
		seen = append(seen, s.Shard.Seen...)
	}
	Fold(whole.Checks, seen)
	whole.caused()
	whole.inOrder(order)
	whole.Coverage = covers(shards, whole.Checks)
	whole.stop = early
	whole.Judge()
	return whole
}

// caused makes each check a cause that is broken and that no shard has: what another shard saw in passing broke it.
func (r *Run) caused() {
	for i := range r.Checks {
		if c := &r.Checks[i]; c.Broken() && r.CauseOf(c).Check == "" {
			r.Causes = append(r.Causes, Cause{Check: c.ID})
		}
	}
}

// stoppedBy is why a run came to an end before its checks had, "" where it did not. What its checks came to is no such reason.
func (r *Run) stoppedBy() string {
	_, also, _ := strings.Cut(r.Reason, alsoIncomplete)
	switch {
	case r.Verdict == Nonconformant:
		return also
	case r.Verdict != Incomplete, r.Reason == noneExecuted, strings.HasSuffix(r.Reason, unjudgedMusts):
		return ""
	}
	return r.Reason
}

// inOrder brings checks into the order of the catalogue, what is broken first and a MUST before a SHOULD; which of several broken promises is
// the cause of the others a shard knows for its own alone.
func (r *Run) inOrder(order []string) {
	levels, place := map[string]Level{}, map[string]int{}
	for _, c := range r.Checks {
		levels[c.ID] = c.Level
	}
	slices.SortStableFunc(r.Causes, func(a, b Cause) int {
		return after(levels[a.Check] != Must, levels[b.Check] != Must)
	})
	for _, c := range r.Causes {
		for _, id := range append([]string{c.Check}, c.Also...) {
			if _, known := place[id]; !known {
				place[id] = len(place) - len(levels) // before all that are in order
			}
		}
	}
	for i, id := range order {
		if _, known := place[id]; !known {
			place[id] = i
		}
	}
	slices.SortStableFunc(r.Checks, func(a, b Check) int { return cmp.Compare(place[a.ID], place[b.ID]) })
}

// after orders what is not before what is.
func after(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// covers is what shards have examined together: a MUST of which one shard judged a check and another lacked something is examined in part.
func covers(shards []Run, checks []Check) *Coverage {
	if slices.ContainsFunc(shards, func(s Run) bool { return s.Coverage == nil }) {
		return nil
	}
	type must struct{ judged, skipped bool }
	musts := map[string]*must{}
	for _, c := range checks {
		if c.Level != Must {
			continue
		}
		m := musts[c.Requirements[0]]
		if m == nil {
			m = &must{}
			musts[c.Requirements[0]] = m
		}
		m.judged = m.judged || c.Status == Passed || c.Status == Failed || c.Status == Waived
	}
	all := Coverage{Musts: shards[0].Coverage.Musts, Needs: []Need{}}
	for _, s := range shards {
		for _, n := range s.Coverage.Needs {
			i := slices.IndexFunc(all.Needs, func(known Need) bool { return known.What == n.What })
			if i < 0 {
				i = len(all.Needs)
				all.Needs = append(all.Needs, Need{What: n.What, Allowed: n.Allowed, Musts: []string{}, InPart: []string{}, Remedies: []string{}})
			}
			into := &all.Needs[i]
			for _, id := range slices.Concat(n.Musts, n.InPart) {
				m := musts[id]
				if m == nil { // the file may say anything
					continue
				}
				m.skipped = true
				list := &into.Musts
				if m.judged {
					list = &into.InPart
				}
				if !slices.Contains(*list, id) {
					*list = append(*list, id)
				}
			}
			for _, remedy := range n.Remedies {
				if !slices.Contains(into.Remedies, remedy) {
					into.Remedies = append(into.Remedies, remedy)
				}
			}
		}
	}
	entered, missing := map[string]bool{}, map[string]bool{}
	for _, c := range checks {
		entered[c.ID] = true
	}
	for _, id := range shards[0].Shard.Order {
		if !entered[id] {
			_, inner, _ := strings.Cut(id, "/")
			requirement, _, _ := strings.Cut(inner, "/")
			missing[requirement] = true
		}
	}
	for id, m := range musts {
		left := missing[id] || slices.Contains(shards[0].Shard.LeftOut, id)
		switch {
		case m.judged:
			all.Examined++
			if m.skipped || left {
				all.InPart++
			}
		case m.skipped:
		case !left:
			all.Unjudged++
		default:
			all.Unselected++
		}
	}
	all.Unselected += all.Musts - len(musts)
	return &all
}
