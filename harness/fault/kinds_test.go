package fault

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"example.org/conform/harness/reference/kernel"
)

// Each mechanism has its story in common.yaml, and no story there is without a mechanism.
func TestEveryWayHasItsStory(t *testing.T) {
	t.Parallel()
	type none struct{}
	s := Seams[none, none, none, none]{
		Refusals: map[string]func(*none, *none) bool{"*": nil},
		Parts:    func(*none) Parts { return Parts{Header: http.Header{}} },
	}
	form := Form{Word: "*", Members: []string{"*"}}
	const word, operation = "*", kernel.Operation("")
	bound := map[string]Kind[none]{
		"passwords":      Passwords[none](nil),
		"echoes":         s.Echoes(word, operation, nil),
		"lookups":        Lookups[none](word, nil),
		"strange-tokens": s.StrangeTokens(operation, ""),
		"lifetimes":      Lifetimes[none, none, none](word, nil, nil),
		"births":         Births[none, none, none, none, none](word, nil, nil, nil, nil),
		"returns":        Returns[none, none, none, none, none](word, nil, nil, nil, nil),
		"ends":           Ends[none, none, none](word, nil, nil, nil),
		"statuses":       s.Statuses(word, operation, 1),
		"refusals":       s.refusals()[0],
		"bodies":         s.Bodies(word, nil),
		"dates":          s.Dates(word, operation, ""),
		"crashes":        s.Crashes(form),
		"accepted":       s.Mends(form, nil, nil),
		"methods":        s.Methods(""),
		"wire":           s.Wire(),
		"spellings":      s.Spellings(),
		"hostile":        s.Hostile(word, operation),
		"sticks":         s.Sticks(nil, nil),
		"mixups":         s.Mixups(nil, nil),
		"pauses":         s.Pauses(""),
		"manners":        s.Manners(nil, nil, nil),
		"again":          Again[none, none, none, none, none](word, nil, nil, nil, nil),
		"races":          s.Races(word, operation),
		"twins":          s.Twins(word, operation),
		"orders":         Orders[none, none, none](word, nil, nil, nil, nil),
		"rows":           s.Rows(word, operation),
		"names":          Names[none](nil),
		"overruns":       s.Overruns(operation, nil),
		"memories":       Memories[none, none, none](word, nil, nil),
	}
	for kind, told := range common() {
		names := slices.Sorted(maps.Keys(bound[kind]))
		if want := slices.Sorted(maps.Keys(told)); !slices.Equal(names, want) {
			t.Errorf("%s: mechanisms %q, stories %q", kind, names, want)
		}
		for name, way := range bound[kind] {
			if way.Story == "" {
				t.Errorf("%s: %s has no story", kind, name)
			}
		}
	}
	if len(common()) != len(bound) {
		t.Errorf("%d kinds have stories, and %d mechanisms", len(common()), len(bound))
	}
}
