package survey

import (
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
)

// What is looked at of a schema: members below that are nobody's credential, and a few schemas that refer to each other stand for millions.
const (
	deepest     = 3
	mostMembers = 500
	mostParts   = 5000
)

// body is the one of several media types that says most.
func (d *Document) body(content Spot) *Body {
	if content.Node == nil {
		return nil
	}
	var all []*Body
	for _, m := range content.Members {
		b := &Body{Spot: content.Get(m.Name), Type: strings.ToLower(m.Name)}
		if schema := b.Get("schema"); schema.Node != nil {
			b.Schema = d.Resolved(schema)
			w := &walk{d: d, seen: map[string]bool{}}
			w.schema(b.Schema, "", 0, false)
			b.Members = w.found
		}
		all = append(all, b)
	}
	slices.SortStableFunc(all, func(a, b *Body) int { return a.rank() - b.rank() })
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// IsJSON reports whether it is JSON, and IsForm whether it is a form of HTML's plain kind.
func (b *Body) IsJSON() bool {
	kind, _, _ := strings.Cut(b.Type, ";")
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// IsForm reports whether it is a form.
func (b *Body) IsForm() bool { return strings.HasPrefix(b.Type, "application/x-www-form-urlencoded") }

func (b *Body) rank() int {
	rank := 4
	switch {
	case b.IsJSON():
		rank = 0
	case b.IsForm():
		rank = 1
	}
	if len(b.Members) == 0 {
		rank += 2
	}
	return rank
}

// Member finds a member by its pointer.
func (b *Body) Member(pointer string) (Member, bool) {
	if b == nil {
		return Member{}, false
	}
	i := slices.IndexFunc(b.Members, func(m Member) bool { return m.Pointer == pointer })
	if i < 0 {
		return Member{}, false
	}
	return b.Members[i], true
}

// walk goes through a schema for the members of its objects.
type walk struct {
	d     *Document
	found []Member
	seen  map[string]bool // pointers
	above []*placed.Node
	parts int
}

func (w *walk) schema(s Spot, pointer string, depth int, choice bool) {
	if w.parts++; s.Node == nil || depth > deepest || w.parts > mostParts || len(w.found) > mostMembers || slices.Contains(w.above, s.Node) {
		return
	}
	w.above = append(w.above, s.Node)
	defer func() { w.above = w.above[:len(w.above)-1] }()
	if properties := s.Get("properties"); properties.Node != nil && properties.Kind == placed.Mapping {
		for _, p := range properties.Members {
			at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p.Name)
			own := properties.Get(p.Name)
			value := w.d.Resolved(own)
			if value.Kind != placed.Mapping {
				continue
			}
			if !w.seen[at] {
				w.seen[at] = true
				w.found = append(w.found, Member{
					Spot: own, Name: p.Name, Pointer: at, Type: typeOf(value), Format: value.Get("format").Text(), Choice: choice,
					Required: slices.ContainsFunc(s.Get("required").items(), func(r Spot) bool { return r.Text() == p.Name }),
				})
			}
			w.schema(value, at, depth+1, choice)
		}
	}
	for _, part := range s.Get("allOf").items() {
		w.schema(w.d.Resolved(part), pointer, depth, choice)
	}
	for _, name := range []string{"oneOf", "anyOf"} {
		for _, part := range s.Get(name).items() {
			w.schema(w.d.Resolved(part), pointer, depth, true)
		}
	}
}

// typeOf is the type of a schema beside null, "" for several or none.
func typeOf(s Spot) string {
	one := s.Get("type")
	if one.Node == nil || one.Kind == placed.Scalar {
		return one.Text()
	}
	var kinds []string
	for _, item := range one.items() {
		if item.Text() != "null" {
			kinds = append(kinds, item.Text())
		}
	}
	if len(kinds) == 1 {
		return kinds[0]
	}
	return ""
}
