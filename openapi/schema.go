package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
)

// inline makes a schema self-contained: every $ref below it is replaced by what it points to, since the validator takes
// a schema out of its document and cannot follow them. It also checks the extensions. A schema that contains itself is
// an error: it cannot be written out.
func inline(ref *openapi3.SchemaRef, above []*openapi3.Schema) error {
	if ref.Value == nil {
		return fmt.Errorf("schema %s: unresolved", ref.Ref)
	}
	if slices.Contains(above, ref.Value) {
		return fmt.Errorf("schema %s: contains itself", ref.Ref)
	}
	for _, extensions := range []map[string]any{ref.Extensions, ref.Value.Extensions} {
		var text string
		if err := read(extensions, map[string]any{extRequirement: &text, extExpected: &text, extSecret: &text}); err != nil {
			return fmt.Errorf("schema: %w", err)
		}
	}
	ref.Ref = ""
	above = append(slices.Clip(above), ref.Value)
	for _, child := range children(ref.Value) {
		if err := inline(child, above); err != nil {
			return err
		}
	}
	return nil
}

// children lists the schemas directly below a schema.
func children(s *openapi3.Schema) []*openapi3.SchemaRef {
	list := slices.Concat(s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems)
	for _, one := range []*openapi3.SchemaRef{
		s.Not, s.Items, s.Contains, s.PropertyNames, s.If, s.Then, s.Else, s.ContentSchema,
		s.AdditionalProperties.Schema, s.UnevaluatedItems.Schema, s.UnevaluatedProperties.Schema,
	} {
		if one != nil {
			list = append(list, one)
		}
	}
	for _, named := range []openapi3.Schemas{s.Properties, s.PatternProperties, s.DependentSchemas, s.Defs} {
		for _, name := range slices.Sorted(maps.Keys(named)) {
			list = append(list, named[name])
		}
	}
	return list
}

// parts lists a schema and those joined to it by allOf: a value has to match them all.
func parts(ref *openapi3.SchemaRef) []*openapi3.SchemaRef {
	list := []*openapi3.SchemaRef{ref}
	for _, part := range ref.Value.AllOf {
		list = append(list, parts(part)...)
	}
	return list
}

// spot is a place in a value, as the schema sees it.
type spot struct {
	// schemas are those that describe the value there; none when the schema does not know the place.
	schemas []*openapi3.SchemaRef
	// pointer is the JSON pointer. Members that the schema does not name are "*", since their names are the server's
	// and may hold anything.
	pointer string
	// requirement is that of the deepest schema on the way that names one, or "".
	requirement string
}

// at follows the tokens of a JSON pointer down the schema.
func (s *schema) at(tokens []string) spot {
	at := spot{schemas: parts(s.described)}
	at.requirement = at.says(extRequirement)
	for _, token := range tokens {
		at = at.step(token)
	}
	return at
}

func (at spot) step(token string) spot {
	var next spot
	named := false
	for _, s := range at.schemas {
		if property := s.Value.Properties[token]; property != nil {
			named = true
			next.schemas = append(next.schemas, parts(property)...)
		}
	}
	index, err := strconv.Atoi(token)
	isIndex := err == nil && index >= 0
	if !named {
		for _, s := range at.schemas {
			switch {
			case isIndex && index < len(s.Value.PrefixItems):
				next.schemas = append(next.schemas, parts(s.Value.PrefixItems[index])...)
			case isIndex && s.Value.Items != nil:
				next.schemas = append(next.schemas, parts(s.Value.Items)...)
			case s.Value.AdditionalProperties.Schema != nil:
				next.schemas = append(next.schemas, parts(s.Value.AdditionalProperties.Schema)...)
			}
		}
	}
	next.requirement = cmp.Or(next.says(extRequirement), at.requirement)
	next.pointer = at.pointer + "/*"
	if named || (isIndex && at.isArray()) {
		next.pointer = string(jsontext.Pointer(at.pointer).AppendToken(token))
	}
	return next
}

func (at spot) isArray() bool {
	return slices.ContainsFunc(at.schemas, func(s *openapi3.SchemaRef) bool {
		return s.Value.Items != nil || len(s.Value.PrefixItems) > 0
	})
}

// says is the text of an extension, of the first schema at the spot that has it.
func (at spot) says(name string) (text string) {
	for _, s := range at.schemas {
		text = cmp.Or(text, schemaExtension(s, name))
	}
	return text
}
