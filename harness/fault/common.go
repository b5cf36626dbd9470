package fault

import (
	"cmp"
	"slices"
	"strings"
)

// way is one way in which something goes wrong with every vendor: its story, and the mechanism M, which a seam of the
// vendor's server takes. In a name, * stands for what the vendor calls the thing. The reason is that of a vendor who
// gives none.
type way[M any] struct {
	name, reason, story string
	how                 M
}

// Choice makes those faults of a kind that have these names, and says which requirement they break of the vendor's document
// and what a report on them must say: empty, what it usually says.
type Choice[C any] func(requirement, reason string, names ...string) []Fault[C]

// choice binds the ways of a kind to a vendor's word and seam. They are made anew for every server, since some remember.
func choice[C, M any](word string, ways func() []way[M], seam func(M) func(*C)) Choice[C] {
	return func(requirement, reason string, names ...string) []Fault[C] {
		var chosen []Fault[C]
		for _, name := range names {
			f := Fault[C]{Name: name, Requirement: requirement}
			named := func(w way[M]) bool { return strings.Replace(w.name, "*", word, 1) == name }
			if i := slices.IndexFunc(ways(), named); i >= 0 { // a test finds what has no story
				f.Reason, f.Story = cmp.Or(reason, ways()[i].reason), ways()[i].story
				f.Apply = func(c *C) { seam(ways()[i].how)(c) }
			}
			chosen = append(chosen, f)
		}
		return chosen
	}
}

// Breaking says of faults which requirement they break and, of those that have no reason of their own, what a report on
// them must say.
func Breaking[C any](requirement, reason string, faults ...Fault[C]) []Fault[C] {
	for i := range faults {
		faults[i].Requirement = requirement
		faults[i].Reason = cmp.Or(faults[i].Reason, reason)
	}
	return faults
}
