package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
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
	if number, ok := value.(json.Number); ok {
		return sized("a number", len(number), "character") // which may be the secret, in another form
	}
	return describeValue(value)
}

// quotable says whether a value may be shown: a number, a boolean, a text of the characters that dates and security
// identifiers are made of, or a few words, where the document wants no secret. Anything else could be one that was put there by mistake.
func (at spot) quotable(value any) bool {
	if at.says(extSecret) != "" {
		return false
	}
	switch v := value.(type) {
	case string:
		return dateLike.MatchString(v) || wordLike.MatchString(v) || dateInWords(v)
	case json.Number, float64, bool:
		return true
	}
	return false
}

// dateLike has the digits and signs of a date, with a few letters among them: 2026-02-30T10:00:00Z, 22/11/2026, S-2-5-21.
var dateLike = regexp.MustCompile(`^[0-9:./+ ,-]*[A-Za-z]{0,3}[0-9:./+ ,-]+[A-Za-z]{0,3}[0-9:./+ ,-]*$`)

// dateInWords says whether a text is a date as mails and pages write it.
func dateInWords(text string) bool {
	for _, layout := range []string{time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, time.UnixDate, time.RFC822, time.RFC822Z, "Jan 2, 2006 3:04:05 PM"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}

// wordLike are a few words of a common length, joined as names are: Web, REST API, invalidCredentials. Letters in no order do not come so.
var wordLike = regexp.MustCompile(`^(?:[A-Z]?[a-z]{2,14}|[A-Z]{2,12})(?:[ _.-]?(?:[A-Z]?[a-z]{2,14}|[A-Z]{2,12})){0,4}$`)

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

// describeSchema says what a schema by itself wants, or "" when it wants nothing. Constants are the document's, not the answer's.
func describeSchema(s *openapi3.Schema) string {
	var alternatives []string
	switch f, known := formats()[s.Format]; {
	case s.Const != nil:
		return literal(s.Const)
	case len(s.Enum) > 0:
		for _, value := range s.Enum {
			alternatives = append(alternatives, literal(value))
		}
		if len(alternatives) == 1 {
			return alternatives[0]
		}
		return "one of " + strings.Join(alternatives, ", ")
	case known:
		return f.expected
	}
	for _, name := range s.Type.Slice() {
		alternatives = append(alternatives, describeType(name, s))
	}
	return strings.Join(alternatives, " or ")
}

// describeType says what a schema wants of a value of one of its types.
func describeType(name string, s *openapi3.Schema) string {
	switch name {
	case openapi3.TypeString:
		words := "a string"
		switch {
		case s.MinLength == 1:
			words = "a non-empty string"
		case s.MinLength > 1:
			words += " of at least " + count(int(s.MinLength), "character")
		}
		if s.Pattern != "" {
			words += " that matches " + s.Pattern
		}
		return words
	case openapi3.TypeArray:
		switch {
		case s.MaxItems != nil && *s.MaxItems == s.MinItems:
			return "an array of exactly " + count(int(s.MinItems), "element")
		case s.MinItems > 0:
			return "an array of at least " + count(int(s.MinItems), "element")
		}
		return "an array"
	case openapi3.TypeInteger, openapi3.TypeNumber:
		words := map[string]string{openapi3.TypeInteger: "an integer", openapi3.TypeNumber: "a number"}[name]
		if s.Min != nil {
			words += " of at least " + literal(*s.Min)
		}
		if s.Max != nil {
			words += " of at most " + literal(*s.Max)
		}
		return words
	case openapi3.TypeObject:
		return "an object"
	case openapi3.TypeBoolean:
		return "a boolean"
	}
	return name // null
}

// literal is a value as JSON, with the characters of HTML as they are.
func literal(value any) string {
	raw, err := json.Marshal(value)
	text := jsontext.Value(raw)
	if err != nil || text.Format() != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
