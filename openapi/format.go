package openapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// format is a string format that the validator asserts. Its own formats take the thirtieth of February for a date.
type format struct {
	expected string // in words, for messages
	check    func(string) bool
	// flaw says what a text is that is not of the format, without quoting it; nil or "" leaves it at the size.
	flaw func(string) string
}

// formats are those that the contracts may use.
func formats() map[string]format {
	return map[string]format{
		"date-time": {expected: "an RFC 3339 date-time", check: isDateTime},
		// A document that says no more than that it is a date and a time promises no zone.
		"date-time-in-any-zone": {
			expected: "a date-time", check: func(text string) bool { return isDateTime(text) || isDateTime(text+"Z") },
		},
		"sid": {expected: "a security identifier (S-1-…)", check: sid.MatchString},
		"base64-line": {
			expected: "a base64 string as it stands, with nothing around it but a line's end", check: isBase64Line, flaw: notBase64Line,
		},
	}
}

var errFormat = errors.New("not of the format")

// assertion is a format as the validator asserts it: ours, or kin-openapi's own. Any other says nothing of a value.
func assertion(name string) *jsonschema.Format {
	text, whole := openapi3.SchemaStringFormats[name], openapi3.SchemaIntegerFormats[name]
	ours, known := formats()[name]
	return &jsonschema.Format{Name: name, Validate: func(value any) error {
		switch v := value.(type) {
		case string:
			if known && !ours.check(v) {
				return errFormat // never with the text, which may be secret
			}
			if !known && text != nil {
				return text.Validate(v)
			}
		case json.Number:
			if number, err := v.Float64(); whole != nil {
				if err != nil || number < math.MinInt64 || number >= math.MaxInt64 {
					return errFormat
				}
				return whole.Validate(int64(number))
			}
		}
		return nil
	}}
}

var dateTime = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[Tt]` +
	`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// isDateTime tells whether a text is a date-time of RFC 3339, section 5.6: any number of fraction digits, T and Z in
// either letter case, a leap second, and a date that exists. Go's own layout accepts a comma and refuses the leap
// second and the small letters.
func isDateTime(text string) bool {
	m := dateTime.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	_, err := time.Parse(time.DateOnly, m[1])
	return err == nil
}

// sid is a security identifier in string form (MS-DTYP, 2.4.2.1): revision 1, an authority in decimal or hexadecimal, and up to
// 15 subauthorities of 32 bits.
var sid = regexp.MustCompile(`^S-1-(\d{1,15}|0x[0-9A-Fa-f]{1,12})(-\d{1,10}){1,15}$`)

// isBase64Line tells whether a text is a base64 string (RFC 4648, section 4) that is not empty, with at most one line's
// end behind it: what the body of an answer is that a client uses unparsed.
func isBase64Line(text string) bool {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	if text == "" || strings.ContainsAny(text, "\r\n") {
		return false // the decoder lets line ends pass
	}
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}

// notBase64Line names the usual wrappings.
func notBase64Line(text string) string {
	trimmed := strings.TrimSpace(text)
	var inner string
	switch {
	case json.Unmarshal([]byte(trimmed), &inner) == nil:
		return "a string in JSON quotes"
	case strings.HasPrefix(trimmed, "{") && json.Valid([]byte(trimmed)):
		return "a JSON object"
	case strings.HasPrefix(trimmed, "<"):
		return "markup (HTML or XML)"
	case strings.HasPrefix(text, string(byteOrderMark)):
		return "a byte order mark before the string"
	case strings.ContainsAny(trimmed, " \t\r\n"):
		return "a string with white space in it"
	}
	return ""
}
