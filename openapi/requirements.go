package openapi

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// SuccessRequirement is the requirement that a wrong status breaks when the request was good, or "" when the contract
// gives none.
func (o *Operation) SuccessRequirement() string {
	r := o.succeeded()
	return r.of(r.status)
}

// SuccessRequirements lists every requirement that the parts of the success answer belong to: the status's first,
// then those of the media type, the body, the headers and the schema, in the order in which the schema is walked. That of
// a body which must not be there is left out: an HTTP library hides the bytes behind a 204, so that no answer shows it.
func (o *Operation) SuccessRequirements() []string {
	r := o.succeeded()
	var list []string
	add := func(requirement string) {
		if requirement = r.of(requirement); requirement != "" && !slices.Contains(list, requirement) {
			list = append(list, requirement)
		}
	}
	add(r.status)
	add(r.media)
	if len(r.contents) > 0 {
		add(r.body)
	}
	for _, h := range r.headers {
		if h.required {
			add(h.requirement)
		}
	}
	for _, c := range r.contents {
		walk(c.schema, func(s *openapi3.SchemaRef) { add(schemaExtension(s, extRequirement)) })
	}
	return list
}

// walk visits a schema and everything below it, each once.
func walk(root *openapi3.SchemaRef, visit func(*openapi3.SchemaRef)) {
	seen := map[*openapi3.Schema]bool{}
	var down func(*openapi3.SchemaRef)
	down = func(s *openapi3.SchemaRef) {
		if s == nil || s.Value == nil || seen[s.Value] {
			return
		}
		seen[s.Value] = true
		visit(s)
		for _, below := range children(s.Value) {
			down(below)
		}
	}
	down(root)
}

// ResponseMediaType is the media type of the success answer, "" when it has no content.
func (o *Operation) ResponseMediaType() string {
	if r := o.succeeded(); len(r.contents) > 0 {
		return r.contents[0].mediaType
	}
	return ""
}
