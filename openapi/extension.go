package openapi

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// The names of the extensions; doc.go says what they mean.
const (
	extRequirement = "x-requirement"
	extMedia       = "x-requirement-media"
	extBody        = "x-requirement-body"
	extAll         = "x-requirement-all"
	extNever5xx    = "x-never-5xx"
	extExpected    = "x-expected"
	extSecret      = "x-secret"
	extMalformed   = "x-refused-when-malformed"
	extAccount     = "x-account"
	extCredential  = "x-credential"
	extHandsOut    = "x-hands-out"
	extEnds        = "x-ends"
	extPromises    = "x-promises"
	extMethods     = "x-other-methods"
	extWire        = "x-wire"
	extSamples     = "x-samples"
)

// extension reads a text extension: "" when it is absent, an error when it is no text or empty.
func extension(extensions map[string]any, name string) (string, error) {
	value, present := extensions[name]
	if !present {
		return "", nil
	}
	text, ok := value.(string)
	if !ok || text == "" {
		return "", fmt.Errorf("%s: not a non-empty text", name)
	}
	return text, nil
}

// schemaExtension reads a text extension of a schema, from beside its $ref or from itself. That it is a text was
// checked when the document was loaded.
func schemaExtension(ref *openapi3.SchemaRef, name string) string {
	if text, _ := extension(ref.Extensions, name); text != "" {
		return text
	}
	text, _ := extension(ref.Value.Extensions, name)
	return text
}
