package proof

import (
	"fmt"
	"slices"

	"example.org/conform/suites/signature"
)

// Told is how well signatures tell the stories of servers that they were not made from.
type Told struct {
	// Unseen are such servers, Told those of them of which a story is told, and Right those of which it is their own.
	Unseen, Told, Right int
	// Astray are those of which another story is told, a line each.
	Astray []string
}

// Signatures are those of every fault that was judged, by the marks that it left in the first of its profiles, and how well they tell the
// servers of the same faults in other profiles. The marks are by profile and name.
func Signatures(o Options, marks func(profile, name string) []string) ([]signature.Signature, Told) {
	var first, others []kase
	taken := map[string]bool{}
	faults := o.faults()
	for _, k := range faults {
		if k.profile == k.named.Profiles[0] {
			first, taken[k.named.System+k.named.Name] = append(first, k), true
		}
	}
	for _, k := range faults {
		if k.profile != k.named.Profiles[0] && taken[k.named.System+k.named.Name] {
			others = append(others, k)
		}
	}
	var all []signature.Signature
	for _, k := range first {
		if of := marks(k.profile, k.named.Name); len(of) > 0 {
			all = append(all, signature.Signature{Name: k.named.Name, Story: k.named.Story, Marks: of})
		}
	}
	var told Told
	ask := func(k kase, set *signature.Set) {
		told.Unseen++
		best, _, ok := set.Best(marks(k.profile, k.named.Name))
		switch {
		case !ok:
		case best.Name == k.named.Name:
			told.Told, told.Right = told.Told+1, told.Right+1
		default:
			told.Told++
			told.Astray = append(told.Astray, fmt.Sprintf("%s in %s is taken for %s", k.named.Name, k.profile, best.Name))
		}
	}
	set := signature.NewSet(all)
	for _, k := range others {
		ask(k, set)
	}
	for i, k := range first { // what several systems know is told by the others'
		known := func(other kase) bool { return other.named.Name == k.named.Name && other.profile != k.profile }
		if i%oneOfThemOut == 0 && slices.ContainsFunc(first, known) {
			without := slices.DeleteFunc(slices.Clone(all), func(s signature.Signature) bool {
				return s.Name == k.named.Name && slices.Equal(s.Marks, marks(k.profile, k.named.Name))
			})
			ask(k, signature.NewSet(without))
		}
	}
	return all, told
}

// oneOfThemOut is of how many stories that several systems know one is held against the others': making a set takes a while.
const oneOfThemOut = 8
