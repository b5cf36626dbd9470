package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"example.org/conform/harness/verdict"
)

// JSON writes the report in its JSON form (verdict.Schema), indented, the same bytes for the same report.
// A list that the form always has is written as [] when it is empty, never as null.
func JSON(w io.Writer, r *verdict.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false) // the file is read by people and grep too; < need not be \u003c
	if err := encoder.Encode(withLists(r)); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	return nil
}

// withLists is a copy of the report in which no list that JSON always shows is nil.
func withLists(r *verdict.Report) *verdict.Report {
	to := *r
	to.Runs = append([]verdict.Run{}, r.Runs...)
	for i := range to.Runs {
		run := &to.Runs[i]
		run.Checks = append([]verdict.Check{}, run.Checks...)
		for j := range run.Checks {
			check := &run.Checks[j]
			check.Requirements = listed(check.Requirements)
			check.Exchanges = listed(check.Exchanges)
			for k := range check.Exchanges {
				if check.Exchanges[k].Request.Headers == nil {
					check.Exchanges = append(check.Exchanges[:0:0], check.Exchanges...)
					check.Exchanges[k].Request.Headers = listed(check.Exchanges[k].Request.Headers)
				}
			}
		}
	}
	return &to
}

func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Read reads a report that JSON wrote. An error is one line that names the file, the place in it and what to do.
// A report of another schema is refused, since its fields may mean something else; fields that are not known are
// passed over, since the schema grows by additions.
func Read(path string) (*verdict.Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the report: %w; give the report.json that a run has written", err)
	}
	var head struct {
		Schema *string `json:"schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("%s%s; give the report.json that a run has written", path, problem(text, err))
	}
	switch {
	case head.Schema == nil:
		return nil, fmt.Errorf("%s: no member \"schema\", so it is not a report; give the report.json that a run has written", path)
	case *head.Schema != verdict.Schema:
		return nil, fmt.Errorf("%s: schema %.40q, and this release reads %q; run the suite again, or use the release that wrote the report",
			path, *head.Schema, verdict.Schema)
	}
	var r verdict.Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s%s; the report was changed after it was written: run the suite again", path, problem(text, err))
	}
	return &r, nil
}

// problem says where in the text decoding stopped and why, as ":line:column: …" where the place is known.
func problem(text []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(text) == 0:
		return ": the file is empty"
	case errors.As(err, &syntax):
		return place(text, syntax.Offset) + ": not JSON: " + syntax.Error()
	case errors.As(err, &kind):
		return fmt.Sprintf("%s: %s holds a JSON %s where the report has a %s", place(text, kind.Offset), member(kind.Field), kind.Value, kind.Type)
	default:
		return ": " + strings.ReplaceAll(err.Error(), "\n", " ")
	}
}

func member(field string) string {
	if field == "" {
		return "the document"
	}
	return field
}

func place(text []byte, offset int64) string {
	before := string(text[:min(int(offset), len(text))])
	line := strings.Count(before, "\n") + 1
	column := len(before) - strings.LastIndexByte(before, '\n') - 1
	return fmt.Sprintf(":%d:%d", line, max(column, 1))
}
