package walk

import (
	"reflect"
	"slices"
	"testing"

	"example.org/conform/openapi"
)

func load(t *testing.T, profile string) *openapi.Document {
	t.Helper()
	doc, err := openapi.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// profiles are those in which there are walks: where the target gives what lives, there is nowhere to go.
var profiles = slices.DeleteFunc(openapi.Profiles(), func(profile string) bool {
	doc, err := openapi.Load(profile)
	return err == nil && doc.Login() == nil
})

// A seed and a number make one walk and no other, and every move has what it needs from the moves before it.
func TestAWalkFollowsFromItsSeed(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		doc := load(t, profile)
		ids := func(w way) (all []string) {
			for _, mv := range w.moves {
				all = append(all, mv.op.ID())
			}
			return all
		}
		differ := false
		for number := range 20 {
			way := generate(doc, 7, number, moves)
			if !reflect.DeepEqual(way, generate(doc, 7, number, moves)) {
				t.Errorf("%s: walk %d differs from itself", profile, number)
			}
			differ = differ || !slices.Equal(ids(way), ids(generate(doc, 8, number, moves)))
			known := map[int]bool{none: true} // what moves before have handed out
			for i, mv := range way.moves {
				if known[mv.id] || !known[mv.of] || !known[mv.by] {
					t.Errorf("%s: move %d of walk %d is %+v", profile, i, number, mv)
				}
				known[mv.id] = true
			}
		}
		if len(doc.Ends("token")) > 0 && !differ {
			t.Errorf("%s: two seeds make the same walks", profile)
		}
	}
}

// What becomes of a credential is what the contract says of each end.
func TestTheModelFollowsTheContract(t *testing.T) {
	t.Parallel()
	doc := load(t, "adaxes-2025.1")
	m := &model{doc: doc}
	do := func(operation string, of, by int) int {
		op, err := doc.Operation(operation)
		if err != nil {
			t.Fatal(err)
		}
		id := m.tick
		m.apply(move{id: id, op: op, of: of, by: by})
		return id
	}
	first, second := do("createSession", none, none), do("createSession", none, none)
	old, sibling, cousin := do("issueToken", first, none), do("issueToken", first, none), do("issueToken", second, none)
	renewal := do("renewToken", old, old)
	check := func(when string, gone ...int) {
		t.Helper()
		for _, s := range m.all {
			if dead := slices.Contains(gone, s.id); dead != (s.fate == ended) || s.fate == unknown {
				t.Errorf("%s: what move %d gave is %v", when, s.id, s.fate)
			}
		}
	}
	check("at first")
	do("destroyToken", old, sibling)
	check("after the old token's end", old)
	if last := m.find(renewal).befell; last[len(last)-1].step != "original-ended" {
		t.Errorf("the renewal: %v", last)
	}
	if last := m.find(sibling).befell; last[len(last)-1].step != "ends-another" {
		t.Errorf("the token that authorized it: %v", last)
	}
	do("terminateSession", first, none)
	check("after the session's end", old, first)
	do("destroyToken", renewal, cousin)
	check("after the renewal's end", old, first, renewal)
	do("destroyToken", renewal, cousin)
	check("after a second one", old, first, renewal)
}

// Taking a move out takes out what needs what it gave.
func TestWithout(t *testing.T) {
	t.Parallel()
	way := line(load(t, "adaxes-2025.1"))
	left := without(way, func(mv move) bool { return mv.op.ID() == "issueToken" })
	for _, mv := range left {
		if id := mv.op.ID(); id != "createSession" && id != "terminateSession" {
			t.Errorf("%s is left without a token", id)
		}
	}
	if len(left) != 2 {
		t.Errorf("%d moves are left", len(left))
	}
}

