package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// describeValue says what a value is: its JSON type and its size, never what it holds.
func describeValue(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number, float64:
		return "a number"
	case string:
		return sized("a string", utf8.RuneCountInString(v), "character")
	case []any:
		return sized("an array", len(v), "element")
	case map[string]any:
		return sized("an object", len(v), "member")
	}
	return "a value"
}

// sized is a value with its size: "an empty array", "an array of 2 elements".
func sized(value string, n int, unit string) string {
	if n == 0 {
		_, noun, _ := strings.Cut(value, " ")
		return "an empty " + noun
	}
	return value + " of " + count(n, unit)
}

// describe says what a value at the spot is: what its format knows to say of it, or else its type and size.
func (at spot) describe(value any) string {
	text, isText := value.(string)
	for _, s := range at.schemas {
		if f := formats()[s.Value.Format]; isText && f.flaw != nil {
			if flaw := f.flaw(text); flaw != "" {
				return flaw
			}
		}
	}
	if at.quotable(value) {
		return describeValue(value) + ", " + literal(value)
	}
	return describeValue(value)
}

// quotable says whether a value may be shown: a number, a boolean, or a text of the characters that dates and security
// identifiers are made of, where the document wants no secret. Anything else could be one that was put there by mistake.
func (at spot) quotable(value any) bool {
	if at.says(extSecret) != "" {
		return false
	}
	switch v := value.(type) {
	case string:
		return dateLike.MatchString(v)
	case json.Number, float64, bool:
		return true
	}
	return false
}

// dateLike has the digits and signs of a date, with a few letters among them: 2026-02-30T10:00:00Z, 22/11/2026, S-2-5-21.
var dateLike = regexp.MustCompile(`^[0-9:./+ ,-]*[A-Za-z]{0,3}[0-9:./+ ,-]+[A-Za-z]{0,3}[0-9:./+ ,-]*$`)

// expected says what the schemas at a spot want, in words. The document's own words come first.
func (at spot) expected() string {
	if words := at.says(extExpected); words != "" {
		return words
	}
	var all []string
	for _, s := range at.schemas {
		if words := describeSchema(s.Value); words != "" && !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	if len(all) == 0 {
		return "a value as described"
	}
	return strings.Join(all, ", and ")
}

// describeSchema says what a schema by itself wants, or "" when it wants nothing.
func describeSchema(s *openapi3.Schema) string {
	if s.Const != nil {
		return literal(s.Const)
	}
	if len(s.Enum) > 0 {
		return oneOf(s.Enum)
	}
	if f, known := formats()[s.Format]; known {
		return f.expected
	}
	var alternatives []string
	for _, name := range s.Type.Slice() {
		alternatives = append(alternatives, describeType(name, s))
	}
	return strings.Join(alternatives, " or ")
}

func describeType(name string, s *openapi3.Schema) string {
	switch name {
	case openapi3.TypeString:
		words := "a string"
		switch {
		case s.MinLength == 1:
			words = "a non-empty string"
		case s.MinLength > 1:
			words = "a string of at least " + count(int(s.MinLength), "character")
		}
		if s.Pattern != "" {
			words += " that matches " + s.Pattern
		}
		return words
	case openapi3.TypeArray:
		words := "an array"
		switch {
		case s.MaxItems != nil && *s.MaxItems == s.MinItems:
			words += " of exactly " + count(int(s.MinItems), "element")
		case s.MinItems > 0:
			words += " of at least " + count(int(s.MinItems), "element")
		}
		return words
	case openapi3.TypeInteger:
		return "an integer" + bounds(s)
	case openapi3.TypeNumber:
		return "a number" + bounds(s)
	case openapi3.TypeObject:
		return "an object"
	case openapi3.TypeBoolean:
		return "a boolean"
	}
	return name // null
}

func bounds(s *openapi3.Schema) string {
	words := ""
	if s.Min != nil {
		words += " of at least " + strconv.FormatFloat(*s.Min, 'f', -1, 64)
	}
	if s.Max != nil {
		words += " of at most " + strconv.FormatFloat(*s.Max, 'f', -1, 64)
	}
	return words
}

// oneOf lists the values that the document allows; they are the document's, not the response's.
func oneOf(values []any) string {
	if len(values) == 1 {
		return literal(values[0])
	}
	var all []string
	for _, v := range values {
		all = append(all, literal(v))
	}
	return "one of " + strings.Join(all, ", ")
}

func literal(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSpace(text.String())
}
