package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	names := repeats{Decoder: tokensOf(body)}
	_ = names.value() // it goes no deeper than the tokens are read
	return value, append(flaws, names.flaws...), true
}

// tokensOf reads the tokens of a body, whatever is wrong with its names and its letters.
func tokensOf(body []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// mostRepeats bounds the repeated names that are reported: a hostile body can repeat them at every level.
const mostRepeats = 20

// repeats finds the names that come twice in an object.
type repeats struct {
	*jsontext.Decoder
	flaws []flaw
}

// value reads the next value.
func (r *repeats) value() error {
	token, err := r.ReadToken()
	open := token.Kind()
	if err != nil || open != '{' && open != '[' {
		return err
	}
	names := map[string]bool{}
	for next := r.PeekKind(); next != '}' && next != ']'; next = r.PeekKind() {
		if open == '{' {
			token, err := r.ReadToken()
			if err != nil {
				return err
			}
			name := token.String()
			if names[name] && len(r.flaws) < mostRepeats {
				place := slices.Collect(r.StackPointer().Tokens())
				r.flaws = append(r.flaws, flaw{tokens: place, expected: "each member once", actual: "the member twice"})
			}
			names[name] = true
		}
		if err := r.value(); err != nil {
			return err
		}
	}
	_, err = r.ReadToken()
	return err
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}