// The straight line goes through every operation of a life.
func TestTheLineIsWhole(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		doc := load(t, profile)
		way := line(doc)
		for _, op := range doc.Operations() {
			if op.HandsOut() == nil && op.Ends() == nil {
				continue
			}
			if !slices.ContainsFunc(way, func(mv move) bool { return mv.op.ID() == op.ID() }) {
				t.Errorf("%s: no move is %s", profile, op.ID())
			}
		}
		m := &model{doc: doc}
		for _, mv := range way {
			if s := m.find(mv.of); s != nil && s.fate != living {
				t.Errorf("%s: %s is about what has ended", profile, mv.op.ID())
			}
			m.apply(mv)
		}
	}
}

// The part of a walk that is made alone holds what its moves need, in order.
func TestAPartHasWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		all := tour(load(t, profile))
		for from := range all {
			part := needed(all, from)
			known := map[int]bool{none: true}
			for _, mv := range part {
				if !known[mv.of] || !known[mv.by] {
					t.Errorf("%s: from %d on, move %d is without what it needs", profile, from, mv.id)
				}
				known[mv.id] = true
			}
			if len(part) < len(all)-from || !slices.IsSortedFunc(part, func(a, b move) int { return a.id - b.id }) {
				t.Errorf("%s: from %d on, %d moves of %d are left", profile, from, len(part), len(all))
			}
		}
	}
}

// A question belongs to the requirement of the promise that asks it, and else to that of the operation's success.
func TestAQuestionHasItsRequirement(t *testing.T) {
	t.Parallel()
	doc := load(t, "adaxes-2025.1")
	all := promisesOf(doc)
	probe, _ := doc.Operation("probe")
	issue, _ := doc.Operation("issueToken")
	for _, c := range []struct {
		op     *openapi.Operation
		fate   fate
		befell []event
		name   string
		want   string
	}{
		{probe, ended, []event{{"ended", "destroyToken"}}, "", "ADX-DST-04"},
		{probe, ended, []event{{"ended", "destroyToken"}}, "ticket", "ADX-DST-05"},
		{probe, living, []event{{"parent-ended", "terminateSession"}}, "", "ADX-END-05"},
		{probe, living, []event{{"renewed", "renewToken"}}, "", "ADX-REN-07"},
		{probe, living, []event{{"sibling-ended", "destroyToken"}, {"another-made", "issueToken"}}, "", "ADX-DST-08"},
		{issue, living, []event{{"child-ended", "destroyToken"}}, "", "ADX-DST-07"},
		{issue, ended, []event{{"ended", "terminateSession"}}, "", "ADX-END-04"},
		{probe, living, nil, "ticket", "ADX-TOK-10"},
		{issue, living, nil, "", issue.SuccessRequirement()},
	} {
		if got, _ := all.of(c.op, &state{fate: c.fate, befell: c.befell}, c.name); got != c.want {
			t.Errorf("%s after %v: %s, not %s", c.op.ID(), c.befell, got, c.want)
		}
	}
}

// What two credentials go into is also asked by nobody's authority, which ends nothing; and what was renewed ends before its renewal.
func TestToursAndHeaps(t *testing.T) {
	t.Parallel()
	doc := load(t, "adaxes-2025.1")
	m, asked := &model{doc: doc}, map[string]int{}
	for _, mv := range tour(doc) {
		if m.apply(mv); mv.unauthorized() {
			asked[mv.op.ID()]++
			if s := m.find(mv.of); s.fate != living {
				t.Errorf("%s by nobody leaves what it is about %v", mv.op.ID(), s.fate)
			}
		}
	}
	if asked["renewToken"] != 2 || asked["destroyToken"] != 2 {
		t.Errorf("asked by nobody: %v", asked)
	}
	m = &model{doc: doc}
	spared := false
	for _, mv := range heap(doc) {
		m.apply(mv)
		for _, s := range m.all {
			original := m.find(s.original)
			spared = spared || s.fate == living && original != nil && original.fate == ended
		}
	}
	if !spared {
		t.Error("no renewal outlives what was renewed")
	}
}
