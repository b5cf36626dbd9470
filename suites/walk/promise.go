package walk

import (
	"slices"
	"strings"

	"example.org/conform/openapi"
	"example.org/conform/suites/life"
)

// question is what a look at a credential asks: whether it is accepted at an operation, under one of its names, after what befell
// it last.
type question struct{ at, name, step, by string }

// promises are the requirements that the contract's promises tie to questions.
type promises struct {
	doc       *openapi.Document
	alive     map[question]openapi.Promise
	dead      map[question]openapi.Promise
	sent      map[string]openapi.Promise // what is nobody's, by operation
	another   map[string]string          // requirements that hand-outs differ, by operation
	unharmed  map[string]string          // requirements that near misses end nothing, by operation
	enduring  map[string]openapi.Promise // of operations that are answered with their success whatever they end
	strangers string
}

func promisesOf(doc *openapi.Document) *promises {
	all := &promises{
		doc: doc, alive: map[question]openapi.Promise{}, dead: map[question]openapi.Promise{}, sent: map[string]openapi.Promise{},
		another: map[string]string{}, unharmed: map[string]string{}, enduring: map[string]openapi.Promise{},
	}
	for _, op := range doc.Operations() {
		for _, p := range op.Promises {
			all.add(op, p)
		}
	}
	return all
}

func (all *promises) add(op *openapi.Operation, p openapi.Promise) {
	first := func(m map[string]openapi.Promise) {
		if _, known := m[op.ID()]; !known {
			m[op.ID()] = p
		}
	}
	switch {
	case p.Rule == "another" || p.Rule == "renewal-is-new":
		all.another[op.ID()] = p.Requirement
	case p.Rule != "" || p.Everywhere || p.Status != 0 || len(p.Needs) > 0:
	case p.At == "name":
		all.strangers = p.Requirement
	case p.At != "" && p.At != "subject" || life.Waits(p):
	case len(p.Sent) == 1 && p.Sent[0] == "made-up" && len(p.After) == 0:
		first(all.sent)
	case len(p.Sent) > 0:
		if slices.Contains(p.Sent, "near-misses") && op.Ends() != nil {
			all.unharmed[op.ID()] = p.Requirement
		}
	case op.Ends() != nil && op.Ends().Always:
		first(all.enduring)
	case len(p.After) > 0 || p.By != "":
		q := question{at: op.ID(), name: p.By}
		if n := len(p.After); n > 0 {
			q.step, q.by, _ = strings.Cut(p.After[n-1], " by ")
		}
		m := all.alive
		if life.Dead(all.doc, op, p) {
			m = all.dead
		}
		if _, known := m[q]; !known {
			m[q] = p
		}
	}
}

// of is the requirement that a look breaks which does not see what it must, and what is looked at, in words. Of several things
// that befell a credential it is the last end, or else the last of all.
func (all *promises) of(op *openapi.Operation, s *state, name string) (requirement, what string) {
	m := all.alive
	if s.fate == ended {
		m = all.dead
	}
	befell := slices.Clone(s.befell)
	slices.Reverse(befell)
	slices.SortStableFunc(befell, func(a, b event) int { return a.weight() - b.weight() })
	for _, e := range append(befell, event{}) {
		if e.step == nobodysEnded {
			if r := all.unharmed[e.by]; r != "" && s.fate != ended {
				return r, life.Noun(s.hand.Kind) + " that is not the one to be ended"
			}
			e.step = "sibling-ended"
		}
		for _, q := range []question{{op.ID(), name, e.step, e.by}, {op.ID(), name, e.step, ""}, {op.ID(), "", e.step, e.by}, {op.ID(), "", e.step, ""}} {
			if p, known := m[q]; known {
				return p.Requirement, p.What
			}
		}
	}
	if s.fate == ended {
		return all.anyDead(op), ""
	}
	return op.SuccessRequirement(), ""
}

// namesOf are the names under which a credential is accepted at an operation, as its promises have it; "" is its value.
func namesOf(op *openapi.Operation, s *state) []string {
	names := []string{""}
	for _, p := range op.Promises {
		if _, own := s.hand.Names[p.By]; own && p.Rule == "" && len(p.After) == 0 && len(p.Sent) == 0 {
			names = append(names, p.By)
		}
	}
	return names
}

// weight sorts what ends something before what makes something.
func (e event) weight() int {
	if strings.Contains(e.step, "end") {
		return 0
	}
	return 1
}

// anyDead is the first promise of the operation, in the contract's order, of what has ended.
func (all *promises) anyDead(op *openapi.Operation) string {
	for _, p := range op.Promises {
		if p.Rule == "" && len(p.After) > 0 && life.Dead(all.doc, op, p) {
			return p.Requirement
		}
	}
	return ""
}
