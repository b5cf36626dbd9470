package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// group are the deeds of one operation, as far as they concern those that are in one relation to what they are done to.
type group struct {
	operation, kind string // of those
	relation        relation
}

// record is how those of a group fared.
type record struct {
	of     *held // one to which the operation does something, and one who met it
	victim *held
	// ended are the deeds after which one was dead that was alive before, and alone those of them beside which nothing was sent.
	ended, alone map[*deed]bool
	// victims are those that were lost while a deed was under way or answered, be it one that may have done nothing, with when that was known.
	victims map[*held]time.Time
	// spared says that one lived on.
	spared bool
	// suspected says that a credential was lost which should live, while a deed was under way or answered.
	suspected bool
}

// records go through what became of every credential, beside the deeds that it met.
func (l *Log) records() map[group]*record {
	if l.found == nil {
		l.found = l.gone()
	}
	return l.found
}

// gone is what records keeps.
func (l *Log) gone() map[group]*record {
	all := map[group]*record{}
	deeds := make([]*deed, len(l.deeds))
	for i := range l.deeds {
		deeds[i] = &l.deeds[i]
	}
	slices.SortStableFunc(deeds, func(a, b *deed) int { return a.Sent.Compare(b.Sent) })
	for _, d := range deeds {
		d.idle = d.ends && mayBeIdle(d, deeds)
	}
	works := map[string]bool{} // operations
	for _, h := range l.all {
		for _, u := range h.uses {
			works[u.Operation] = works[u.Operation] || u.Granted && u.plain // what is written otherwise tells nothing of what is not
		}
	}
	for _, h := range l.all {
		uses := l.lived(h)
		alive, last := h.given, h.given.Received
		var dead *use
		for i, u := range uses {
			switch {
			case u.Granted:
				alive, last, dead = u.Request, u.Sent, nil
			case dead == nil && works[u.Operation]:
				dead = &uses[i]
			}
		}
		for _, d := range deeds {
			if d.to == h || d.Received.Before(h.given.Received) {
				continue
			}
			met := !d.idle && d.Sent.After(h.given.Received) && d.Received.Before(last)
			lost := dead != nil && d.Received.After(alive.Sent) && d.Sent.Before(dead.Received)
			if !met && !lost {
				continue
			}
			g := group{d.Operation, h.Kind, relationOf(d.to, h)}
			r := all[g]
			if r == nil {
				r = &record{of: d.to, victim: h, ended: map[*deed]bool{}, alone: map[*deed]bool{}, victims: map[*held]time.Time{}}
				all[g] = r
			}
			if r.spared = r.spared || met; r.spared || !lost {
				continue // one that spared somebody is no suspect
			}
			if r.victims[h] = dead.Sent; d.idle {
				continue
			}
			r.suspected = true
			if d.Sent.After(alive.Received) && d.Received.Before(dead.Sent) {
				if r.ended[d] = true; d.alone {
					r.alone[d] = true
				}
			}
		}
	}
	return all
}

// mayBeIdle says whether what a deed ended may have been over already, by another of the same kind: then it did nothing.
func mayBeIdle(d *deed, all []*deed) bool {
	alive := d.to.given.Sent
	for _, u := range d.to.uses {
		if u.Granted && u.Received.Before(d.Sent) && u.Sent.After(alive) {
			alive = u.Sent
		}
	}
	return slices.ContainsFunc(all, func(o *deed) bool {
		return o != d && o.ends && o.Operation == d.Operation && o.Sent.Before(d.Received) && o.Received.After(alive)
	})
}

// Suspects are the operations that may have ended what should live: of each that was lost, one of them was answered since it was last
// seen alive; and none of those that they may have reached is known to have lived on.
func (l *Log) Suspects() (operations []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for g, r := range l.records() {
		if r.suspected && !r.spared && g.relation != stranger && !slices.Contains(operations, g.operation) {
			operations = append(operations, g.operation)
		}
	}
	slices.Sort(operations)
	return operations
}

// Culprit is an operation that ended what should live.
type Culprit struct {
	Operation string
	// Words are a sentence on it.
	Words string
}

// fewest is how many requests have to have done so, and fewestAlone how many of these while nothing else was sent.
const fewest, fewestAlone = 2, 1

// guilty says that every deed of a group ended what it should have spared; r may be nil.
func (r *record) guilty() bool {
	return r != nil && !r.spared && len(r.ended) >= fewest && len(r.alone) >= fewestAlone
}

// endsEverybody says whether the operation of a group ended all others of the kind, whatever they are to each other.
func endsEverybody(records map[group]*record, g group) bool {
	guilty := func(of relation) bool { return records[group{g.operation, g.kind, of}].guilty() }
	return guilty(ofAccount) || guilty(other) && guilty(sibling)
}

// Explained says which refusals of requests, by when they were sent, are the doing of the culprits.
func (l *Log) Explained() func(operation string, sent time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	type request struct {
		operation string
		sent      int64
	}
	explained := map[request]bool{}
	records := l.records()
	for g, r := range records {
		if !r.guilty() && !(endsEverybody(records, g) && slices.Contains([]relation{sibling, original, renewal}, g.relation)) {
			continue
		}
		for h, lost := range r.victims {
			for _, u := range h.uses {
				if !u.Granted && !u.Sent.Before(lost) {
					explained[request{u.Operation, u.Sent.UnixNano()}] = true
				}
			}
		}
	}
	return func(operation string, sent time.Time) bool { return explained[request{operation, sent.UnixNano()}] }
}

// Culprits are the operations of which every request ended what it should have spared, tried alone as well.
func (l *Log) Culprits() (all []Culprit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	records := l.records()
	for g, r := range records {
		if !r.guilty() {
			continue
		}
		whom, everybody := "", endsEverybody(records, g)
		switch {
		case everybody && (g.relation == ofAccount || g.relation == other):
			whom = fmt.Sprintf("every other %s of the account", g.kind)
		case everybody && (g.relation == sibling || g.relation == original || g.relation == renewal): // and so those, too
		case (g.relation == original || g.relation == renewal) && records[group{g.operation, g.kind, sibling}].guilty(): // the same
		case g.relation == sibling:
			whom = fmt.Sprintf("every other %s of the same %s", g.kind, r.victim.parent.Kind)
		case g.relation == other:
			whom = fmt.Sprintf("every %s of the account's other %ss", g.kind, r.victim.parent.Kind)
		case g.relation == child:
			whom = fmt.Sprintf("every %s of the %s", g.kind, r.of.Kind)
		case g.relation == parent:
			whom = fmt.Sprintf("the %s of the %s", g.kind, r.of.Kind)
		case g.relation == original:
			whom = fmt.Sprintf("the %s that was renewed", g.kind)
		case g.relation == renewal:
			whom = fmt.Sprintf("the %s that had renewed it", g.kind)
		}
		if whom != "" {
			all = append(all, Culprit{g.operation, fmt.Sprintf("each of %d %s requests ended %s", len(r.ended), g.operation, whom)})
		}
	}
	slices.SortFunc(all, func(a, b Culprit) int { return strings.Compare(a.Operation+a.Words, b.Operation+b.Words) })
	return all
}
