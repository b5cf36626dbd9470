package openapi

import (
	"errors"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-openapi/jsonpointer"
)

// validator validates values against one schema that inline has made self-contained.
type validator struct {
	schema  *openapi3.Schema
	options []openapi3.SchemaValidationOption
}

// newValidator picks the engine: kin-openapi's own wherever it does what JSON Schema 2020-12 says, and its JSON Schema
// engine for everything else. That one is always right, but compiles the schema anew for each value, which costs thirty
// times as much.
func newValidator(schema *openapi3.Schema) validator {
	v := validator{schema: schema, options: []openapi3.SchemaValidationOption{openapi3.MultiErrors(), formatOption()}}
	if needs2020(schema) {
		v.options = append(v.options, openapi3.EnableJSONSchema2020())
	}
	return v
}

// needs2020 tells whether a schema has to go to the JSON Schema engine. The other one has the rules of OpenAPI 3.0: it
// does not know the later keywords, takes an empty schema under not for none, and refuses null where no type is named.
func needs2020(s *openapi3.Schema) bool {
	if s.Type == nil && len(s.AllOf) == 0 {
		return true
	}
	if s.Const != nil || len(s.PrefixItems) > 0 || s.Contains != nil || s.MinContains != nil || s.MaxContains != nil ||
		len(s.PatternProperties) > 0 || len(s.DependentSchemas) > 0 || len(s.DependentRequired) > 0 || s.PropertyNames != nil ||
		s.UnevaluatedItems.Has != nil || s.UnevaluatedItems.Schema != nil ||
		s.UnevaluatedProperties.Has != nil || s.UnevaluatedProperties.Schema != nil ||
		s.If != nil || s.Then != nil || s.Else != nil || len(s.Defs) > 0 || s.ContentSchema != nil || s.Always != nil {
		return true
	}
	return slices.ContainsFunc(children(s), func(c *openapi3.SchemaRef) bool { return needs2020(c.Value) })
}

// failures lists the places, as the tokens of JSON pointers, at which a value does not match. A place that the value
// does not have is a member that is missing. The validator decides; its words are left aside, for they quote values.
func (v validator) failures(root *openapi3.SchemaRef, value any) [][]string {
	if v.schema == nil {
		return nil
	}
	err := v.schema.VisitJSON(value, v.options...)
	if err == nil {
		return nil
	}
	var places [][]string
	for _, leaf := range leaves(err) {
		tokens := leaf.JSONPointer()
		object, _ := lookUp(value, tokens)
		members, isObject := object.(map[string]any)
		if leaf.SchemaField != "required" || !isObject {
			places = append(places, tokens)
			continue
		}
		for _, name := range locate(root, tokens).required() {
			if _, present := members[name]; !present {
				places = append(places, append(slices.Clip(tokens), name))
			}
		}
	}
	if len(places) == 0 {
		return [][]string{nil} // an error without a place is one of the whole body
	}
	return places
}

// leaves takes an error of the validator apart. Alternatives (anyOf, oneOf) stay one error: that each of them failed is
// one difference, not several.
func leaves(err error) []*openapi3.SchemaError {
	switch e := err.(type) {
	case openapi3.MultiError:
		var all []*openapi3.SchemaError
		for _, one := range e {
			all = append(all, leaves(one)...)
		}
		return all
	case *openapi3.SchemaError:
		if e.SchemaField != "anyOf" && e.SchemaField != "oneOf" && e.Origin != nil {
			if deeper := leaves(e.Origin); len(deeper) > 0 {
				return deeper
			}
		}
		return []*openapi3.SchemaError{e}
	}
	if inner := errors.Unwrap(err); inner != nil {
		return leaves(inner)
	}
	return nil
}

// lookUp finds the value at a place; ok is false when there is none.
func lookUp(value any, tokens []string) (found any, ok bool) {
	var place jsontext.Pointer
	for _, token := range tokens {
		place = place.AppendToken(token)
	}
	pointer, err := jsonpointer.New(string(place))
	if err != nil {
		return nil, false
	}
	found, _, err = pointer.Get(value)
	return found, err == nil
}
