package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
)

// Selection is what a run would do: which checks run, which are skipped and why, and what that costs the target.
type Selection struct {
	// Run and Skipped are in the order of the catalogue; a skipped check is named with its reason.
	Run     []check.Definition
	Skipped []check.Definition
	Skips   map[string]Skip
	// Unselected counts the checks that the label filter left out.
	Unselected int
	// Attempts names the wrong passwords that the run needs, and WrongPasswords is the number of those that no earlier
	// run against the same server sends.
	Attempts       []string
	WrongPasswords int
}

// choose plans a run: what the label filter selects, less what the target does not offer, less the wrong passwords
// that its limit does not cover. The words are those of the system, by which its requirements ask for what they need.
// Labels around are those that every check has besides its own. Those in sent are paid for by an earlier run against the
// same server, which shares their answers. It is the same for the same input, whatever the order in which checks run.
func choose(
	defs []check.Definition, t *target.Target, words target.Vocabulary, filter string, around []string, sent ...string,
) (Selection, error) {
	selected, err := selector(filter, around)
	if err != nil {
		return Selection{}, err
	}
	p := Selection{Skips: map[string]Skip{}}
	spent := slices.Clone(sent)
	for _, d := range defs {
		if !selected(d) {
			p.Unselected++
			continue
		}
		if skip, ok := missing(d, t, words); ok {
			p.Skips[d.ID] = skip
			p.Skipped = append(p.Skipped, d)
			continue
		}
		fresh := slices.DeleteFunc(slices.Clone(d.Spends), func(a string) bool { return slices.Contains(spent, a) })
		if len(spent)+len(fresh) > t.Limits.BadLogins {
			p.Skips[d.ID] = Skip{
				Reason: fmt.Sprintf("it sends a wrong password for a real account, and the run may send %d", t.Limits.BadLogins),
				Remedy: fmt.Sprintf("set limits.badLogins to %d to run every such check", allSpent(defs)),
			}
			p.Skipped = append(p.Skipped, d)
			continue
		}
		spent = append(spent, fresh...)
		p.Run = append(p.Run, d)
	}
	p.Attempts, p.WrongPasswords = spent, len(spent)-len(sent)
	return p, nil
}

// Skip says why a check does not run, and what to add to the target so that it does.
type Skip struct{ Reason, Remedy string }

func missing(d check.Definition, t *target.Target, words target.Vocabulary) (Skip, bool) {
	var wanting, remedies []string
	for _, need := range d.AllNeeds() {
		if remedy := words.Remedy(t, need); remedy != "" {
			wanting = append(wanting, need)
			remedies = append(remedies, remedy)
		}
	}
	if len(wanting) == 0 {
		return Skip{}, false
	}
	return Skip{
		Reason: "the target does not offer " + strings.Join(wanting, ", "),
		Remedy: strings.Join(slices.Compact(remedies), "; "),
	}, true
}

func allSpent(defs []check.Definition) int {
	var all []string
	for _, d := range defs {
		all = append(all, d.Spends...)
	}
	slices.Sort(all)
	return len(slices.Compact(all))
}

// selector compiles a label filter in Ginkgo's syntax. A label that no check has would select nothing, or everything
// when negated, and is an error.
func selector(filter string, around []string) (func(check.Definition) bool, error) {
	if strings.TrimSpace(filter) == "" {
		return func(check.Definition) bool { return true }, nil
	}
	matches, err := types.ParseLabelFilter(filter)
	if err != nil {
		return nil, fmt.Errorf("--label-filter %q cannot be read: join labels by && || ! and brackets, such as 'renewal && MUST'", filter)
	}
	return func(d check.Definition) bool { return matches(append(d.Labels(), around...)) }, nil
}

// vetFilter returns an error when a filter names a label that none of the checks has.
func vetFilter(defs []check.Definition, filter string) error {
	known := map[string]bool{}
	for _, d := range defs {
		for _, l := range d.Labels() {
			known[strings.ToLower(l)] = true
		}
	}
	// What is between slashes is a pattern over labels, and cannot be looked up.
	inPattern := false
	for i, part := range strings.Split(filter, "/") {
		if inPattern = i%2 == 1; inPattern {
			continue
		}
		for _, label := range strings.FieldsFunc(part, func(r rune) bool { return strings.ContainsRune("&|!(),", r) }) {
			label = strings.TrimSpace(label)
			if label != "" && !known[strings.ToLower(label)] {
				return fmt.Errorf("--label-filter: no check has the label %q; "+
					"labels are profiles, subjects, levels and requirement IDs (conform list checks shows them)", label)
			}
		}
	}
	return nil
}
