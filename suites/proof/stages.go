package proof

import (
	"fmt"
	"maps"
	"slices"

	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

// batch is servers that one call of the command judges.
type batch struct {
	// filter is that of labels, "" for all checks.
	filter string
	cases  []kase
	// long has sessions and tokens live longer, for checks that do much and wait for no end of theirs.
	long bool
	// any is content with what the run must come to, whichever check showed it, where that is what is asked.
	any bool
	// apart has checks made one at a time: what one does to a broken server must not make another fail, or nothing shows what it is for.
	apart bool
}

// ownBatch and wholeBatch are the number of servers that one call judges by some checks, and by all: starting a process costs more than
// most single checks.
const ownBatch, wholeBatch = 12, 4

// A stage is some checks that judge a fault, for the requirement that it breaks.
type stage func(specs.Requirement, []kase) []batch

// stages are those that judge a fault, until some check catches it: first the checks of its own requirement that do not sweep, then those
// that do, and then those of its subject and all there are, since answers to the others count for the requirement too.
var stages = []stage{
	func(r specs.Requirement, cases []kase) []batch {
		return chunks(cases, batch{filter: r.ID + " && !" + check.Sweep, apart: true})
	},
	func(r specs.Requirement, cases []kase) []batch {
		return chunks(cases, batch{filter: r.ID + " && " + check.Sweep, apart: true, long: true})
	},
	func(r specs.Requirement, cases []kase) []batch {
		return chunks(cases, batch{filter: r.Subject, any: true})
	},
	func(_ specs.Requirement, cases []kase) []batch { return byAll(cases) },
}

// chunks are batches alike of some cases each.
func chunks(cases []kase, like batch) (batches []batch) {
	for some := range slices.Chunk(cases, ownBatch) {
		like.cases = some
		batches = append(batches, like)
	}
	return batches
}

// byAll are the batches of what all checks judge. A server that wants long lifetimes is judged by a call of its own, which does not wait
// for others.
func byAll(cases []kase) (batches []batch) {
	var quick []kase
	for _, k := range cases {
		if k.named.Long {
			batches = append(batches, batch{cases: []kase{k}, long: true})
		} else {
			quick = append(quick, k)
		}
	}
	for some := range slices.Chunk(quick, wholeBatch) {
		batches = append(batches, batch{cases: some})
	}
	return batches
}

// broken is what breaks the same requirement.
type broken struct {
	requirement specs.Requirement
	cases       []kase
}

// byRequirement puts the faults together that break the same, those first of which there are most.
func byRequirement(cases []kase) ([]broken, error) {
	of := map[string]*broken{}
	for _, k := range cases {
		id := k.named.Requirement
		if of[id] == nil {
			c, err := specs.ForProfile(k.profile)
			if err != nil {
				return nil, err
			}
			r, known := c.Find(k.profile, id)
			if !known {
				return nil, fmt.Errorf("%s breaks %s, which %s does not have", k.named.Name, id, k.profile)
			}
			of[id] = &broken{requirement: r}
		}
		k.level = of[id].requirement.Level
		of[id].cases = append(of[id].cases, k)
	}
	var all []broken
	for _, id := range slices.Sorted(maps.Keys(of)) {
		all = append(all, *of[id])
	}
	slices.SortStableFunc(all, func(a, b broken) int { return len(b.cases) - len(a.cases) })
	return all, nil
}
