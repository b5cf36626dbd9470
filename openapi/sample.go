package openapi

import (
	"encoding/json"
	"math"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// What follows makes values of what schemas describe: what an answer holds that is made as a contract has it, and that no credential is.

// sample makes a value that a schema wants: one that the document gives, or else the plainest. Whether it fits is for the schema to say.
func sample(ref *openapi3.SchemaRef) any {
	if ref == nil || ref.Value == nil {
		return nil
	}
	if value, known := exemplary(ref); known {
		return asJSON(value)
	}
	all := parts(ref)
	for _, part := range all {
		for _, alternatives := range [][]*openapi3.SchemaRef{part.Value.OneOf, part.Value.AnyOf} {
			if len(alternatives) > 0 && len(part.Value.Properties) == 0 {
				return sample(alternatives[0])
			}
		}
	}
	of := func(name string) bool {
		return slices.ContainsFunc(all, func(s *openapi3.SchemaRef) bool { return s.Value.Type.Includes(name) })
	}
	switch {
	case of(openapi3.TypeObject), slices.ContainsFunc(all, func(s *openapi3.SchemaRef) bool { return len(s.Value.Properties) > 0 }):
		return sampleObject(all)
	case of(openapi3.TypeArray):
		return sampleArray(all)
	case of(openapi3.TypeString):
		return sampleText(all)
	case of(openapi3.TypeInteger), of(openapi3.TypeNumber):
		return sampleNumber(all)
	case of(openapi3.TypeBoolean):
		return true
	case of(openapi3.TypeNull):
		return nil
	}
	return "text" // anything will do
}

// asJSON is a value as JSON has it, which a document in YAML may hold otherwise.
func asJSON(value any) any {
	text, err := json.Marshal(value)
	var same any
	if err != nil || json.Unmarshal(text, &same) != nil {
		return nil
	}
	return same
}

// sampleObject has the members that are required, and those that are no more than texts: they are what a reader looks at.
func sampleObject(all []*openapi3.SchemaRef) any {
	object := map[string]any{}
	for _, part := range all {
		for name, property := range part.Value.Properties {
			if slices.ContainsFunc(all, func(s *openapi3.SchemaRef) bool { return slices.Contains(s.Value.Required, name) }) {
				object[name] = sample(property)
			}
		}
		for _, name := range part.Value.Required {
			if _, has := object[name]; !has {
				object[name] = "text"
			}
		}
	}
	return object
}

func sampleArray(all []*openapi3.SchemaRef) any {
	list := []any{}
	for _, part := range all {
		for i := uint64(0); i < part.Value.MinItems && i < 100; i++ {
			list = append(list, sample(part.Value.Items))
		}
	}
	return list
}

// formatTexts are texts of the formats that documents use most.
var formatTexts = map[string]string{
	"date-time": "2030-01-02T03:04:05Z", "date-time-in-any-zone": "2030-01-02T03:04:05Z", "date": "2030-01-02", "time": "03:04:05Z", "duration": "PT1H",
	"uuid": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "email": "keeper@example.com", "hostname": "host.example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"uri": "https://host.example.com/", "uri-reference": "/path", "byte": "dGV4dA==", "base64-line": "dGV4dA==", "sid": "S-1-5-21-1-2-3-4",
}

func sampleText(all []*openapi3.SchemaRef) any {
	text, least := "text", uint64(0)
	for _, part := range all {
		if s := part.Value; s.Pattern != "" {
			if made, can := matching(s.Pattern); can {
				return made
			}
		} else if known := formatTexts[s.Format]; known != "" {
			return known
		}
		least = max(least, part.Value.MinLength)
		if most := part.Value.MaxLength; most != nil && *most < uint64(len(text)) {
			text = text[:*most]
		}
	}
	if missing := int(min(least, 10_000)) - len(text); missing > 0 {
		text += strings.Repeat("t", missing)
	}
	return text
}

func sampleNumber(all []*openapi3.SchemaRef) any {
	number := 1.0
	for _, part := range all {
		s := part.Value
		switch {
		case s.ExclusiveMin.Value != nil:
			number = max(number, math.Floor(*s.ExclusiveMin.Value)+1)
		case s.Min != nil:
			number = max(number, math.Ceil(*s.Min))
		}
		if s.Max != nil {
			number = min(number, math.Floor(*s.Max))
		}
		if s.MultipleOf != nil && *s.MultipleOf > 0 {
			number = math.Ceil(number / *s.MultipleOf) * *s.MultipleOf
		}
	}
	return number
}

// mostOfPattern bounds the text that a pattern asks for.
const mostOfPattern = 10_000

// matching makes a text that a pattern matches: the first of its alternatives, and no more of anything than it asks for.
func matching(pattern string) (string, bool) {
	read, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	write(&b, read.Simplify())
	return b.String(), b.Len() <= mostOfPattern
}

func write(b *strings.Builder, r *syntax.Regexp) {
	if b.Len() > mostOfPattern {
		return
	}
	switch r.Op {
	case syntax.OpLiteral:
		b.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		b.WriteRune(plainest(r.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('t')
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		write(b, r.Sub[0])
	case syntax.OpRepeat:
		for range r.Min {
			write(b, r.Sub[0])
		}
	case syntax.OpConcat:
		for _, part := range r.Sub {
			write(b, part)
		}
	}
}

// plainest is a letter or a digit of a class of characters where it has one, or else its first.
func plainest(class []rune) rune {
	for _, wanted := range "ta0A" {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= wanted && wanted <= class[i+1] {
				return wanted
			}
		}
	}
	if len(class) == 0 {
		return 't'
	}
	return class[0]
}
