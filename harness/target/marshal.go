package target

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/goccy/go-yaml"
)

// MarshalFile writes the description as YAML that Load reads back as the same target, whatever the environment holds.
// It holds the real passwords: the caller writes it with mode 0600. Paths of files are made absolute.
func (t *Target) MarshalFile() ([]byte, error) {
	absolute := *t
	for key, file := range absolute.files() {
		if *file == "" {
			continue
		}
		path, err := filepath.Abs(*file)
		if err != nil {
			return nil, fmt.Errorf("%s: making the path absolute: %w", key, err)
		}
		*file = path
	}
	// Left to itself the encoder quotes too few texts: one that ends in a tab is read back without it.
	quote := func(text string) ([]byte, error) { return []byte(strconv.Quote(literal(text))), nil }
	data, err := yaml.MarshalWithOptions(&absolute, yaml.CustomMarshaler(quote),
		yaml.CustomMarshaler(func(s Secret) ([]byte, error) { return quote(s.Reveal()) }))
	for _, name := range AccountNames() { // and these too many; no text holds a line end, so none is taken for a key
		data = bytes.ReplaceAll(data, []byte("\n  \""+name+"\":"), []byte("\n  "+name+":"))
	}
	return data, err
}
