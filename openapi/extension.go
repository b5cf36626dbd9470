package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// The names of the extensions; doc.go says what they mean.
const (
	extRequirement = "x-requirement"
	extMedia       = "x-requirement-media"
	extBody        = "x-requirement-body"
	extAll         = "x-requirement-all"
	extNever5xx    = "x-never-5xx"
	extOtherwise   = "x-refused-otherwise"
	extExpected    = "x-expected"
	extSecret      = "x-secret"
	extMalformed   = "x-refused-when-malformed"
	extAccount     = "x-account"
	extCredential  = "x-credential"
	extHandsOut    = "x-hands-out"
	extEnds        = "x-ends"
	extReissues    = "x-reissues"
	extPromises    = "x-promises"
	extMethods     = "x-other-methods"
	extWire        = "x-wire"
	extSamples     = "x-samples"
	extClientName  = "x-client-name"
	extProbe       = "x-probe"
	extWorks       = "x-works"
	extDead        = "x-dead"
)

// read reads extensions into the values that they are for, by their names, where they are present. A text may not be empty, and
// a member that a value does not know is an error: what is not read says nothing.
func read(extensions map[string]any, into map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(into)) {
		described, present := extensions[name]
		if !present {
			continue
		}
		if described == nil {
			return said(name, "nothing in it")
		}
		if text, ok := into[name].(*string); ok {
			if *text, ok = described.(string); !ok || *text == "" {
				return said(name, "not a non-empty text")
			}
			continue
		}
		raw, err := json.Marshal(described)
		if err != nil {
			return said(name, "not of its form")
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(into[name]); err != nil {
			return said(name, "%s", misfit(err))
		}
	}
	return nil
}

// statement is a part of a contract that contradicts another, or itself.
type statement struct {
	in  string // the extension, or links
	err error
}

func (s *statement) Error() string { return s.in + ": " + s.err.Error() }

func (s *statement) Unwrap() error { return s.err }

func said(in, format string, args ...any) error { return &statement{in, fmt.Errorf(format, args...)} }

// schemaExtension is a text extension of a schema, from beside its $ref or from itself. That it is a text was checked when the
// document was loaded.
func schemaExtension(ref *openapi3.SchemaRef, name string) string {
	beside, _ := ref.Extensions[name].(string)
	within, _ := ref.Value.Extensions[name].(string)
	return cmp.Or(beside, within)
}
