package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
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
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		// Decode checks the syntax of the whole value; its own message would quote from it.
		whole("one well-formed JSON value", fmt.Sprintf("malformed JSON in %s", count(len(body), "byte")))
		return nil, flaws, false
	}
	if rest := bytes.TrimLeft(body[decoder.InputOffset():], " \t\r\n"); len(rest) > 0 {
		whole("nothing after the JSON value", count(len(rest), "more byte"))
	}
	decoder = json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	w := walker{decoder: decoder}
	value, err := w.value()
	if err != nil {
		whole("one well-formed JSON value", fmt.Sprintf("malformed JSON in %s", count(len(body), "byte")))
		return nil, flaws, false
	}
	return value, append(flaws, w.flaws...), true
}

// mostRepeats bounds the repeated names that are reported: a hostile body can repeat them at every level.
const mostRepeats = 20

// walker builds a value from its tokens, which is what shows a name that comes twice. The nesting is bounded by
// encoding/json, which refuses a value deeper than 10,000.
type walker struct {
	decoder *json.Decoder
	tokens  []string
	flaws   []flaw
}

func (w *walker) value() (any, error) {
	token, err := w.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return w.object()
	case json.Delim('['):
		return w.array()
	}
	return token, nil
}

func (w *walker) object() (any, error) {
	object := map[string]any{}
	for w.decoder.More() {
		key, err := w.decoder.Token()
		if err != nil {
			return nil, err
		}
		name, isText := key.(string)
		if !isText {
			return nil, io.ErrUnexpectedEOF
		}
		w.tokens = append(w.tokens, name)
		if _, twice := object[name]; twice && len(w.flaws) < mostRepeats {
			w.flaws = append(w.flaws, flaw{tokens: append([]string(nil), w.tokens...), expected: "each member once", actual: "the member twice"})
		}
		if object[name], err = w.value(); err != nil {
			return nil, err
		}
		w.tokens = w.tokens[:len(w.tokens)-1]
	}
	_, err := w.decoder.Token()
	return object, err
}

func (w *walker) array() (any, error) {
	array := []any{}
	for w.decoder.More() {
		w.tokens = append(w.tokens, strconv.Itoa(len(array)))
		element, err := w.value()
		if err != nil {
			return nil, err
		}
		array = append(array, element)
		w.tokens = w.tokens[:len(w.tokens)-1]
	}
	_, err := w.decoder.Token()
	return array, err
}

// escape writes a token as RFC 6901, section 3, wants it in a JSON pointer.
func escape(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}
