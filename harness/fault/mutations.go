package fault

import (
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/openapi"
)

// values are the ways to send another value of a member, made from the right one.
var values = map[string]func(right any) any{
	"null":      func(any) any { return nil },
	"blank":     func(any) any { return "" },
	"number":    func(any) any { return 4711 },
	"as-string": func(right any) any { return fmt.Sprint(right) },
	"empty": func(right any) any {
		if _, text := right.(string); text {
			return ""
		}
		return []any{}
	},
}

// mutations are the ways to send members wrongly that the contracts of some profiles declare, each with the requirement that
// it breaks.
func (s Seams[C, K, A, R]) mutations(profiles []string) (Kind[C], error) {
	all := Kind[C]{}
	for _, profile := range profiles {
		contract, err := openapi.Load(profile)
		if err != nil {
			return nil, err
		}
		for _, m := range contract.Mutations() {
			d := Deviation[C]{Named: Named{Requirement: m.Requirement, Profiles: append(slices.Clip(all[m.Name].Profiles), profile)}}
			d.Apply = s.Granted(kernel.Operation(m.Operation), s.change(func(p Parts) { p.at(m.Member, mutating(m)) }))
			all[m.Name] = d
		}
	}
	return all, nil
}

// mutating sends a member in the way of a mutation.
func mutating(m openapi.Mutation) func(object members, name string) {
	switch m.Way {
	case "missing":
		return members.Drop
	case "renamed":
		return func(object members, name string) { object.Rename(name, m.To) }
	case "in-another-case":
		return func(object members, name string) { object.Rename(name, otherCase(name)) }
	}
	return func(object members, name string) { object.Set(name, values[m.Way](object.Get(name))) }
}

// otherCase begins a name with a capital letter, or with a small one where it has a capital.
func otherCase(name string) string {
	first := strings.ToUpper(name[:1])
	if first == name[:1] {
		first = strings.ToLower(first)
	}
	return first + name[1:]
}
