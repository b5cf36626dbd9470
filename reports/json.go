package reports

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"example.org/conform/harness/verdict"
)

// JSON writes the report in its JSON form (verdict.Schema), indented, the same bytes for the same report. An empty list is
// [] where it is one of a report that came from a run: Redacted leaves no nil.
func JSON(w io.Writer, r *verdict.Report) error { return EncodeJSON(w, r) }

// EncodeJSON writes a value as JSON for programs, and for people and grep too: indented, with < as it is.
func EncodeJSON(w io.Writer, v any) error {
	text := transform.NewWriter(w, escaping{})
	encoder := json.NewEncoder(text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := errors.Join(encoder.Encode(v), text.Close()); err != nil {
		return fmt.Errorf("encoding JSON: %w", err)
	}
	return nil
}

// escaping writes as escapes of JSON what JSON may hold as it is and who looks at it would obey: what turns the text around it, and what
// terminals take for commands. It stands in texts alone.
type escaping struct{ transform.NopResetter }

func (escaping) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		c, size := utf8.DecodeRune(src[read:])
		if size == 1 && c == utf8.RuneError && !atEOF && !utf8.FullRune(src[read:]) {
			return written, read, transform.ErrShortSrc
		}
		next := src[read : read+size]
		if obeyed(c) && c >= 0x7f {
			next = fmt.Appendf(nil, `\u%04x`, c)
		}
		if len(dst)-written < len(next) {
			return written, read, transform.ErrShortDst
		}
		written, read = written+copy(dst[written:], next), read+size
	}
	return written, read, nil
}

// jsonText is a value as JSON on one line.
func jsonText(v any) (string, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// Read reads a report that JSON wrote. An error is one line that names the file, the place in it and what to do.
// A report of another schema is refused, since its fields may mean something else; fields that are not known are
// passed over, since the schema grows by additions.
func Read(path string) (*verdict.Report, error) {
	const remedy = "give the report.json that a run has written"
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the report: %w; %s", err, remedy)
	}
	// A shell of Windows that has written it anew has put a byte order mark before it, or made UTF-16 of it.
	if plain, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), text); err == nil {
		text = plain
	}
	var r verdict.Report
	switch err := json.Unmarshal(text, &r); { // which decodes what it can
	case r.Schema == verdict.Schema && err != nil:
		return nil, fmt.Errorf("%s%s; the report was changed after it was written: run the suite again", path, problem(text, err))
	case r.Schema == verdict.Schema:
		return &r, nil
	case schemas.MatchString(r.Schema):
		return nil, fmt.Errorf("%s: schema %q, and this release reads %q; run the suite again, or use the release that wrote the report",
			path, r.Schema, verdict.Schema)
	case r.Schema != "":
		return nil, fmt.Errorf("%s: the schema is not that of a report (%q); %s", path, verdict.Schema, remedy)
	case err != nil:
		return nil, fmt.Errorf("%s%s; %s", path, problem(text, err), remedy)
	}
	return nil, fmt.Errorf("%s: no member \"schema\", so it is not a report; %s", path, remedy)
}

// schemas are those of reports, of whichever release.
var schemas = regexp.MustCompile(`^` + regexp.QuoteMeta(verdict.Schema[:strings.Index(verdict.Schema, "/")+1]) + `[0-9]{1,6}$`)

// problem says where in the text decoding stopped and why, as ":line:column: …" where the place is known. It quotes no value: the file may
// be another one, given by mistake.
func problem(text []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(text) == 0:
		return ": the file is empty"
	case errors.As(err, &syntax):
		return place(text, syntax.Offset) + ": not JSON: " + syntax.Error()
	case errors.As(err, &kind):
		form, _, _ := strings.Cut(kind.Value, " ") // a number stands behind it
		return fmt.Sprintf("%s: %s holds a JSON %s where the report has a %s", place(text, kind.Offset), cmp.Or(kind.Field, "the document"), form, kind.Type)
	default:
		return ": a value, such as a date, is not of the form that a report has"
	}
}

func place(text []byte, offset int64) string {
	before := string(text[:min(int(offset), len(text))])
	line := strings.Count(before, "\n") + 1
	column := len(before) - strings.LastIndexByte(before, '\n') - 1
	return fmt.Sprintf(":%d:%d", line, max(column, 1))
}
