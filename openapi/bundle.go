package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// BundleOptions say what a bundle is for.
type BundleOptions struct {
	// Plain leaves out every extension, and calls operations as a generated client would show them.
	Plain bool
}

// Bundle returns the contract of a profile as one document that refers to nothing outside itself: what other documents hold is
// in it, and paths are described where they stand. Mappings are yaml.MapSlice, in the order of the sources.
func Bundle(profile string, o BundleOptions) (yaml.MapSlice, error) {
	if !slices.Contains(Profiles(), profile) {
		return nil, fmt.Errorf("no contract of a profile %q; there are %s", profile, strings.Join(Profiles(), ", "))
	}
	b := &bundler{own: profile + documentSuffix, documents: map[string]yaml.MapSlice{}, names: map[string]string{}, taken: map[string]string{}}
	root, err := b.read(b.own)
	if err != nil {
		return nil, fmt.Errorf("bundling the contract %s: %w", profile, err)
	}
	for _, kind := range mapping(get(root, "components")) {
		for _, one := range mapping(kind.Value) {
			at := fmt.Sprintf("/components/%v/%v", kind.Key, one.Key)
			b.names[b.own+"#"+at], b.taken[at] = at, b.own
		}
	}
	bundled, err := b.within(b.own, root, nil)
	if err != nil {
		return nil, fmt.Errorf("bundling the contract %s: %w", profile, err)
	}
	document := mapping(bundled)
	document = set(document, "components", merged(mapping(get(document, "components")), b.components))
	if o.Plain {
		document = Plain(document)
	}
	return document, nil
}

// bundler puts documents together.
type bundler struct {
	own       string
	documents map[string]yaml.MapSlice
	// names are where a component of a document stands in the bundle, by its document and pointer, and taken whose it is there.
	names, taken map[string]string
	// components are those that other documents brought, by their kinds.
	components yaml.MapSlice
}

func (b *bundler) read(name string) (yaml.MapSlice, error) {
	if known := b.documents[name]; known != nil {
		return known, nil
	}
	text, err := embedded.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var root yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &root, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("%s: not readable", name)
	}
	b.documents[name] = root
	return root, nil
}

// within is a value of a document as it stands in the bundle, below those keys.
func (b *bundler) within(document string, value any, path []string) (any, error) {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			var err error
			if list[i], err = b.within(document, item, below(path, "-")); err != nil {
				return nil, err
			}
		}
		return list, nil
	case yaml.MapSlice:
		if to, isReference := get(v, "$ref").(string); isReference {
			return b.reference(document, to, v, path)
		}
		var all yaml.MapSlice
		for _, item := range v {
			inner, err := b.within(document, item.Value, below(path, fmt.Sprint(item.Key)))
			if err != nil {
				return nil, err
			}
			all = append(all, yaml.MapItem{Key: item.Key, Value: inner})
		}
		return all, nil
	}
	return value, nil
}

// below is a path with one key more.
func below(path []string, key string) []string { return append(slices.Clone(path), key) }

// reference is what stands in the bundle for a reference: a path is described in its place, with what its document says beside the
// reference; a component is brought along and referred to, and where it is the whole of another one, stands there itself. What stands beside stays.
func (b *bundler) reference(document, to string, beside yaml.MapSlice, path []string) (any, error) {
	file, pointer, _ := strings.Cut(to, "#")
	if file == "" {
		file = document
	}
	root, err := b.read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", to, err)
	}
	var found any = root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if found = get(mapping(found), strings.NewReplacer("~1", "/", "~0", "~").Replace(token)); found == nil {
			return nil, fmt.Errorf("%s: nothing is there", to)
		}
	}
	own, err := b.within(document, slices.DeleteFunc(slices.Clone(beside), func(i yaml.MapItem) bool { return i.Key == "$ref" }), path)
	if err != nil {
		return nil, err
	}
	if len(path) == 2 && path[0] == "paths" {
		item, err := b.within(file, found, path)
		return merged(mapping(own), mapping(item)), err
	}
	parts := strings.Split(pointer, "/")
	if len(parts) != 4 || parts[1] != "components" {
		return nil, fmt.Errorf("%s: neither a path nor a component", to)
	}
	if "/"+strings.Join(path, "/") == pointer && file != document { // the whole of a component of one's own
		b.names[file+"#"+pointer] = pointer
		item, err := b.within(file, found, path)
		return merged(mapping(own), mapping(item)), err
	}
	at, err := b.component(file, pointer, found)
	return append(yaml.MapSlice{{Key: "$ref", Value: "#" + at}}, mapping(own)...), err
}

// component brings a component along, once, and says where it stands.
func (b *bundler) component(file, pointer string, found any) (string, error) {
	key := file + "#" + pointer
	if at := b.names[key]; at != "" {
		return at, nil
	}
	at := pointer
	for b.taken[at] != "" {
		at += "Base" // the profile makes one of its own of it
	}
	b.names[key], b.taken[at] = at, file
	value, err := b.within(file, found, strings.Split(pointer, "/")[1:])
	if err != nil {
		return "", err
	}
	parts := strings.Split(at, "/")
	kind := append(mapping(get(b.components, parts[2])), yaml.MapItem{Key: parts[3], Value: value})
	b.components = set(b.components, parts[2], kind)
	return at, nil
}

// mapping is a value as one, nil for anything else.
func mapping(value any) yaml.MapSlice {
	m, _ := value.(yaml.MapSlice)
	return m
}

func get(m yaml.MapSlice, key string) any {
	if i := slices.IndexFunc(m, func(item yaml.MapItem) bool { return fmt.Sprint(item.Key) == key }); i >= 0 {
		return m[i].Value
	}
	return nil
}

func set(m yaml.MapSlice, key string, value any) yaml.MapSlice {
	m = slices.Clone(m)
	if i := slices.IndexFunc(m, func(item yaml.MapItem) bool { return item.Key == key }); i >= 0 {
		m[i].Value = value
		return m
	}
	return append(m, yaml.MapItem{Key: key, Value: value})
}

// merged is a mapping with what another has besides; what both have are mappings that are merged, or else the first's.
func merged(m, other yaml.MapSlice) yaml.MapSlice {
	for _, item := range other {
		key := fmt.Sprint(item.Key)
		switch known := get(m, key); {
		case known == nil:
			m = set(m, key, item.Value)
		case mapping(known) != nil && mapping(item.Value) != nil:
			m = set(m, key, merged(mapping(known), mapping(item.Value)))
		}
	}
	return m
}
