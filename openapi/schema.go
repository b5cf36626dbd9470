package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-openapi/jsonpointer"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// schema is what a document wants of a value. Values are held against it by the rules of JSON Schema 2020-12. kin-openapi knows
// them too, but compiles the schema anew for each value, which costs a hundred times as much.
type schema struct {
	described *openapi3.SchemaRef
	compiled  *jsonschema.Schema
	// secrets are the kinds of the secret members below it by their names, and secret is that of the value itself, "" for none.
	secrets map[string]string
	secret  string
	// names are those of all members below it.
	names map[string]bool
}

// newSchema makes a schema self-contained and compiles it.
func newSchema(described *openapi3.SchemaRef, lenient bool) (*schema, error) {
	const name = "contract:///schema.json" // absolute, or the engine asks for the working directory
	if err := (inliner{lenient: lenient, seen: new(int)}).inline(described, nil); err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	_ = described.WalkSubtree(func(_ string, s *openapi3.SchemaRef) error {
		if s.Value.Format != "" {
			compiler.RegisterFormat(assertion(s.Value.Format))
		}
		if s.Value.Nullable && s.Value.Type != nil && !s.Value.Type.Includes(openapi3.TypeNull) { // as OpenAPI 3.0 says it
			s.Value.Type.With(openapi3.TypeNull)
		}
		exclusive(&s.Value.ExclusiveMin, &s.Value.Min)
		exclusive(&s.Value.ExclusiveMax, &s.Value.Max)
		if lenient && s.Value.Pattern != "" {
			if _, err := regexp.Compile(s.Value.Pattern); err != nil { // it is of a dialect that the engine does not speak
				s.Value.Pattern = ""
			}
		}
		return nil
	})
	raw, err := json.Marshal(described.Value)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if err := compiler.AddResource(name, document); err != nil {
		return nil, err
	}
	compiled, err := guarded(func() (*jsonschema.Schema, error) { return compiler.Compile(name) })
	if err != nil {
		return nil, noSchema(err)
	}
	s := &schema{described: described, compiled: compiled, secrets: map[string]string{}, names: map[string]bool{}}
	s.secret = secretNames(described, s.secrets)
	s.name(described)
	return s, nil
}

// inliner makes schemas self-contained. A lenient one cuts off what contains itself, which is an error else.
type inliner struct {
	lenient bool
	seen    *int
}

// inline makes a schema self-contained: every $ref below it is replaced by what it points to, since the validator takes
// a schema out of its document and cannot follow them. It also checks the extensions. A schema that contains itself is
// an error: it cannot be written out.
func (i inliner) inline(ref *openapi3.SchemaRef, above []*openapi3.Schema) error {
	if *i.seen++; *i.seen > mostParts {
		return fmt.Errorf("schema: of more than %d parts, with all that it refers to", mostParts)
	}
	if ref.Value == nil {
		return fmt.Errorf("schema: a reference that leads to nothing, or round in a circle; mend what stands behind $ref")
	}
	if slices.Contains(above, ref.Value) {
		return fmt.Errorf("schema: contains itself")
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
		if i.lenient && slices.Contains(above, child.Value) {
			i.cut(ref.Value, child)
			continue
		}
		if err := i.inline(child, above); err != nil {
			return err
		}
	}
	return nil
}

// cut ends a schema that contains itself where it does: what stands there may be anything. Of alternatives, one that takes anything would
// be one too many.
func (i inliner) cut(parent *openapi3.Schema, child *openapi3.SchemaRef) {
	if parent.Not == child {
		parent.Not = nil
		return
	}
	if slices.Contains(parent.OneOf, child) {
		parent.AnyOf, parent.OneOf = append(parent.AnyOf, parent.OneOf...), nil
	}
	child.Ref, child.Value = "", &openapi3.Schema{}
}

// exclusive writes a bound as JSON Schema has it which OpenAPI 3.0 writes as a mark beside another.
func exclusive(bound *openapi3.ExclusiveBound, beside **float64) {
	if bound.Bool == nil {
		return
	}
	if *bound.Bool && *beside != nil {
		bound.Value, *beside = *beside, nil
	}
	bound.Bool = nil
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

// name enters the names of the members below a part of it.
func (s *schema) name(part *openapi3.SchemaRef) {
	for name := range part.Value.Properties {
		s.names[name] = true
	}
	for _, child := range children(part.Value) {
		s.name(child)
	}
}

// failures lists the places, as the tokens of JSON pointers, at which a value does not match, sorted. A place that the value
// does not have is a member that is missing. The engine decides; its words are left aside, for they quote values.
func (s *schema) failures(value any) [][]string {
	var failed *jsonschema.ValidationError
	if !errors.As(s.compiled.Validate(value), &failed) {
		return nil
	}
	places := leaves(failed)
	slices.SortFunc(places, slices.Compare)
	return places
}

// leaves takes an error of the engine apart. Alternatives (anyOf, oneOf) stay one: that each of them failed is one
// difference, not several.
func leaves(failed *jsonschema.ValidationError) (places [][]string) {
	switch of := failed.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range of.Missing {
			places = append(places, append(slices.Clip(failed.InstanceLocation), name))
		}
		return places
	case *kind.AnyOf, *kind.OneOf:
		return [][]string{failed.InstanceLocation}
	}
	for _, cause := range failed.Causes {
		places = append(places, leaves(cause)...)
	}
	if len(places) == 0 {
		return [][]string{failed.InstanceLocation}
	}
	return places
}

// lookUp finds the value to which a JSON pointer leads; ok is false when there is none.
func lookUp(value any, pointer string) (found any, ok bool) {
	way, err := jsonpointer.New(pointer)
	if err != nil {
		return nil, false
	}
	found, _, err = way.Get(value)
	return found, err == nil
}

// pointerOf writes tokens as a JSON pointer.
func pointerOf(tokens []string) string {
	var pointer jsontext.Pointer
	for _, token := range tokens {
		pointer = pointer.AppendToken(token)
	}
	return string(pointer)
}
