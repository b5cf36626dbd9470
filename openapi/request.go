package openapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Member is a top-level member of a JSON request body.
type Member struct {
	Name string
	// Account says which of an account's stands there: "username" or "password"; "" for neither.
	Account string
}

func (o *Operation) setRequest(ref *openapi3.RequestBodyRef) (err error) {
	if ref == nil {
		return nil
	}
	if o.request, err = newContents(ref.Value.Content, o.lenient); err != nil {
		return err
	}
	if o.lenient {
		if err = o.readable(ref.Value); err != nil {
			return err
		}
	}
	if len(o.request) > 0 {
		o.Members = membersOf(o.request[0].schema)
	}
	if o.Malformed, err = newMalformed(ref.Value.Extensions, o.Members); err != nil {
		return err
	}
	for i, m := range o.Malformed {
		if o.Malformed[i].form = o.IsForm(); o.IsForm() && !slices.Contains(formFaults, m.fault) {
			return said(extMalformed, "a form has no fault %q; it has %s", shown(m.fault), strings.Join(formFaults, ", "))
		}
	}
	return o.setPromises(ref.Value.Extensions)
}

// membersOf lists the members that the schema of a body names, sorted.
func membersOf(body *schema) []Member {
	names := map[string]bool{}
	for _, part := range parts(body.described) {
		for name := range part.Value.Properties {
			names[name] = true
		}
		for _, name := range part.Value.Required {
			names[name] = true
		}
	}
	var list []Member
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, Member{name, body.at([]string{name}).says(extAccount)})
	}
	return list
}

// RequestMediaType is the media type in which the body is sent, "" when the operation describes no body.
func (o *Operation) RequestMediaType() string { return firstMediaType(o.request) }

// Example is the first example of the request body, by name; nil where there is none.
func (o *Operation) Example() any {
	if o.example != nil {
		return o.example
	}
	for _, c := range o.request {
		for _, name := range slices.Sorted(maps.Keys(c.examples)) {
			return c.examples[name]
		}
	}
	return nil
}
