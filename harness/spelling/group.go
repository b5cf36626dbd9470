package spelling

import (
	"slices"
	"strings"

	"example.org/conform/harness/client"
)

// Group is spellings of different parts of a request.
type Group []Spelling

// Groups puts the spellings together that can be: as many groups as the part with the most spellings needs, and none much larger than
// another, so that few have to be tried alone where one of them is not understood.
func Groups() []Group {
	byPart := map[string][]Spelling{}
	var parts []string
	most := 0
	for _, s := range All() {
		if s.Part == "" {
			continue
		}
		if byPart[s.Part] == nil {
			parts = append(parts, s.Part)
		}
		byPart[s.Part] = append(byPart[s.Part], s)
		most = max(most, len(byPart[s.Part]))
	}
	groups, next := make([]Group, most), 0
	for _, part := range parts {
		for _, s := range byPart[part] { // side by side, so that no two of a part meet
			groups[next%most] = append(groups[next%most], s)
			next++
		}
	}
	return groups
}

// GroupOf is the group of a spelling; one that stays alone has none.
func GroupOf(s Spelling) (Group, bool) {
	groups := Groups()
	i := slices.IndexFunc(groups, func(g Group) bool {
		return slices.ContainsFunc(g, func(other Spelling) bool { return other.Slug == s.Slug })
	})
	if i < 0 {
		return nil, false
	}
	return groups[i], true
}

// Name names the group by its spellings.
func (g Group) Name() string {
	var slugs []string
	for _, s := range g {
		slugs = append(slugs, s.Slug)
	}
	return strings.Join(slugs, " ")
}

// Write writes a request in every spelling of the group.
func (g Group) Write(r *client.Request) {
	last := func(s Spelling) bool { return s.Part == names } // the others look fields up by the names that net/http gives them
	for _, s := range g {
		if !last(s) {
			s.Write(r)
		}
	}
	for _, s := range g {
		if last(s) {
			s.Write(r)
		}
	}
}
