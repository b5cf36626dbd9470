package runner

import (
	"fmt"

	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

// Shard says which part of a run is to be done: Index of Of, from 1 on. Zero is the whole.
type Shard struct{ Index, Of int }

// unit are checks that one shard has to make: they share a budget, or what one of them did.
type unit []placed

// placed is a check at a target, by its place among those that are planned.
type placed struct {
	target int
	id     string
}

// split leaves in a plan of the whole what one shard is to do. The plan was made for the whole, so that what a budget does not cover is
// skipped whichever shard it falls to.
func split(whole []Planned, s Shard) (part []Planned, err error) {
	units, total := units(whole)
	if s.Of > len(units) {
		return nil, fmt.Errorf("--shard %d/%d: the run has only %s; give no more shards than that", s.Index, s.Of,
			verdict.Count(len(units), "part that stands by itself", "parts that stand by themselves"))
	}
	// Each shard takes the units that come next until it has its share of what is left, so that most targets are in few of them.
	in, sizes := map[placed]int{}, make([]int, s.Of)
	now := 0
	for i, u := range units {
		if mayGoOn, must := now+1 < s.Of, len(units)-i == s.Of-now-1; mayGoOn && sizes[now] > 0 && (must || 2*sizes[now]+len(u) > 2*(total/(s.Of-now))) {
			total -= sizes[now]
			now++
		}
		for _, c := range u {
			in[c] = now
		}
		sizes[now] += len(u)
	}
	last := 0 // what is skipped goes where the check before it went
	for i, p := range whole {
		own := p
		own.Run, own.Skipped, own.RefusedLogins = nil, nil, 0
		own.Shard, own.Shares = &verdict.Shard{Index: s.Index, Of: s.Of, Order: []string{}}, sizes
		skips, shared := map[string]Skip{}, map[string]bool{}
		for _, skip := range p.Skipped {
			skips[skip.ID] = skip
		}
		spends := false
		for _, d := range p.Defs {
			at, runs := in[placed{i, d.ID}]
			skip, skipped := skips[d.ID]
			switch {
			case runs:
				last = at
			case !skipped:
				own.leave(d)
				continue
			}
			own.Shard.Order = append(own.Shard.Order, d.ID)
			if last != s.Index-1 {
				continue
			}
			if skipped {
				own.Skipped = append(own.Skipped, skip)
				continue
			}
			own.Run = append(own.Run, d)
			spends = spends || d.Spends != ""
			if n, key := refusing(d); !shared[key] {
				shared[key] = true
				own.RefusedLogins += n
			}
		}
		if !spends {
			own.WrongPasswords = []WrongPasswords{{Username: p.Target.Of("").Username}}
		}
		if len(own.Run)+len(own.Skipped) > 0 {
			part = append(part, own)
		}
	}
	return part, nil
}

// leave notes that the filter left out a check.
func (p *Planned) leave(d check.Definition) {
	if id := d.Requirement.ID; d.Level() == specs.Must && (len(p.Shard.LeftOut) == 0 || p.Shard.LeftOut[len(p.Shard.LeftOut)-1] != id) {
		p.Shard.LeftOut = append(p.Shard.LeftOut, id)
	}
}

// units are the checks that run, in the order of the plan, those together that no two shards may share: the wrong passwords that a server is
// sent, the walks, and what is made when all else is over.
func units(whole []Planned) (all []unit, total int) {
	known := map[string]int{}
	for i, p := range whole {
		for _, d := range p.Run {
			total++
			c := placed{i, d.ID}
			key := ""
			switch {
			case d.Spends != "":
				key = "passwords " + p.Target.URL
			case d.Slug == check.InWalks:
				key = fmt.Sprintf("walks %d", i)
			case d.Alone:
				key = fmt.Sprintf("alone %d", i)
			}
			if at, is := known[key]; is {
				all[at] = append(all[at], c)
				continue
			}
			if key != "" {
				known[key] = len(all)
			}
			all = append(all, unit{c})
		}
	}
	return all, total
}
