package openapi

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Given is a parameter that goes with every good request of an operation, whatever credential it takes.
type Given struct {
	// In is query, path or header, and Name the parameter's.
	In, Name string
	// Account says which of an account's stands there, "username" or "password"; else Value does.
	Account, Value string
}

// Given are the parameters that go with every good request, in the order of the document.
func (o *Operation) Given() []Given { return slices.Clone(o.given) }

// In is where a parameter stands, or "body" for a member of its body.
func (o *Operation) In(name string) string {
	if in, err := o.placeOf("", name); err == nil {
		return in
	}
	return "body"
}

// IsForm reports whether its request body is a form (application/x-www-form-urlencoded).
func (o *Operation) IsForm() bool { return o.RequestMediaType() == formMedia }

const formMedia = "application/x-www-form-urlencoded"

// formFaults are the ways in which a form can be malformed.
var formFaults = []string{"empty", "missing", "blank"}

// EncodeForm writes members as a form, sorted by name. What is null is left out.
func EncodeForm(members map[string]any) []byte {
	form := url.Values{}
	for name, value := range members {
		switch v := value.(type) {
		case nil:
		case []any:
			for _, one := range v {
				form.Add(name, fmt.Sprint(one))
			}
		case float64:
			form.Set(name, strconv.FormatFloat(v, 'f', -1, 64))
		default:
			form.Set(name, fmt.Sprint(v))
		}
	}
	return []byte(form.Encode())
}

// formMembers are the values of a form by their names, as far as it can be read.
func formMembers(body []byte) url.Values {
	form, _ := url.ParseQuery(string(body)) // what can be read is returned beside an error
	return form
}

// readable keeps of the media types of a body those that requests are written in, JSON before a form, and finds what a good one holds.
func (o *Operation) readable(described *openapi3.RequestBody) error {
	isForm := func(c content) bool { return c.mediaType == formMedia }
	kept := slices.DeleteFunc(slices.Clone(o.request), func(c content) bool { return !isJSON(c.mediaType) && !isForm(c) })
	slices.SortStableFunc(kept, func(a, b content) int {
		if isForm(a) == isForm(b) {
			return 0
		}
		if isForm(a) {
			return 1
		}
		return -1
	})
	if len(kept) == 0 && len(o.request) > 0 && described.Required {
		return fmt.Errorf("it is neither JSON nor a form, which are what requests are written in")
	}
	if o.request = kept; len(kept) == 0 {
		return nil
	}
	if o.example = o.Example(); o.example != nil {
		return nil
	}
	members := map[string]any{}
	for _, part := range parts(kept[0].schema.described) {
		for _, name := range slices.Sorted(maps.Keys(part.Value.Properties)) {
			if value, known := exemplary(part.Value.Properties[name]); known {
				members[name] = value
			} else if kept[0].schema.at([]string{name}).says(extAccount) != "" {
				members[name] = ""
			}
		}
	}
	if len(members) == 0 && !described.Required {
		o.request = nil // it goes without
		return nil
	}
	o.example = members
	return nil
}

// exemplary is a value that a schema itself gives for what it describes.
func exemplary(ref *openapi3.SchemaRef) (any, bool) {
	for _, part := range parts(ref) {
		s := part.Value
		switch {
		case s.Const != nil:
			return s.Const, true
		case s.Example != nil:
			return s.Example, true
		case len(s.Examples) > 0:
			return s.Examples[0], true
		case s.Default != nil:
			return s.Default, true
		case len(s.Enum) > 0:
			return s.Enum[0], true
		}
	}
	return nil, false
}

// setGiven finds the values of the parameters that a good request has beside its credentials.
func (o *Operation) setGiven() error {
	if !o.lenient {
		return nil
	}
	own := map[[2]string]bool{} // an operation's own takes the place of its path's
	for i := len(o.parameters) - 1; i >= 0; i-- {
		p := o.parameters[i].Value
		if key := [2]string{p.In, p.Name}; own[key] {
			continue
		} else {
			own[key] = true
		}
		g := Given{In: p.In, Name: p.Name}
		if err := read(p.Extensions, map[string]any{extAccount: &g.Account}); err != nil {
			return fmt.Errorf("parameter %s: %w", shown(p.Name), err)
		}
		if g.Account != "" && g.Account != "username" && g.Account != "password" {
			return said(extAccount, "parameter %s: it must be username or password", shown(p.Name))
		}
		value, known := p.Example, p.Example != nil
		for _, name := range slices.Sorted(maps.Keys(p.Examples)) {
			if e := p.Examples[name].Value; !known && e != nil && e.Value != nil {
				value, known = e.Value, true
			}
		}
		if !known && p.Schema != nil && p.Schema.Value != nil && p.Required {
			value, known = exemplary(p.Schema)
		}
		if g.Value = fmt.Sprint(value); g.Account != "" || known && p.In != openapi3.ParameterInCookie {
			o.given = append(o.given, g)
		}
	}
	slices.Reverse(o.given)
	return nil
}

// lacking is a parameter or a member without which no good request can be made, and which nothing brings: neither an example nor a link.
func (o *Operation) lacking() string {
	brought := func(in, name string) bool {
		return slices.ContainsFunc(o.takes, func(p Place) bool { return p.Name == name && (p.In == in || in == "") }) ||
			slices.ContainsFunc(o.given, func(g Given) bool { return g.Name == name && g.In == in })
	}
	for _, ref := range o.parameters {
		p := ref.Value
		isCredential := p.In == openapi3.ParameterInHeader && strings.EqualFold(p.Name, o.credentialHeader)
		if p.Required && p.In != openapi3.ParameterInCookie && !isCredential && !brought(p.In, p.Name) && !o.linked[p.Name] {
			return "parameter " + shown(p.Name)
		}
	}
	members, isObject := o.Example().(map[string]any)
	if len(o.request) == 0 || !isObject {
		return ""
	}
	for _, part := range parts(o.request[0].schema.described) {
		for _, name := range part.Value.Required {
			if _, has := members[name]; !has && !brought("body", name) && !o.linked[name] {
				return "member " + shown(name)
			}
		}
	}
	return ""
}
