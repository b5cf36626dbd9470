package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// flaw is a way in which a body is not the one well-formed JSON value that it should be.
type flaw struct {
	tokens           []string // the place, empty for the body as a whole
	expected, actual string
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// decode reads a body as exactly one JSON value, with numbers kept as written. It reports what Go's decoder lets pass
// (bytes that are not UTF-8, a name twice in an object, anything after the value) and goes on where it can: ok is
// false when there is no value to look at.
func decode(body []byte) (value any, flaws []flaw, ok bool) {
	whole := func(expected, actual string) { flaws = append(flaws, flaw{expected: expected, actual: actual}) }
	if rest, found := bytes.CutPrefix(body, byteOrderMark); found {
		whole("JSON without a byte order mark (RFC 8259, 8.1)", "a byte order mark before the value")
		body = rest
	}
	if !utf8.Valid(body) {
		whole("JSON in UTF-8 (RFC 8259, 8.1)", "bytes that are not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		// Its own message would quote from the body.
		whole("one well-formed JSON value", fmt.Sprintf("malformed JSON in %s", count(len(body), "byte")))
		return nil, flaws, false
	}
	if rest := bytes.TrimLeft(body[decoder.InputOffset():], " \t\r\n"); len(rest) > 0 {
		whole("nothing after the JSON value", count(len(rest), "more byte"))
	}
	more, ok := inspect(body[:decoder.InputOffset()])
	return value, append(flaws, more...), ok
}

// tokensOf reads the tokens of a body, whatever is wrong with its names and its letters.
func tokensOf(body []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// isName tells whether the token that was read last is the name of a member.
func isName(d *jsontext.Decoder, token jsontext.Token) bool {
	within, read := d.StackIndex(d.StackDepth())
	return token.Kind() == '"' && within == '{' && read%2 == 1
}

// mostRepeats bounds the repeated names that are reported: a hostile body can repeat them at every level.
const mostRepeats = 20

// immense is a number that is written in few bytes and takes megabytes to compare.
var immense = regexp.MustCompile(`[eE][+-]?0*[1-9][0-9]{3}`)

// inspect finds the names that come twice in an object. ok is false where a number is immense.
func inspect(body []byte) (flaws []flaw, ok bool) {
	ok = true
	d := tokensOf(body)
	here := func(expected, actual string) {
		flaws = append(flaws, flaw{slices.Collect(d.StackPointer().Tokens()), expected, actual})
	}
	var names []map[string]bool // of the objects that are open
	for {
		token, err := d.ReadToken()
		if err != nil {
			return flaws, ok // it goes no deeper than the tokens are read
		}
		depth := d.StackDepth()
		switch kind := token.Kind(); {
		case kind == '{' || kind == '[':
			names = append(names[:depth-1], map[string]bool{})
		case isName(d, token):
			name := token.String()
			if names[depth-1][name] && len(flaws) < mostRepeats {
				here("each member once", "the member twice")
			}
			names[depth-1][name] = true
		case kind == '0' && ok && immense.MatchString(token.String()):
			here("a number of a usual size", "an exponent of four digits or more")
			ok = false
		}
	}
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}
