package overlay

import (
	"slices"

	"github.com/theory/jsonpath"
	"github.com/theory/jsonpath/spec"

	"example.org/conform/openapi/placed"
)

// Apply changes a document by the actions, one after the other. After an error the document is of no use.
func (o *Overlay) Apply(document *placed.Node) error {
	for _, a := range o.actions {
		found := locate(a.target, document)
		if len(found) == 0 {
			return a.at.Errorf("the target matches nothing in %s; look for a slip in it, for an earlier action that removed it, "+
				"or for what changed there, and mend the target or remove the action", document.At.File)
		}
		if a.copy != nil {
			sources := locate(a.copy, document)
			if len(sources) != 1 {
				return a.at.Errorf("copy matches %d places, and can copy one; mend it", len(sources))
			}
			a.update = node(document, sources[0]).Clone()
		}
		if err := a.apply(document, found); err != nil {
			return err
		}
	}
	return nil
}

// locate lists what a query finds, in the order of a document's parts before its wholes: what stands further back, and further
// down, comes first, so that a removal moves nothing that is still to be removed.
func locate(query *jsonpath.Path, document *placed.Node) (found []spec.NormalizedPath) {
	if way, singular := singular(query); singular { // most are, and a large document is not copied for them
		if node(document, way) == nil {
			return nil
		}
		return []spec.NormalizedPath{way}
	}
	for _, one := range query.SelectLocated(document.Plain()).Deduplicate() {
		found = append(found, one.Path)
	}
	slices.SortFunc(found, func(a, b spec.NormalizedPath) int { return b.Compare(a) })
	return found
}

// singular is the one location that a query can find, by names alone.
func singular(query *jsonpath.Path) (way spec.NormalizedPath, is bool) {
	for _, segment := range query.Query().Segments() {
		selectors := segment.Selectors()
		if segment.IsDescendant() || len(selectors) != 1 {
			return nil, false
		}
		name, is := selectors[0].(spec.Name)
		if !is {
			return nil, false
		}
		way = append(way, name)
	}
	return way, true
}

// node is what stands at a location.
func node(n *placed.Node, at spec.NormalizedPath) *placed.Node {
	for _, selector := range at {
		switch s := selector.(type) {
		case spec.Name:
			n = n.Get(string(s))
		case spec.Index:
			n = n.Items[s] // as it was found
		}
	}
	return n
}

func (a action) apply(document *placed.Node, found []spec.NormalizedPath) error {
	kind := node(document, found[0]).Kind
	for _, one := range found {
		if a.remove {
			if len(one) == 0 {
				return a.at.Errorf("the target is the whole document, which cannot be removed; name a part of it")
			}
			parent := node(document, one[:len(one)-1])
			switch s := one[len(one)-1].(type) {
			case spec.Name:
				parent.Members = slices.DeleteFunc(parent.Members, func(m placed.Member) bool { return m.Name == string(s) })
			case spec.Index:
				parent.Items = slices.Delete(parent.Items, int(s), int(s)+1)
			}
			continue
		}
		n := node(document, one)
		if n.Kind != kind {
			return a.at.Errorf("the target matches values of different kinds (%s, %s); make an action for each", words[kind], words[n.Kind])
		}
		if n.Kind == placed.List {
			add := []*placed.Node{a.update.Clone()}
			if a.update.Kind == placed.List {
				add = a.update.Clone().Items
			}
			n.Items = append(n.Items, add...)
			continue
		}
		if err := merge(n, a.update); err != nil {
			return err
		}
	}
	return nil
}

var words = map[placed.Kind]string{placed.Mapping: "a mapping", placed.List: "a list", placed.Scalar: "a scalar"}

// merge brings what an update says into a value.
func merge(into, update *placed.Node) error {
	if into.Kind != update.Kind {
		return update.At.Errorf("%s cannot be merged into %s (%s); remove that in an action before, or give what it is", words[update.Kind], words[into.Kind], into.At)
	}
	switch into.Kind {
	case placed.Scalar:
		into.Value, into.At = update.Value, update.At
	case placed.List:
		into.Items = append(into.Items, update.Clone().Items...)
	}
	for _, m := range update.Members {
		known := into.Get(m.Name)
		if known == nil {
			into.Members = append(into.Members, placed.Member{Name: m.Name, At: m.At, Value: m.Value.Clone()})
			continue
		}
		if err := merge(known, m.Value); err != nil {
			return err
		}
		if known.Kind == placed.Scalar {
			i := slices.IndexFunc(into.Members, func(other placed.Member) bool { return other.Name == m.Name })
			into.Members[i].At = m.At
		}
	}
	return nil
}
