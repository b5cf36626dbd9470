package openapi

import (
	"cmp"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
)

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
	named := false // or counted
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
			named = named || isIndex && (s.Value.Items != nil || len(s.Value.PrefixItems) > 0)
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
	if named {
		next.pointer = string(jsontext.Pointer(at.pointer).AppendToken(token))
	}
	return next
}

// says is the text of an extension, of the first schema at the spot that has it.
func (at spot) says(name string) (text string) {
	for _, s := range at.schemas {
		text = cmp.Or(text, schemaExtension(s, name))
	}
	return text
}
